"""Dates in declared forms: all are tried, and two different answers are no answer. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

from app.core.clock import SHANGHAI
from app.core.formats import listed
from petitions.importing.cells import clean, narrow
from petitions.importing.fault import (
    RowFault,
    Unread,
    ambiguous_date,
    implausible_date,
    no_such_day,
    no_such_month,
    unreadable_date,
)

SERIAL = "serial"
"""The form of a spreadsheet's day number: days since 1899-12-30."""

LONGEST_FORM = 40
SHOWN_FORMS = 4
FIRST_YEAR, LAST_YEAR = 2000, 2099
LAST_MONTH = 12
_DIRECTIVES = {
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    "%H": r"(?P<hour>\d{1,2})",
    "%M": r"(?P<minute>\d{1,2})",
    "%S": r"(?P<second>\d{1,2})",
}
_PARTS = {"%Y": "year", "%m": "month", "%d": "day"}
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock, given its zone once read
_EXAMPLE = datetime(2026, 1, 31, 9, 5)  # noqa: DTZ001 - shown to a person
_SERIALS = (36_526, 73_050)  # 2000 to 2099
_DAY_NUMBERS = ("0", "0.0")
_PARTS_OF_FORM = re.compile("|".join(_DIRECTIVES))
_FIGURES = re.compile(r"[0-9]+")
_BLANKS = re.compile(r"\s+", re.ASCII)


def read_moment(cell: Any, forms: Sequence[str], column: str) -> datetime | None:
    """The moment a cell names, aware, in Asia/Shanghai; None for a blank cell.

    A day without a time is its 00:00. Raises RowFault where no form or more than one answer fits.
    """
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    if isinstance(cell, datetime):
        return _plausible(cell, str(cell), column)
    text = narrow(clean(cell))
    if not text:
        return None
    readings = _readings(text, tuple(forms))
    if not readings:
        raise _unread(column, text, forms)
    if len(readings) > 1:
        raise Unread(ambiguous_date(column, text))
    return _plausible(next(iter(readings)), text, column)


def is_form(form: str) -> bool:
    """Whether a text is a form of dates: a day number, or directives with year, month and day."""
    if form == SERIAL:
        return True
    if len(form) > LONGEST_FORM:
        return False
    used = re.findall(r"%.", form)
    return {"%Y", "%m", "%d"} <= set(used) <= _DIRECTIVES.keys() and len(used) == len(set(used))


def examples(forms: Sequence[str]) -> str:
    """How a person writes a date in the first few of the forms."""
    written = [form for form in forms if form != SERIAL]
    return listed(f"{_EXAMPLE:{form}}" for form in written[:SHOWN_FORMS])


def orders_of(forms: Sequence[str]) -> str | None:
    """Which comes first in the forms that do not begin with the year: "month" or "day"; else None."""
    firsts = {form[:2] for form in forms} & {"%m", "%d"}
    return {"%m": "month", "%d": "day"}[firsts.pop()] if len(firsts) == 1 else None


def reads(cell: Any, form: str) -> bool:
    """Whether one form alone reads a cell."""
    return isinstance(cell, date) or bool(_readings(narrow(clean(cell)), (form,)))


# The deadlines of a file are a few days, each of them hundreds of times.
@lru_cache(maxsize=4096)
def _readings(text: str, forms: tuple[str, ...]) -> frozenset[datetime]:
    fitting = _fitting(_shape(text), forms)
    return frozenset(found for form in fitting if (found := _read(text, form)) is not None)


def _shape(text: str) -> str:
    """What stands between the figures of a date: "0-0-0 0:0" for 2026-01-31 09:05."""
    return _BLANKS.sub(" ", _FIGURES.sub("0", text))


# A file writes its dates in a shape or two, and most forms have another.
@lru_cache(maxsize=256)
def _fitting(shape: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for form in forms if shape in _shapes(form))


def _shapes(form: str) -> tuple[str, ...]:
    return _DAY_NUMBERS if form == SERIAL else (_shape(_PARTS_OF_FORM.sub("0", form)),)


def _read(text: str, form: str) -> datetime | None:
    try:
        if form == SERIAL:
            return _from_serial(float(text))
        found = _pattern(form).fullmatch(text)
        parts = {name: int(digits) for name, digits in found.groupdict().items()} if found else None
        return datetime(**parts) if parts else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """The form as a pattern: strptime would keep only five of them compiled, and reads locales besides."""
    pattern = re.sub(r"(?:\\ )+", r"\\s+", re.escape(form))
    for directive, group in _DIRECTIVES.items():
        pattern = pattern.replace(directive, group)
    return re.compile(pattern, re.ASCII)


def _unread(column: str, text: str, forms: Sequence[str]) -> RowFault:
    """Why no form reads a text: what is wrong by the first that it looks like, or that it looks like none."""
    for form in forms:
        found = _pattern(form).fullmatch(text) if form != SERIAL else None
        if found:
            month, day = int(found["month"]), int(found["day"])
            if not 1 <= month <= LAST_MONTH:
                order = _order(form)
                kind = RowFault if order[0] == "year" else Unread
                return kind(no_such_month(column, text, order, month))
            if not _is_day(int(found["year"]), month, day):
                return RowFault(no_such_day(column, text, _order(form), day))
    return Unread(unreadable_date(column, text, examples(forms)))


def _order(form: str) -> list[str]:
    """Year, month and day in the order of a form."""
    return [_PARTS[each] for each in re.findall("%[Ymd]", form)]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(max(year, 1), month, day)
    except ValueError:
        return False
    return True


def _from_serial(days: float) -> datetime | None:
    first, last = _SERIALS
    if not first <= days <= last:
        return None
    return _EPOCH + timedelta(seconds=round(days * 86_400))


def _plausible(moment: datetime, text: str, column: str) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise RowFault(implausible_date(column, text, FIRST_YEAR, LAST_YEAR))
    return moment.replace(tzinfo=SHANGHAI)
