"""Cells merged over several rows: each of the rows says what stands in the first. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from petitions.importing.survey import Merge


class Unmerged:
    """The merges of one sheet that reach downwards; one beside a title or over a caption changes nothing."""

    def __init__(self, merges: Iterable[Merge]) -> None:
        self._merges = sorted(merge for merge in merges if merge[2] > merge[0])
        self._by_column: dict[int, list[Merge]] = {}
        for merge in self._merges:
            self._by_column.setdefault(merge[1], []).append(merge)

    def filled(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """The rows, counted from 0, with the merged cells filled from the first of each."""
        if not self._merges:
            yield from rows
            return
        waiting = iter(self._merges)
        coming = next(waiting, None)
        current: list[tuple[Merge, Any]] = []
        for at, cells in enumerate(rows):
            for (_first, column, _last, _end), value in current:
                if column < len(cells) and cells[column] == "":
                    cells[column] = value
            while coming and coming[0] <= at:
                current.append((coming, cells[coming[1]] if coming[1] < len(cells) else ""))
                coming = next(waiting, None)
            current = [each for each in current if each[0][2] > at]
            yield cells

    def begins(self, row: int, column: int) -> int | None:
        """The row where the merged cell begins that reaches down to this place, else None; both from 1."""
        merges = self._by_column.get(column, ())
        before = bisect_left(merges, row - 1, key=itemgetter(0))
        if before and merges[before - 1][2] >= row - 1:
            return merges[before - 1][0] + 1
        return None
