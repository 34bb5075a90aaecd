"""When matters arrive: exact in number, uneven by season, weekday and hour."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.demo.vocabulary import words

_MONDAY = 0


def arrivals(count: int, calendar: WorkingCalendar, rng: Random) -> list[datetime]:
    """So many moments of the scenario's year in Asia/Shanghai, in order, no two alike."""
    text = words("scenario")
    days = list(_days(text["year"]))
    weights = [_weight(day, text["arrivals"], calendar, rng) for day in days]
    moments: set[datetime] = set()
    while len(moments) < count:
        for day in rng.choices(days, weights, k=count - len(moments)):
            moments.add(_moment(day, text["arrivals"]["hours"], rng))
    return sorted(moments)


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _weight(day: date, text: dict[str, Any], calendar: WorkingCalendar, rng: Random) -> float:
    working = calendar.is_working_day(day)
    weight = float(text["months"][day.month - 1]) * text["working_day" if working else "day_off"]
    if working and day.weekday() == _MONDAY:
        weight *= text["monday"]
    for quiet in text["quiet"]:
        if quiet["first"] <= day <= quiet["last"]:
            weight *= quiet["factor"]
    return weight * rng.uniform(1 - text["spread"], 1 + text["spread"])


def _moment(day: date, hours: list[int], rng: Random) -> datetime:
    hour = rng.choices(range(24), hours)[0]
    minute, second = rng.randrange(60), rng.randrange(60)
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)
