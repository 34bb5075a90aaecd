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
    reason = " ".join(filter(None, (told, _hidden(difference))))
    return Outcome(row, Verdict.CHANGED, case_id, reason)


def unchanged(row: int, case_id: int | None, difference: Difference) -> Outcome:
    """The row said nothing new, or hid what is known."""
    return Outcome(row, Verdict.UNCHANGED, case_id, _hidden(difference))


def _hidden(difference: Difference) -> str | None:
    if not difference.hidden:
        return None
    return str(_("Kept, being masked in the file: %(fields)s.", fields=_labels(difference.hidden)))


def _labels(names: Iterable[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in names)
