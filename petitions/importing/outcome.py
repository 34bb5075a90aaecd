"""The verdict on a row, and its reason for the person who reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.i18n import lazy as _
from petitions.importing.compare import LABELS, Difference


class Verdict(StrEnum):
    """What came of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one row of a file; a refused row has no case, nor has a new one in a dry run."""

    row: int
    verdict: Verdict
    case_id: int | None = None
    reason: str | None = None


def changed(row: int, case_id: int | None, difference: Difference) -> Outcome:
    """The row said something new, and the reason tells what."""
    told = str(_("Changed: %(fields)s.", fields=_labels(difference.names)))
    return Outcome(row, Verdict.CHANGED, case_id, " ".join([told, *_kept(difference)]))


def unchanged(row: int, case_id: int | None, difference: Difference) -> Outcome:
    """The row said nothing new, or what it said is not taken over; the reason tells what."""
    return Outcome(row, Verdict.UNCHANGED, case_id, " ".join(_kept(difference)) or None)


def _kept(difference: Difference) -> list[str]:
    told = []
    if difference.hidden:
        told.append(str(_("Kept, being masked in the file: %(fields)s.", fields=_labels(difference.hidden))))
    if difference.contested:
        told.append(
            str(_("Kept, though the file says otherwise: %(fields)s.", fields=_labels(difference.contested)))
        )
    return told


def _labels(names: Iterable[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in names)
