"""The calendar of a year as rows: a CSV table such as the shipped one, or the JSON of holiday-cn. Pure."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.calendar.holidays import plain_name
from app.core.calendar import CalendarDay, DayKind
from app.core.errors import Invalid
from app.core.i18n import lazy as _

COLUMNS = ("date", "kind", "name", "notice")
_LONGEST = {"name": 60, "notice": 300}
_FAULTS_SHOWN = 5


def looks_like_json(text: str) -> bool:
    """Whether it begins as JSON does."""
    return text[:1] in ("{", "[")


def looks_like_csv(text: str) -> bool:
    """Whether the first line is a header with the columns of the shipped table."""
    header = text.partition("\n")[0].lower()
    return header.count(",") >= 1 and {"date", "kind"} <= {cell.strip(' "\r') for cell in header.split(",")}


def read_csv(text: str, notice: str) -> list[CalendarDay]:
    """The days of a table with date, kind (holiday or workday), name and notice.

    `notice` stands for that of a row which has none. Raises Invalid with the lines at fault.
    """
    try:
        table = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise _refused(_("This is not a CSV table: %(fault)s", fault=str(error))) from None
    columns = [cell.strip().lower() for cell in table[0]]
    rows = (
        (number, dict(zip(columns, cells, strict=False)))
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    )
    return _days(rows, notice)


def read_json(text: str, notice: str) -> tuple[int | None, list[CalendarDay]]:
    """The year and the days of one file of holiday-cn: `year`, `papers`, and `days` of name, date, isOffDay.

    Where `notice` is not given, the papers are cited together. Raises Invalid with the days at fault.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(_("This is not JSON: %(fault)s", fault=str(error))) from None
    days = document.get("days") if isinstance(document, dict) else None
    if not isinstance(days, list) or not all(isinstance(day, dict) for day in days):
        raise _refused(_("This JSON has no list “days” with the days of one year."))
    year, papers = document.get("year"), document.get("papers")
    cited = notice or " ".join(map(str, papers if isinstance(papers, list) else []))
    rows = ((number, _as_row(day)) for number, day in enumerate(days, start=1))
    return year if isinstance(year, int) else None, _days(rows, cited)


def _as_row(day: Mapping[str, Any]) -> dict[str, str]:
    kinds = {True: DayKind.HOLIDAY.value, False: DayKind.WORKDAY.value}
    is_off = day.get("isOffDay")
    kind = kinds[is_off] if isinstance(is_off, bool) else ""
    return {"date": str(day.get("date", "")), "name": str(day.get("name", "")), "kind": kind}


def _days(rows: Iterator[tuple[int, Mapping[str, str]]], notice: str) -> list[CalendarDay]:
    days, faults = [], []
    for number, row in rows:
        try:
            days.append(_day(row, notice))
        except Invalid as fault:
            faults.append(_("row %(number)s: %(fault)s", number=number, fault=fault.message))
    if faults:
        more = len(faults) - _FAULTS_SHOWN
        shown = [str(fault) for fault in faults[:_FAULTS_SHOWN]]
        raise _refused("; ".join(shown + [str(_("and %(count)s more", count=more))] * (more > 0)))
    return days


def _day(row: Mapping[str, str], notice: str) -> CalendarDay:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError:
        raise Invalid(_("“%(text)s” is not a date such as 2027-01-01", text=cells["date"])) from None
    if cells["kind"] not in set(DayKind):
        raise Invalid(_("the kind is “%(text)s” and not holiday or workday", text=cells["kind"]))
    cells["notice"] = cells["notice"] or notice
    for column, longest in _LONGEST.items():
        if not 1 <= len(cells[column]) <= longest:
            message = _("%(column)s needs between 1 and %(limit)s characters", column=column, limit=longest)
            raise Invalid(message)
    return CalendarDay(day, DayKind(cells["kind"]), plain_name(cells["name"]), cells["notice"])


def _refused(message: object) -> Invalid:
    return Invalid(message, fields={"text": message})
