"""What is wrong with rows or features that somebody wants to import, all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import Invalid
from app.core.i18n import lazy as _

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault and its remedy; `row` is the row or feature of the file, or 0 for the whole of it."""

    row: int
    column: str
    message: object


class Defective(Invalid):
    """Nothing was changed, for each of `defects`."""

    def __init__(self, source: str, defects: Sequence[Defect]) -> None:
        super().__init__("", fields={})
        self.source = source
        self.defects = tuple(defects)

    @property
    def message(self) -> str:
        """The defects one after the other, as many as a person can read, and how many more there are."""
        lines = [self._line(defect) for defect in self.defects[:MOST_SHOWN]]
        if len(self.defects) > MOST_SHOWN:
            lines.append(str(_("and %(count)s more", count=len(self.defects) - MOST_SHOWN)))
        said = "; ".join(lines)
        return f"{self.source}: {said}" if self.source else said

    def _line(self, defect: Defect) -> str:
        place = []
        if defect.row:
            place.append(str(_("row %(row)s", row=defect.row)))
        if defect.column:
            place.append(str(_("column %(column)s", column=defect.column)))
        said = str(defect.message)
        return f"{', '.join(place)}: {said}" if place else said


def demand_none(source: str, defects: Sequence[Defect]) -> None:
    """Raise Defective where there is a defect."""
    if defects:
        raise Defective(source, defects)
