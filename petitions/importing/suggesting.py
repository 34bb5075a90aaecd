"""What the columns of an unknown file are likely to mean, by their headings and cells. Pure.

Two columns that could both have one meaning are a question for a person, and never a guess.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from petitions.importing.cells import clean, narrow
from petitions.importing.dates import SERIAL, reads
from petitions.importing.roles import CODES, ROLES

DATE_FORMS = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"),
    *("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *("%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y.%m.%d"),
    *("%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
    SERIAL,
)
"""The forms of dates that are looked for."""

WHOLE, PART = 2, 1
MOSTLY = 0.5
NEARLY_ALL = 0.9
_MOBILE = re.compile(r"1\d{10}")
_PHONE = re.compile(r"[\d*＊+()\s-]{7,20}")


@dataclass(frozen=True, slots=True)
class Suggested:
    """What each column means, by its place, and for a meaning that several claim alike, their places."""

    roles: Mapping[int, str] = field(default_factory=dict)
    questions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def suggest(headings: Sequence[str], samples: Sequence[Sequence[Any]]) -> Suggested:
    """The likeliest meaning of each column; `samples` are some filled cells of each.

    A heading that says a meaning whole comes before one that has a word of it in it. A column whose cells
    contradict a meaning is not suggested for it. Where no heading says which are the telephones and the
    moments, the cells do.
    """
    claims: dict[str, dict[int, int]] = {role: {} for role in ROLES}
    for at, heading in enumerate(headings):
        role, strength = _said(heading)
        if role and _fits(role, samples[at]):
            claims[role][at] = strength
    roles, questions = {}, {}
    for role, by_column in claims.items():
        most = max(by_column.values(), default=0)
        best = tuple(at for at, strength in by_column.items() if strength == most)
        if len(best) == 1:
            roles[best[0]] = role
        elif best:
            questions[role] = best
    _suggest_by_shape(samples, roles, questions)
    return Suggested(roles, questions)


def _suggest_by_shape(
    samples: Sequence[Sequence[Any]], roles: dict[int, str], questions: dict[str, tuple[int, ...]]
) -> None:
    """A meaning that no heading says, where the cells of a column without any can hardly be another."""
    for role, is_such in _SHAPES.items():
        if role in roles.values() or role in questions:
            continue
        such = tuple(at for at, cells in enumerate(samples) if at not in roles and cells and is_such(cells))
        if len(such) == 1:
            roles[such[0]] = role
        elif such:
            questions[role] = such


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """The index of the row that is likeliest that of the headings: of known ones, else of most texts."""
    return max(range(len(rows)), key=lambda at: (*_likeness(rows[at]), -at), default=0)


def date_forms(cells: Sequence[Any]) -> list[str]:
    """The forms that together read most of the cells; two may read one cell differently."""
    filled = [cell for cell in cells if clean(cell)]
    found = [form for form in DATE_FORMS if any(reads(cell, form) for cell in filled)]
    return found if _share(filled, lambda cell: any(reads(cell, form) for form in found)) >= MOSTLY else []


def _likeness(row: Sequence[str]) -> tuple[int, int]:
    texts = {text for text in row if text and not text[0].isdigit()}
    return sum(_said(text)[1] == WHOLE for text in texts), len(texts)


@cache
def _table() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = (files("petitions.importing") / "data" / "headings.toml").read_text("utf-8")
    return tomllib.loads(text)


def _said(heading: str) -> tuple[str | None, int]:
    """The meaning of a heading and how plainly it says so; of several words in it the longest counts."""
    small = heading.lower()
    for role, texts in _table()["whole"].items():
        if small in texts:
            return role, WHOLE
    parts = [(len(text), role) for role, texts in _table()["part"].items() for text in texts if text in small]
    return (max(parts)[1], PART) if parts else (None, 0)


def _fits(role: str, cells: Sequence[Any]) -> bool:
    """Whether the cells of a column do not contradict a meaning; a column without any says nothing."""
    check = _CHECKS.get(role)
    return not cells or check is None or check(cells)


def _share(cells: Sequence[Any], check: Callable[[Any], bool]) -> float:
    return sum(map(check, cells)) / len(cells) if cells else 1.0


def _is_degrees(cell: Any) -> bool:
    try:
        return abs(float(narrow(clean(cell)))) <= 180
    except ValueError:
        return False


def _are_dates(cells: Sequence[Any]) -> bool:
    return bool(date_forms(cells))


def _are_phones(cells: Sequence[Any]) -> bool:
    return _share(cells, lambda cell: bool(_PHONE.fullmatch(narrow(clean(cell))))) >= MOSTLY


def _are_points(cells: Sequence[Any]) -> bool:
    return _share(cells, _is_degrees) >= MOSTLY


def _are_counts(cells: Sequence[Any]) -> bool:
    return _share(cells, lambda cell: narrow(clean(cell)).removesuffix("人").isdecimal()) >= MOSTLY


def _are_words(cells: Sequence[Any]) -> bool:
    return _share(cells, lambda cell: len(clean(cell)) <= 30) >= MOSTLY


_CHECKS: Mapping[str, Callable[[Sequence[Any]], bool]] = {
    "received_at": _are_dates,
    "due_on": _are_dates,
    "phone": _are_phones,
    "lon": _are_points,
    "lat": _are_points,
    "persons": _are_counts,
    **dict.fromkeys(CODES, _are_words),
}


def _are_mobiles(cells: Sequence[Any]) -> bool:
    return _share(cells, lambda cell: bool(_MOBILE.fullmatch(narrow(clean(cell))))) >= NEARLY_ALL


def _are_written_dates(cells: Sequence[Any]) -> bool:
    # A day number is a number like any other.
    forms = [form for form in date_forms(cells) if form != SERIAL]
    return bool(forms) and _share(cells, lambda cell: any(reads(cell, form) for form in forms)) >= NEARLY_ALL


_SHAPES: Mapping[str, Callable[[Sequence[Any]], bool]] = {
    "received_at": _are_written_dates,
    "phone": _are_mobiles,
}
