"""When a notice may leave the house, and when it is tried again. Pure; local defaults, not law.

An urgent notice goes at once, by night as well. The others are gathered for half an hour and go in office
hours only, so that nobody is written to at night, at noon or on a day off.
"""

from datetime import datetime, timedelta

from app.core.calendar import CalendarMissing, WorkingCalendar

GATHERED = timedelta(minutes=30)

# After the n-th failure, how long to wait; after the last one there is no further try. A day in all, so
# that a server that comes back in the morning still gets what was written in the evening before.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)

# How long nobody knocks at a server that did not answer; an urgent notice waits no longer than this.
SERVER_PAUSE = timedelta(minutes=1)

# A file of last year's matters is no news: its notices are in the inbox and go no further.
NEWS = timedelta(days=7)


def first_try(created_at: datetime, *, urgent: bool) -> datetime:
    """The moment before which a notice is not sent."""
    return created_at if urgent else created_at + GATHERED


def next_try(now: datetime, attempts: int) -> datetime | None:
    """When a message that failed `attempts` times, the last at `now`, is tried again; None: never."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def is_news(created_at: datetime, now: datetime) -> bool:
    """Whether what happened at `created_at` is still worth a message at `now`."""
    return now - created_at < NEWS


def is_office_time(now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the office is open at `now`: from each opening to before the closing.

    Where the calendar of the year is not loaded nobody knows, and what is not urgent waits.
    """
    try:
        return calendar.add_working_minutes(now, 0) == now
    except CalendarMissing:
        return False
