"""The slots of a reception day: its span cut into equal parts of whole minutes. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.clock import local_day, start_of

SHORTEST = timedelta(minutes=5)
"""A local default: nobody says what brings them in less."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A half-open part of the day; numbers count from 1."""

    number: int
    starts_at: datetime
    ends_at: datetime


def cut(starts_at: datetime, ends_at: datetime, capacity: int) -> list[Slot]:
    """The `capacity` slots from `starts_at`; what is left of the last minutes stays free."""
    length = (ends_at - starts_at) / capacity // _MINUTE * _MINUTE
    edges = [starts_at + length * number for number in range(capacity + 1)]
    return [Slot(number + 1, edges[number], edges[number + 1]) for number in range(capacity)]


def has_come(starts_at: datetime, now: datetime) -> bool:
    """Whether the day of the reception (Asia/Shanghai) has begun."""
    return now >= start_of(local_day(starts_at))


def is_over(starts_at: datetime, now: datetime) -> bool:
    """Whether that day is past: from then on a booking without an outcome is owed one."""
    return local_day(starts_at) < local_day(now)
