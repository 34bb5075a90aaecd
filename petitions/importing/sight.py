"""What a person is shown of an unknown file, so that they can say what its columns mean."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.cells import clean
from petitions.importing.header import SEARCHED
from petitions.importing.header_words import heading_of
from petitions.importing.suggesting import Suggested, heading_row, suggest
from petitions.importing.table import Table

SEEN = 5_000
"""Rows below the headings whose cells are looked at."""
SAMPLED = 500
"""Filled cells of a column by which its meaning is judged."""
SHOWN = 3
MOST_WORDS = 40
LONGEST_WORD = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, the first being 0, its heading, and cells that are filled.

    `filled` counts these in all the rows that were looked at. `words` are its different texts and how often
    each stands there; None where they are too many or too long to be words.
    """

    at: int
    heading: str
    samples: tuple[Any, ...]
    words: dict[str, int] | None
    filled: int = 0

    @property
    def shown(self) -> list[str]:
        """Its first few different cells as text."""
        return list(dict.fromkeys(map(clean, self.samples)))[:SHOWN]


@dataclass(frozen=True, slots=True)
class Sight:
    """One sheet of a file; `row` is that of the headings, and `top` the rows among which it was chosen.

    `looked` counts the rows below the headings that were looked at and hold anything.
    """

    table: Table
    sheets: tuple[str, ...]
    sheet: int
    row: int
    top: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[Column, ...]
    looked: int = 0

    @property
    def suggested(self) -> Suggested:
        """What the columns are likely to mean."""
        return suggest([each.heading for each in self.columns], [each.samples for each in self.columns])

    def column(self, at: int) -> Column | None:
        """The column at a place, if it has a heading."""
        return next((each for each in self.columns if each.at == at), None)


def look(tables: Sequence[Table], file_name: str, sheet: int = 0, row: int | None = None) -> Sight:
    """A sheet of the file, with its headings in `row` or else in the likeliest one.

    Raises Invalid where there is no such sheet or row.
    """
    if not 0 <= sheet < len(tables):
        raise Invalid(_("%(file)s has no such sheet.", file=file_name))
    table = tables[sheet]
    top = tuple(
        (number, tuple(map(heading_of, cells)))
        for number, cells in islice(table.rows(), SEARCHED)
        if any(heading_of(cell) for cell in cells)
    )
    if not top:
        raise Invalid(_("%(file)s: no sheet holds any row.", file=file_name))
    chosen = row if row is not None else top[heading_row([texts for _row, texts in top])][0]
    headings = dict(top).get(chosen)
    if headings is None:
        raise Invalid(_("%(file)s has nothing in row %(row)s.", file=file_name, row=chosen))
    names = tuple(each.name for each in tables)
    return Sight(table, names, sheet, chosen, top, *_columns(table, chosen, headings))


def _columns(table: Table, row: int, headings: Sequence[str]) -> tuple[tuple[Column, ...], int]:
    """The columns below their headings, and how many rows were found there."""
    cells: dict[int, list[Any]] = {at: [] for at, heading in enumerate(headings) if heading}
    words: dict[int, Counter[str] | None] = {at: Counter() for at in cells}
    filled, looked = Counter[int](), 0
    below = (line for number, line in table.rows() if number > row)
    for line in islice(below, SEEN):
        texts = {at: text for at in cells if at < len(line) and (text := clean(line[at]))}
        looked += bool(texts)
        filled.update(texts.keys())
        for at, text in texts.items():
            if len(cells[at]) < SAMPLED:
                cells[at].append(line[at])
            words[at] = _counted(words[at], text)
    columns = (
        Column(at, headings[at], tuple(found), _as_told(words[at]), filled[at]) for at, found in cells.items()
    )
    return tuple(columns), looked


def _as_told(words: Counter[str] | None) -> dict[str, int] | None:
    return None if words is None else dict(words)


def _counted(words: Counter[str] | None, text: str) -> Counter[str] | None:
    if words is None or len(text) > LONGEST_WORD or (text not in words and len(words) >= MOST_WORDS):
        return None
    words[text] += 1
    return words
