"""A calendar that was read, laid over what is in force: what it would change and what looks wrong. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.calendar.doubts import Doubt, DoubtKind
from app.calendar.holidays import BETWEEN, holidays, plain_name
from app.calendar.reading import Reading
from app.core.calendar import CalendarDay, DayKind, WorkingCalendar, notice_year

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """The whole calendar of a year as it would be, beside the one in force.

    `before` is None where the year is new.
    """

    year: int
    notice: str
    before: tuple[CalendarDay, ...] | None
    days: tuple[CalendarDay, ...]
    doubts: tuple[Doubt, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether something must be mended first."""
        return any(doubt.is_blocking for doubt in self.doubts)

    @property
    def added(self) -> list[CalendarDay]:
        """The days that are new or of another kind than in force."""
        kinds = {day.date: day.kind for day in self.before or ()}
        return [day for day in self.days if kinds.get(day.date) is not day.kind]

    @property
    def dropped(self) -> list[CalendarDay]:
        """The days that are in force and would be named no more."""
        kept = {day.date for day in self.days}
        return [day for day in self.before or () if day.date not in kept]

    @property
    def changes_nothing(self) -> bool:
        """Whether every day would be what it is."""
        return not self.added and not self.dropped

    def of(self, kind: DayKind) -> list[CalendarDay]:
        """The days off, or the make-up days."""
        return [day for day in self.days if day.kind == kind]

    @property
    def working_days(self) -> int:
        """How many working days the year would have."""
        calendar = WorkingCalendar(self.days, years={self.year})
        return calendar.working_days_between(date(self.year, 1, 1), date(self.year + 1, 1, 1))


def propose(reading: Reading, before: Sequence[CalendarDay] | None) -> Proposal:
    """Lay the reading over the year in force.

    A correcting notice often names one holiday: what is in force of the holidays it does not name stays.
    """
    named = {name for day in reading.days for name in _names(day)}
    kept = {day.date: day for day in before or () if named.isdisjoint(_names(day))}
    days = kept | {day.date: day for day in reading.days}
    whole = tuple(days[day] for day in sorted(days))
    doubts = (*reading.doubts, *check(reading.year, whole))
    return Proposal(reading.year, reading.notice, None if before is None else tuple(before), whole, doubts)


def check(year: int, days: Sequence[CalendarDay]) -> list[Doubt]:
    """What looks wrong in the calendar of a year, whoever wrote it."""
    outside = [day for day in days if notice_year(day) != year]
    on_weekday = [day for day in days if day.kind is DayKind.WORKDAY and day.date.weekday() < _SATURDAY]
    return [
        *(Doubt(DoubtKind.OUTSIDE, {"date": day.date, "year": year}) for day in outside),
        *(Doubt(DoubtKind.MAKE_UP_ON_WEEKDAY, {"date": day.date}) for day in on_weekday),
        *_missing(year, days),
    ]


def _missing(year: int, days: Sequence[CalendarDay]) -> list[Doubt]:
    """The statutory holidays with fewer days off than the law gives them."""
    off = [day for day in days if day.kind is DayKind.HOLIDAY]
    found = []
    for holiday in holidays():
        named = {day.date for day in off if holiday.name in _names(day)}
        fixed = holiday.fixed_dates(year)
        lacking = sorted(fixed - {day.date for day in off})
        if len(named) < holiday.days_in(year) or lacking:
            counts = {"name": holiday.name, "law": holiday.days_in(year), "found": len(named)}
            found.append(Doubt(DoubtKind.HOLIDAY_MISSING, counts))
    return found


def _names(day: CalendarDay) -> set[str]:
    return set(plain_name(day.name).split(BETWEEN))
