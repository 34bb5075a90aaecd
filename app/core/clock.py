"""The one clock of the service: moments are UTC, days are those of Asia/Shanghai."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC; the only place that reads the machine's clock."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The day in Asia/Shanghai on which `moment` falls; the UTC day is wrong until 08:00."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """00:00 in Asia/Shanghai of `day`, in UTC; it is also 24:00 of the day before."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


# An import writes a few moments of each case over and over: in its columns, its history and its notices.
@lru_cache(maxsize=16_384)
def utc_text(moment: datetime) -> str:
    """An aware moment in UTC as `2026-01-31T01:05:00.000000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
