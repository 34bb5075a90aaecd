"""New orders that may be known already, or be the same matter again, told before anything is written."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.bulk import next_ids
from app.core.formats import listed
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place
from app.core.statistics import make_known
from petitions.importing.table import Table
from petitions.importing.waves import Taken
from petitions.models import Case, Party
from petitions.register import register
from petitions.rules.sameness import Likeness
from petitions.sameness.candidates import Candidate, candidates
from petitions.sameness.words import likeness_words

_log = logging.getLogger(__name__)

MOST = 3_000
"""New orders of one file of which this is looked for: a third of a year of a street. Among 7,000 cases each
took 20 to 28 ms on a busy machine (2026-11-30), nearly all of it to compare titles with open matters."""

MOST_ABOVE = 500
"""Rows of earlier chunks with which those of one are compared: the last that share a telephone or an address
with one of them. Each has to be registered once more, and each open matter makes the search longer."""

_BEYOND = 10**9
"""No street has given out so many serials."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sentence, and the case that it names; an order that is only in the file has none."""

    reason: str
    case_id: int | None


class Suspicions:
    """The search for one file, whose rows are told from a table that knows where each stands."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._above: list[Taken] = []
        self._left = MOST

    def among(
        self, session: Session, new: Sequence[Taken], street_id: int, now: datetime
    ) -> Mapping[int, Suspicion]:
        """By the row of the file, for as many of the first as are looked at.

        The orders are registered, with those above that share something, compared and taken back: the
        database compares cases, and so the answer is the one that the desk will see. One that cannot be
        registered is left out and logged.
        """
        chosen = new[: self._left]
        self._left -= len(chosen)
        return self._suspected(session, chosen, street_id, now)

    def _suspected(
        self, session: Session, new: Sequence[Taken], street_id: int, now: datetime
    ) -> dict[int, Suspicion]:
        if not new:
            return {}
        try:
            with session.begin_nested() as tried:
                found = dict(self._compared(session, new, street_id, now))
                tried.rollback()
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError):
                raise
            if len(new) == 1:
                _log.error("row %d of an import was not compared: %s", new[0].row, kind_and_place(error))
                return {}
        else:
            self._above += new
            return found
        middle = len(new) // 2
        halves = (self._suspected(session, half, street_id, now) for half in (new[:middle], new[middle:]))
        return {row: suspicion for half in halves for row, suspicion in half.items()}

    def _compared(
        self, session: Session, new: Sequence[Taken], street_id: int, now: datetime
    ) -> Iterator[tuple[int, Suspicion]]:
        above = self._above_like(new)
        both = [*above, *new]
        # Under an order's own number, or one of the street's, everybody else would have to wait for this.
        intakes = [replace(each.intake, source_number=None) for each in both]
        cases = register(
            session, intakes, street_id=street_id, actor=SERVICE, now=now, serials=_serials_of_nobody
        )
        make_known(session, (Case, Party), len(cases))
        rows = {case.case_id: taken.row for case, taken in zip(cases, both, strict=True)}
        compared = [case.case_id for case in cases[len(above) :]]
        for case_id, found in candidates(session, compared, actor=SERVICE).items():
            yield rows[case_id], self._suspicion(found[0], rows)

    def _above_like(self, new: Sequence[Taken]) -> list[Taken]:
        wanted = {key for taken in new for key in _keys(taken)}
        return [taken for taken in self._above if wanted.intersection(_keys(taken))][-MOST_ABOVE:]

    def _suspicion(self, likeliest: Candidate, rows: Mapping[int, int]) -> Suspicion:
        row = rows.get(likeliest.case_id)
        place = self._table.place(row) or row if row else None
        other = str(_("row %(row)s of this file", row=place)) if row else likeliest.number
        parts = likeliest.score.parts
        why = listed(likeness_words(part) for part in parts if part.share > 0)
        if any(part.likeness is Likeness.PERSON for part in parts):
            told = _("Perhaps a repeat of %(other)s: %(why)s.", other=other, why=why)
        else:
            told = _("Perhaps the same matter as %(other)s: %(why)s.", other=other, why=why)
        return Suspicion(str(told), None if row else likeliest.case_id)


def _serials_of_nobody(
    session: Session, _street_code: str, _series: str, _year: int, count: int
) -> Iterator[int]:
    return iter([_BEYOND + key for key in next_ids(session, "cases", count)])


def _keys(taken: Taken) -> Iterator[str]:
    yield from (party.phone for party in taken.intake.parties if party.phone)
    if taken.intake.address:
        yield taken.intake.address
