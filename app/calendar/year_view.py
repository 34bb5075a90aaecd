"""A year as people look at it: twelve months of days with their marks, and its holidays one by one. Pure."""

from calendar import Calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from app.core.calendar import CalendarDay, DayKind, WorkingCalendar, notice_year

_MONTHS = range(1, 13)
_SATURDAY = 5
_WEEKS = Calendar(firstweekday=0)


class Mark(StrEnum):
    """How a day is shown."""

    WORK = "work"
    WEEKEND = "weekend"
    OFF = "off"
    MADE_UP = "made_up"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month; `named` is what a notice, or a local decision, says of it."""

    day: date
    mark: Mark
    named: CalendarDay | None
    is_local: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday; None where a day belongs to another month."""

    number: int
    weeks: list[list[Cell | None]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A holiday of a year by one notice: its days off as spans of first and last, and its make-up days."""

    name: str
    notice: str
    off: list[tuple[date, date]]
    made_up: list[date]


def months(year: int, calendar: WorkingCalendar, local: Sequence[CalendarDay]) -> list[Month]:
    """The twelve months of a year that `calendar` has; `local` are the days decided here."""
    named = {day.date: day for day in calendar.days}
    here = {day.date for day in local}

    def cell(day: date) -> Cell:
        return Cell(day, _mark(day, named.get(day)), named.get(day), day in here)

    return [
        Month(
            number,
            [
                [cell(day) if day.month == number else None for day in week]
                for week in _WEEKS.monthdatescalendar(year, number)
            ],
        )
        for number in _MONTHS
    ]


def occasions(days: Sequence[CalendarDay]) -> list[Occasion]:
    """The holidays that `days` (in order) belong to, in the order of their first days off."""
    by_name: dict[tuple[str, str], list[CalendarDay]] = {}
    for day in days:
        by_name.setdefault((day.name, day.notice), []).append(day)
    found = [
        Occasion(
            name,
            notice,
            list(_spans(day.date for day in those if day.kind is DayKind.HOLIDAY)),
            [day.date for day in those if day.kind is DayKind.WORKDAY],
        )
        for (name, notice), those in by_name.items()
    ]
    return sorted(found, key=lambda each: each.off[0][0] if each.off else each.made_up[0])


def days_of(calendar: WorkingCalendar, year: int, local: Sequence[CalendarDay]) -> list[CalendarDay]:
    """The days that the notice of `year` names, in order, without those decided here."""
    here = set(local)
    return sorted(day for day in calendar.days if notice_year(day) == year and day not in here)


def _mark(day: date, named: CalendarDay | None) -> Mark:
    if named:
        return Mark.OFF if named.kind is DayKind.HOLIDAY else Mark.MADE_UP
    return Mark.WEEKEND if day.weekday() >= _SATURDAY else Mark.WORK


def _spans(days: Iterator[date]) -> Iterator[tuple[date, date]]:
    """Days in order as spans without a gap."""
    for _gap, run in groupby(enumerate(days), key=lambda each: each[1].toordinal() - each[0]):
        span = [day for _place, day in run]
        yield span[0], span[-1]
