"""The calendar in force: the shipped years, those loaded here in their place or after them, local days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.core.calendar import CalendarDay, WorkingCalendar, notice_year
from app.core.calendar_models import CalendarYear, CalendarYearDay, LocalDay

Stamp = tuple[int, ...]

_TICK = timedelta(microseconds=1)

# What changes with every row that is added, and with one that is undone.
_STAMP = select(
    *(
        select(value).scalar_subquery()
        for table in (CalendarYear, LocalDay)
        for value in (func.count(table.id), func.coalesce(func.max(table.id), 0))
    )
)

# One for each database a process talks to; a rolled back row never lends its number to another.
_loaded: WeakKeyDictionary[Engine, tuple[Stamp, WorkingCalendar]] = WeakKeyDictionary()


def load_calendar(session: Session) -> WorkingCalendar:
    """The calendar in force: one small query, and the same object until a year or a local day is added."""
    engine, stamp = session.get_bind().engine, _stamp(session)
    kept = _loaded.get(engine)
    if kept is None or kept[0] != stamp:
        kept = _loaded[engine] = (stamp, calendar_at(session, None))
    return kept[1]


def calendar_at(session: Session, moment: datetime | None) -> WorkingCalendar:
    """The calendar that held at `moment`, by default at present; built anew with every call."""
    loaded, local = loaded_years(session, moment), local_days(session, moment)
    if not loaded and not local:
        return WorkingCalendar.shipped()
    shipped = WorkingCalendar.shipped()
    days = [day for day in shipped.days if notice_year(day) not in loaded]
    days += [day for year in loaded.values() for day in year]
    # The notice of the following year may move a day of this December, so it speaks last.
    days.sort(key=lambda day: (notice_year(day), day.date))
    return WorkingCalendar(days, years=shipped.years | loaded.keys()).with_overrides(local)


def loaded_years(session: Session, moment: datetime | None = None) -> Mapping[int, Sequence[CalendarDay]]:
    """The days of every year loaded here by `moment`, each as its latest version has them."""
    newest = select(CalendarYear.id, CalendarYear.year).ext(distinct_on(CalendarYear.year))
    newest = newest.order_by(CalendarYear.year, CalendarYear.version.desc())
    if moment:
        newest = newest.where(CalendarYear.loaded_at <= moment)
    version = newest.subquery()
    query = select(version.c.year, CalendarYearDay).join(
        CalendarYearDay, CalendarYearDay.calendar_year_id == version.c.id
    )
    found = defaultdict(list)
    for year, day in session.execute(query.order_by(version.c.year, CalendarYearDay.day)):
        found[year].append(CalendarDay(day.day, day.kind, day.name, day.notice))
    return dict(found)


def local_days(session: Session, moment: datetime | None = None) -> list[CalendarDay]:
    """The local days that hold at `moment`, in order, with the reason of each as its name."""
    latest = select(LocalDay).ext(distinct_on(LocalDay.day)).order_by(LocalDay.day, LocalDay.id.desc())
    if moment:
        latest = latest.where(LocalDay.decided_at <= moment)
    return [CalendarDay(day.day, day.kind, day.reason) for day in session.scalars(latest) if day.kind]


def year_in_force(session: Session, year: int) -> Sequence[CalendarDay] | None:
    """The days that the notice of `year` names, loaded here or shipped; None where the year is missing."""
    loaded = loaded_years(session).get(year)
    shipped = WorkingCalendar.shipped()
    if loaded is not None or year not in shipped.years:
        return loaded
    return [day for day in shipped.days if notice_year(day) == year]


def moments_of_change(session: Session) -> list[datetime]:
    """The last moment before each loading and local decision: what held then may not hold now."""
    loaded, decided = select(CalendarYear.loaded_at), select(LocalDay.decided_at)
    return [moment - _TICK for moment in sorted(set(session.scalars(union_all(loaded, decided))))]


def _stamp(session: Session) -> Stamp:
    return tuple(session.execute(_STAMP).one())
