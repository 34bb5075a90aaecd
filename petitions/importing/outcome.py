"""The verdict on a row, and its reason for the person who reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.importing.compare import LABELS, Difference, Facts
from petitions.importing.differences import difference_text
from petitions.models.imports import Mark


class Verdict(StrEnum):
    """What came of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one row of a file; a refused row has no case, nor has a new one in a dry run.

    `alike_id` is a case that may be the same. `first_row` bears the same number in the same file and came
    first. `difference` and `said` are in clear and kept sealed only.
    """

    row: int
    verdict: Verdict
    case_id: int | None = None
    reason: str | None = None
    marks: tuple[Mark, ...] = ()
    alike_id: int | None = None
    first_row: int | None = None
    difference: str | None = None
    said: str | None = None


def changed(
    row: int, case_id: int | None, difference: Difference, kept: Facts, status: str | None
) -> Outcome:
    """The row said something new, and the reason tells what; `status` is what the platform says otherwise."""
    told = str(_("Changed: %(fields)s.", fields=_labels(difference.names)))
    reason = " ".join([told, *_kept(difference, status)])
    text = difference_text(difference, kept)
    return Outcome(row, Verdict.CHANGED, case_id, reason, _marks(difference, status), difference=text)


def unchanged(
    row: int, case_id: int | None, difference: Difference, status: str | None, said: str | None = None
) -> Outcome:
    """The row said nothing new, or what it said is not taken over; the reason tells what.

    `said` is of an order without a case: one that only the file of a dry run knows.
    """
    reason = " ".join(_kept(difference, status)) or None
    return Outcome(row, Verdict.UNCHANGED, case_id, reason, _marks(difference, status), said=said)


def contradicting(row: int, first_row: int, first: str, difference: Difference) -> Outcome:
    """The row says something else than `first_row`, found at `first`, that bears the same number."""
    reason = _(
        "Row %(first)s of this file has the same order number and says something else: %(fields)s. The first"
        " row counts. Where this one is right, leave row %(first)s out before the file goes in; or mend this"
        " one and hand it in again.",
        first=first,
        fields=_labels(difference.names),
    )
    return Outcome(row, Verdict.REFUSED, reason=str(reason), first_row=first_row)


def status_marks(status: str | None) -> tuple[Mark, ...]:
    """The mark of an order of whose state the platform says otherwise."""
    return (Mark.STATUS,) if status else ()


def _marks(difference: Difference, status: str | None) -> tuple[Mark, ...]:
    """Those of an order that is known; what is masked and may be what is kept does not say otherwise."""
    is_otherwise = difference.denied or difference.contested
    return status_marks(status) + ((Mark.OTHERWISE,) if is_otherwise else ())


def left_out(row: int, by: str) -> Outcome:
    """A person let the file go without this row."""
    reason = str(_("Left out by %(name)s before the file went in.", name=by))
    return Outcome(row, Verdict.REFUSED, reason=reason, marks=(Mark.LEFT_OUT,))


def left_out_with(row: int, first_row: int, first: str, by: str) -> Outcome:
    """The row says nothing that `first_row`, found at `first`, does not, and goes with it."""
    reason = _(
        "Left out with row %(first)s, which %(name)s left out before the file went in: it says the same.",
        first=first,
        name=by,
    )
    marks = (Mark.LEFT_OUT,)
    return Outcome(row, Verdict.REFUSED, reason=str(reason), marks=marks, first_row=first_row)


def _kept(difference: Difference, status: str | None) -> list[str]:
    told = []
    if difference.hidden:
        told.append(str(_("Kept, being masked in the file: %(fields)s.", fields=_labels(difference.hidden))))
    otherwise = [*map(_denied, difference.denied.items()), *(LABELS[name] for name in difference.contested)]
    if otherwise:
        told.append(str(_("Kept, though the file says otherwise: %(fields)s.", fields=listed(otherwise))))
    return [*told, status] if status else told


def _denied(item: tuple[str, str | None]) -> object:
    name, masked = item
    return _("%(field)s (%(said)s)", field=LABELS[name], said=masked) if masked else LABELS[name]


def _labels(names: Iterable[str]) -> str:
    return listed(LABELS[name] for name in names)
