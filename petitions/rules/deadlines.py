"""When a limit ends.

The starting day is not counted, and a term whose last day is a day off ends on the next working day (民法典
Art 200-203; the petition regulations say 日 without defining it, so calendar days with roll-over are the safe
reading). The last day ends at 24:00 in Asia/Shanghai. An approved extension is counted from the raw last day,
before it rolled, so that days off at the end of the first term are not given twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.calendar import CalendarMissing, WorkingCalendar
from app.core.clock import local_day, start_of
from petitions.rules.rule_set import Roll, Step, Unit

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Due:
    """The last day of a limit in Asia/Shanghai: `on` as it binds, `raw` before it rolled over.

    `on` is None when the calendar of `missing_year` is not loaded; the limit has no answer until it is.
    """

    on: date | None
    raw: date | None
    missing_year: int | None = None


@dataclass(frozen=True)
class DueMoment:
    """The UTC moment before which a step must be done, with the day it came from.

    `at` is None when the calendar of `missing_year` is not loaded. `raw` is the day an extension is counted
    from; it is None for limits in hours.
    """

    at: datetime | None
    raw: date | None = None
    missing_year: int | None = None


def deadline(step: Step, started: date, calendar: WorkingCalendar) -> Due:
    """The last day of `step` when it started on `started`; an extension starts on the raw day it extends.

    Raises ValueError for a limit in working hours, which ends at a moment and not with a day.
    """
    if step.unit is Unit.WORKING_HOUR:
        raise ValueError(f"the limit of {step.code} is in hours: ask deadline_moment")
    if step.unit is Unit.WORKING_DAY:
        return _working_days_due(step.amount, started, calendar)
    raw = started + timedelta(days=step.amount)
    if step.roll is Roll.NONE:
        return Due(on=raw, raw=raw)
    try:
        return Due(on=calendar.next_working_day(raw), raw=raw)
    except CalendarMissing as missing:
        return Due(on=None, raw=raw, missing_year=missing.year)


def deadline_moment(step: Step, started_at: datetime, calendar: WorkingCalendar) -> DueMoment:
    """The moment `step` ends when it started at the aware `started_at`, whatever its unit."""
    if step.unit is Unit.WORKING_HOUR:
        try:
            return DueMoment(at=calendar.add_working_minutes(started_at, step.amount * 60))
        except CalendarMissing as missing:
            return DueMoment(at=None, missing_year=missing.year)
    due = deadline(step, local_day(started_at), calendar)
    at = None if due.on is None else due_moment(due.on)
    return DueMoment(at=at, raw=due.raw, missing_year=due.missing_year)


def due_moment(due_on: date) -> datetime:
    """24:00 in Asia/Shanghai of the last day, in UTC: done before it is in time, done at it is late."""
    return start_of(due_on + timedelta(days=1))


def last_day(due_at: datetime) -> date:
    """The day in Asia/Shanghai on which a deadline ends; one that ends with its day ends on that day."""
    return local_day(due_at - _MOMENT)


def is_whole_day(due_at: datetime) -> bool:
    """Whether a deadline ends with its day and names no hour."""
    return local_day(due_at) != last_day(due_at)


def _working_days_due(amount: int, started: date, calendar: WorkingCalendar) -> Due:
    try:
        last = calendar.add_working_days(started, amount)
    except CalendarMissing as missing:
        return Due(on=None, raw=None, missing_year=missing.year)
    return Due(on=last, raw=last)
