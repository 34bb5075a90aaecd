"""The one clock of the service: moments are UTC, days are those of Asia/Shanghai."""

from datetime import UTC, date, datetime, time
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
