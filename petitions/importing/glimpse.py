"""What the columns chosen so far hold in the first rows, told while questions are open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.core.formats import moment
from petitions.importing.cells import clean
from petitions.importing.dates import read_moment
from petitions.importing.fault import RowFault
from petitions.importing.picking import DATED, Picks, forms_of, words_known
from petitions.importing.roles import CODES, JOINED, ROLES
from petitions.importing.sight import Column, Sight
from petitions.labels import label

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One meaning in one row: what would be read, or with `is_open` what stands there unexplained."""

    meaning: object
    text: str
    is_open: bool = False


def glimpse(sight: Sight, picks: Picks) -> list[list[Glimpse]]:
    """The first rows below the headings with what they say of each meaning chosen so far; none, no rows."""
    columns = picks.columns(sight)
    if not columns:
        return []
    forms = forms_of(sight, picks)
    return [
        [_seen(role, found, cells, picks, forms) for role, found in columns.items()]
        for cells in islice(_filled(sight, columns), SHOWN)
    ]


def _filled(sight: Sight, columns: Mapping[str, Sequence[Column]]) -> Iterator[Sequence[Any]]:
    """The rows in which a chosen column holds something."""
    for number, cells in sight.table.rows():
        if number > sight.row and any(_text(cells, each) for found in columns.values() for each in found):
            yield cells


def _seen(
    role: str, found: Sequence[Column], cells: Sequence[Any], picks: Picks, forms: Sequence[str]
) -> Glimpse:
    texts = [text for column in found if (text := _text(cells, column))]
    if len(found) > 1:
        joins = role in JOINED
        return Glimpse(ROLES[role], ("" if joins else " / ").join(texts), is_open=not joins)
    text = "".join(texts)
    if text and role in DATED:
        return _dated(role, found[0], cells, forms)
    if text and role in CODES:
        return _coded(role, text, picks)
    return Glimpse(ROLES[role], text)


def _dated(role: str, column: Column, cells: Sequence[Any], forms: Sequence[str]) -> Glimpse:
    try:
        read = read_moment(cells[column.at], forms, column.heading)
    except RowFault:
        read = None
    return Glimpse(ROLES[role], moment(read) if read else _text(cells, column), is_open=read is None)


def _coded(role: str, word: str, picks: Picks) -> Glimpse:
    code = words_known(role, picks).get(word)
    if code is None or code not in {"", *CODES[role]}:
        return Glimpse(ROLES[role], word, is_open=True)
    return Glimpse(ROLES[role], str(label(CODES[role](code))) if code else "")


def _text(cells: Sequence[Any], column: Column) -> str:
    return clean(cells[column.at]) if column.at < len(cells) else ""
