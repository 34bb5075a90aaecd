"""One row of a file, taken cell by cell; what cannot be taken is noted, and the row goes on."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.material.defects import Defect

# Spreadsheets and map programs write whole numbers as 9.0 where a column has gaps.
_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0+)?")
_SHOWN = 30

Kind = TypeVar("Kind", bound=StrEnum)


class Cells:
    """The cells of row `row`; `defects` collects the faults."""

    def __init__(self, row: int, cells: Mapping[str, Any]) -> None:
        self.row = row
        self.defects: list[Defect] = []
        self._cells = cells

    def text(self, column: str) -> str:
        """The cell without blanks around it; an absent or null cell is empty."""
        value = self._cells.get(column)
        return "" if value is None else str(value).strip()

    def required(self, column: str, limit: int) -> str:
        """Text of 1 to `limit` characters."""
        value = self.text(column)
        if not value or len(value) > limit or not value.isprintable():
            self.fault(column, _("1 to %(limit)s printable characters are needed", limit=limit))
        return value

    def optional(self, column: str, limit: int) -> str | None:
        """Text of at most `limit` characters, or None where the cell is empty."""
        return self.required(column, limit) if self.text(column) else None

    def count(self, column: str) -> int | None:
        """A whole number that is not negative, or None where the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        match = _WHOLE.fullmatch(value)
        if match is None:
            self.fault(column, _("%(value)s is not a whole number", value=value[:_SHOWN]))
            return None
        return int(match[1])

    def number(self, column: str) -> float:
        """A number; not-a-number where it is none, which is noted."""
        value = self.text(column)
        try:
            return float(value)
        except ValueError:
            self.fault(column, _("'%(value)s' is not a number", value=value[:_SHOWN]))
            return float("nan")

    def one_of(self, column: str, kinds: type[Kind], otherwise: Kind) -> Kind:
        """A member of `kinds`, or `otherwise` where it is none, which is noted."""
        value = self.text(column).lower()
        if value in set(kinds):
            return kinds(value)
        wanted = listed(kinds)
        self.fault(column, _("'%(value)s' is none of %(wanted)s", value=value[:_SHOWN], wanted=wanted))
        return otherwise

    def fault(self, column: str, message: object) -> None:
        """Note that the cell of `column` cannot be taken."""
        self.defects.append(Defect(self.row, column, message))
