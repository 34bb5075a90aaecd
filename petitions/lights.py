"""The light of a case: green, yellow, red; derived from its clocks whenever it is shown, never stored. Pure.

Red: a clock has passed. Yellow: at most 30 % of a clock is left, or at most two working days of the statutory
one (DOMAIN H.2; a local default, not law). A clock whose calendar is missing has no light of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.calendar import CalendarMissing, WorkingCalendar
from app.core.clock import local_day

YELLOW_SHARE = 0.3
YELLOW_WORKING_DAYS = 2


class Light(StrEnum):
    """How near the limit is; grey where the case has ended or no clock can be told."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a case: it runs from `starts_at` and passes at `ends_at`, where that is known.

    From its inner end on, where it has one, it is yellow.
    """

    starts_at: datetime
    ends_at: datetime | None
    inner_ends_at: datetime | None = None
    is_statutory: bool = False


def light(clocks: list[Clock], now: datetime, calendar: WorkingCalendar) -> Light:
    """The worst light of the clocks that are running."""
    shown = [_light(clock, now, calendar) for clock in clocks if clock.ends_at]
    for worst in (Light.RED, Light.YELLOW, Light.GREEN):
        if worst in shown:
            return worst
    return Light.GREY


def _light(clock: Clock, now: datetime, calendar: WorkingCalendar) -> Light:
    assert clock.ends_at is not None  # noqa: S101  # the caller leaves out clocks without an end
    if now >= clock.ends_at:
        return Light.RED
    left = (clock.ends_at - now).total_seconds()
    whole = (clock.ends_at - clock.starts_at).total_seconds()
    if left <= YELLOW_SHARE * whole or (clock.inner_ends_at and now >= clock.inner_ends_at):
        return Light.YELLOW
    if clock.is_statutory and _few_days_left(clock.ends_at, now, calendar):
        return Light.YELLOW
    return Light.GREEN


def _few_days_left(ends_at: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    try:
        return calendar.working_days_between(local_day(now), local_day(ends_at)) <= YELLOW_WORKING_DAYS
    except CalendarMissing:
        return False
