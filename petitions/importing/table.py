"""Rows of one sheet, whatever file it is in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | bool | datetime | date | time | timedelta


LONGEST_NAME = 40
"""Characters of a sheet's name by which it is still known."""


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text table is written: the name of its codec, and what stands between two cells."""

    encoding: str
    delimiter: str


class Table(ABC):
    """Rows of one sheet, or of several read as one; they can be read again from the start.

    `size` is the number of the last row that holds anything.
    """

    name: str
    size: int

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Every row with its number as a spreadsheet shows it, the first being 1."""

    def continues(self, _row: int, _column: int, /) -> int | None:
        """The row where a cell begins that is merged down to this place, else None; columns start with 0."""
        return None

    def place(self, _row: int, /) -> str | None:
        """The sheet and the row there, where the number alone does not say where a person finds the row."""
        return None

    def told(self, row: int, /) -> str:
        """Where a person finds the row: its place, or else its number."""
        return self.place(row) or str(row)

    def text_form(self) -> TextForm | None:
        """How the table is written where it is a text, None for one of a workbook."""
        return None
