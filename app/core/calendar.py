"""Working days and working minutes of the People's Republic, as the State Council's yearly notices set them.

A day is working when it is Monday to Friday and no day off, or when a notice makes it a make-up working day
(调休). Days are those of Asia/Shanghai. A year counts as loaded once its own notice is here; a question that
needs another year raises CalendarMissing: an answer without make-up days would look right and be wrong. The
notice of the following year may still move a day at the end of December, as those of 2007 and 2019 did.
"""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Self

from app.core.clock import SHANGHAI
from app.core.office_hours import MICROSECONDS_PER_MINUTE, STREET_OFFICE, OfficeHours

_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12
NEW_YEAR = "元旦"


class DayKind(StrEnum):
    """What a notice makes of a day: one off, or a make-up working day."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class CalendarDay(NamedTuple):
    """One day that a notice names, with the holiday it belongs to and the number or address of the notice."""

    date: date
    kind: DayKind
    name: str = ""
    notice: str = ""


class CalendarMissing(LookupError):
    """The answer needs the calendar of `year`, which is not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the working-day calendar of {year} is not loaded")
        self.year = year


class WorkingCalendar:
    """The working days of the loaded years and the office hours within them; immutable.

    `days` are what notices and local decisions name; of two rows for one date the later wins. `years` are the
    loaded years; left out, they are those whose National Day is among `days`, since every notice names that
    of its own year and none names another's.
    """

    def __init__(
        self,
        days: Iterable[CalendarDay],
        *,
        years: Collection[int] | None = None,
        office_hours: OfficeHours = STREET_OFFICE,
    ) -> None:
        self.days = tuple(days)
        self.years = frozenset(_years_announced(self.days) if years is None else years)
        self.office_hours = office_hours
        kinds = {day.date: day.kind for day in self.days}
        self._working = [
            day.toordinal()
            for year in sorted(self.years)
            for day in _days_of(year)
            if (kinds[day] is DayKind.WORKDAY if day in kinds else day.weekday() < _SATURDAY)
        ]
        self._is_working = frozenset(self._working)

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The calendar of 2004 to 2026 that comes with the program, each day with its notice."""
        lines = files("app.core").joinpath("data/calendar.csv").read_text(encoding="utf-8").splitlines()
        return cls(
            CalendarDay(date.fromisoformat(row["date"]), DayKind(row["kind"]), row["name"], row["notice"])
            for row in csv.DictReader(lines)
        )

    def with_overrides(self, days: Iterable[CalendarDay]) -> "WorkingCalendar":
        """The same years with local days on top; a local day does not make its year loaded."""
        return WorkingCalendar([*self.days, *days], years=self.years, office_hours=self.office_hours)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on `day`."""
        self._require(day.year, day.year)
        return day.toordinal() in self._is_working

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is itself not counted; before it when n is negative."""
        if n > 0:
            return self._working_day(bisect_right(self._working, start.toordinal()) + n - 1, start + _DAY)
        if n < 0:
            return self._working_day(bisect_left(self._working, start.toordinal()) + n, start - _DAY)
        return start

    def next_working_day(self, day: date) -> date:
        """The first working day not before `day`."""
        return self._working_day(bisect_left(self._working, day.toordinal()), day)

    def previous_working_day(self, day: date) -> date:
        """The last working day not after `day`."""
        return self._working_day(bisect_right(self._working, day.toordinal()) - 1, day)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in [start, end); ValueError when `end` is before `start`."""
        if end < start:
            raise ValueError("the period ends before it starts")
        if end > start:
            self._require(start.year, (end - _DAY).year)
        return bisect_left(self._working, end.toordinal()) - bisect_left(self._working, start.toordinal())

    def add_working_minutes(self, moment: datetime, minutes: int) -> datetime:
        """The moment `minutes` of office time after the aware `moment`, or before it when negative; in UTC.

        The answer always lies in office hours. Where office time stands still between two moments, counting
        forward gives the closing before the break and counting back, or adding nothing, the opening after it.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone has no working minutes")
        local = moment.astimezone(SHANGHAI)
        day = local.date()
        self._require(day.year, day.year)
        ordinal, per_day = day.toordinal(), self.office_hours.per_day
        target = bisect_left(self._working, ordinal) * per_day + minutes * MICROSECONDS_PER_MINUTE
        if ordinal in self._is_working:
            target += self.office_hours.elapsed(local.time())
        if minutes > 0:
            index, before = divmod(target - 1, per_day)
            clock = self.office_hours.closing_at(before + 1)
        else:
            index, offset = divmod(target, per_day)
            clock = self.office_hours.opening_at(offset)
        return datetime.combine(self._working_day(index, day), clock, SHANGHAI).astimezone(UTC)

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of office time between two aware moments; ValueError when `end` is before `start`."""
        first, last = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
        days = self.working_days_between(first.date(), last.date())
        elapsed = days * self.office_hours.per_day + self._elapsed_on_day(last) - self._elapsed_on_day(first)
        if elapsed < 0:
            raise ValueError("the period ends before it starts")
        return elapsed // MICROSECONDS_PER_MINUTE

    def _elapsed_on_day(self, local: datetime) -> int:
        return self.office_hours.elapsed(local.time()) if self.is_working_day(local.date()) else 0

    def _working_day(self, index: int, origin: date) -> date:
        """The working day at `index` of all loaded ones, if every year from `origin` to it is loaded."""
        if 0 <= index < len(self._working):
            day = date.fromordinal(self._working[index])
            self._require(min(origin.year, day.year), max(origin.year, day.year))
            return day
        direction = -1 if index < 0 else 1
        year = origin.year
        while year in self.years:
            year += direction
        raise CalendarMissing(year)

    def _require(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            if year not in self.years:
                raise CalendarMissing(year)


def notice_year(day: CalendarDay) -> int:
    """The year whose notice names `day`: that of New Year's holiday reaches into the December before."""
    return day.date.year + (day.date.month == _DECEMBER and NEW_YEAR in day.name)


def _years_announced(days: Iterable[CalendarDay]) -> set[int]:
    return {
        day.date.year
        for day in days
        if day.kind is DayKind.HOLIDAY and (day.date.month, day.date.day) == (10, 1)
    }


def _days_of(year: int) -> Iterable[date]:
    first, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return map(date.fromordinal, range(first, end))
