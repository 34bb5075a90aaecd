"""New orders that may be known already, or be the same matter again, told before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.i18n import lazy as _
from petitions.importing.waves import Taken
from petitions.register import register
from petitions.rules.sameness import Likeness
from petitions.sameness.candidates import Candidate, candidates
from petitions.sameness.words import likeness_words

MOST = 1_000
"""New orders of one file of which this is looked for: over a month of a street. Each takes 20 ms and more."""


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
        so the answer is the one that the desk will see. Nothing is looked for where one cannot be registered.
        """
        chosen = new[: self._left]
        self._left -= len(chosen)
        if not chosen:
            return {}
        try:
            with session.begin_nested() as tried:
                found = dict(_compared(session, chosen, street_id, now))
                tried.rollback()
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError):
                raise
            return {}
        return found


def _compared(
    session: Session, new: Sequence[Taken], street_id: int, now: datetime
) -> Iterator[tuple[int, Suspicion]]:
    cases = register(session, [each.intake for each in new], street_id=street_id, actor=SERVICE, now=now)
    rows = {case.case_id: taken.row for case, taken in zip(cases, new, strict=True)}
    for case_id, found in candidates(session, list(rows), actor=SERVICE).items():
        yield rows[case_id], _suspicion(found[0], rows)


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
