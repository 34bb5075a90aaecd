"""Where the roles of a profile stand in a table, be it one sheet or several that are read as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from petitions.importing.profile import Profile
from petitions.importing.table import LONGEST_NAME, Table


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a profile's roles stand in a table: role to indexes of cells; `row` is the row of headings."""

    profile: Profile
    table: Table
    row: int
    headings: tuple[str, ...]
    places: dict[str, tuple[int, ...]]

    def heading(self, role: str) -> str:
        """The heading a person sees above the role's first cell."""
        return self.headings[self.places[role][0]]


class JoinedSheets(Table):
    """Several sheets of one profile, one below the other; the rows of each count on behind the last."""

    def __init__(self, layouts: Sequence[Layout], slots: Sequence[tuple[str, int]]) -> None:
        self.name = ", ".join(layout.table.name for layout in layouts)
        self._starts: list[tuple[int, Layout]] = []
        self.size = 0
        for layout in layouts:
            self._starts.append((self.size, layout))
            self.size += layout.table.size
        self._slots = slots

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the headings of each sheet: the cells of all in one order, then those of the row."""
        for start, layout in self._starts:
            places = [self._column(layout, slot) for slot in self._slots]
            for number, cells in layout.table.rows():
                if number > layout.row:
                    yield start + number, [*(_cell(cells, at) for at in places), *cells]

    def continues(self, row: int, column: int, /) -> int | None:
        """As of the sheet that the row lies in; the row there."""
        start, layout = self._sheet_of(row)
        at = self._column(layout, self._slots[column])
        return None if at is None else layout.table.continues(row - start, at)

    def place(self, row: int, /) -> str | None:
        """The sheet and the row there."""
        start, layout = self._sheet_of(row)
        return f"{layout.table.name[:LONGEST_NAME]}!{row - start}"

    def _sheet_of(self, row: int) -> tuple[int, Layout]:
        return next(each for each in reversed(self._starts) if each[0] < row)

    @staticmethod
    def _column(layout: Layout, slot: tuple[str, int]) -> int | None:
        role, which = slot
        places = layout.places.get(role, ())
        return places[which] if which < len(places) else None


def _cell(cells: Sequence[Any], at: int | None) -> Any:
    return "" if at is None or at >= len(cells) else cells[at]


def join_sheets(layouts: Sequence[Layout]) -> Layout:
    """The one layout, or one over all of them; a column that a sheet lacks is blank there."""
    if len(layouts) == 1:
        return layouts[0]
    headings: dict[tuple[str, int], str] = {}
    for layout in layouts:
        for role, places in layout.places.items():
            for which, at in enumerate(places):
                headings.setdefault((role, which), layout.headings[at])
    slots = list(headings)
    where: dict[str, tuple[int, ...]] = {}
    for at, (role, _which) in enumerate(slots):
        where[role] = (*where.get(role, ()), at)
    return Layout(layouts[0].profile, JoinedSheets(layouts, slots), 0, tuple(headings.values()), where)
