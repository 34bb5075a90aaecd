"""New orders that may be known already, or be the same matter again, told before anything is written."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.bulk import next_ids
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place
from petitions.importing.waves import Taken
from petitions.register import register
from petitions.rules.sameness import Likeness
from petitions.sameness.candidates import Candidate, candidates
from petitions.sameness.words import likeness_words

_log = logging.getLogger(__name__)

MOST = 1_000
"""New orders of one file of which this is looked for: over a month of a street. Each takes 20 ms and more."""
_BEYOND = 10**9
"""No street has given out so many serials."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sentence, and the case that it names; an order that is only in the file has none."""

    reason: str
    case_id: int | None


class Suspicions:
    """The search for one file."""

    def __init__(self) -> None:
        self._left = MOST

    def among(
        self, session: Session, new: Sequence[Taken], street_id: int, now: datetime
    ) -> Mapping[int, Suspicion]:
        """By the row of the file, for as many of the first as are looked at.

        The orders are registered, compared with the others and taken back: the database compares cases, and
        so the answer is the one that the desk will see. One that cannot be registered is left out and logged.
        """
        chosen = new[: self._left]
        self._left -= len(chosen)
        return _suspected(session, chosen, street_id, now)


def _suspected(session: Session, new: Sequence[Taken], street_id: int, now: datetime) -> dict[int, Suspicion]:
    if not new:
        return {}
    try:
        with session.begin_nested() as tried:
            found = dict(_compared(session, new, street_id, now))
            tried.rollback()
        return found
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError):
            raise
        if len(new) == 1:
            _log.error("row %d of an import was not compared: %s", new[0].row, kind_and_place(error))
            return {}
    middle = len(new) // 2
    halves = (_suspected(session, half, street_id, now) for half in (new[:middle], new[middle:]))
    return {row: suspicion for half in halves for row, suspicion in half.items()}


def _compared(
    session: Session, new: Sequence[Taken], street_id: int, now: datetime
) -> Iterator[tuple[int, Suspicion]]:
    # Under an order's own number, or one of the street's, everybody else would have to wait until this ends.
    intakes = [replace(each.intake, source_number=None) for each in new]
    cases = register(
        session, intakes, street_id=street_id, actor=SERVICE, now=now, serials=_serials_of_nobody
    )
    rows = {case.case_id: taken.row for case, taken in zip(cases, new, strict=True)}
    for case_id, found in candidates(session, list(rows), actor=SERVICE).items():
        yield rows[case_id], _suspicion(found[0], rows)


def _serials_of_nobody(
    session: Session, _street_code: str, _series: str, _year: int, count: int
) -> Iterator[int]:
    return iter([_BEYOND + key for key in next_ids(session, "cases", count)])


def _suspicion(likeliest: Candidate, rows: Mapping[int, int]) -> Suspicion:
    row = rows.get(likeliest.case_id)
    other = str(_("row %(row)s of this file", row=row)) if row else likeliest.number
    parts = likeliest.score.parts
    why = ", ".join(likeness_words(part) for part in parts if part.share > 0)
    if any(part.likeness is Likeness.PERSON for part in parts):
        told = _("Perhaps a repeat of %(other)s: %(why)s.", other=other, why=why)
    else:
        told = _("Perhaps the same matter as %(other)s: %(why)s.", other=other, why=why)
    return Suspicion(str(told), None if row else likeliest.case_id)
