"""Who is told that a year is missing, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.calendar import WorkingCalendar
from app.core.calendar_store import load_calendar
from app.core.clock import local_day
from petitions.waiting import waiting_clocks

# The notice on a year comes out in the autumn before; from this month on a missing one is worth a word.
NOTICE_MONTH = 12


@dataclass(frozen=True, slots=True)
class MissingYear:
    """A year without a calendar, and how many clocks wait for it."""

    year: int
    clocks: int


def missing_years(session: Session, actor: Actor, now: datetime) -> list[MissingYear]:
    """The years for which clocks of the actor's reach wait, and the year at hand; for those who see to it."""
    if not actor.can(Permission.CALENDAR_KEEP) and not actor.can(Permission.CASE_RULE):
        return []
    today, waiting = local_day(now), waiting_clocks(session, actor)
    at_hand = {today.year} | ({today.year + 1} if today.month >= NOTICE_MONTH else set())
    asked = waiting.keys() | at_hand
    # On nearly every day of nearly every year the shipped calendar answers, without a statement.
    missing = asked - WorkingCalendar.shipped().years
    if missing:
        missing -= load_calendar(session).years
    return [MissingYear(year, waiting.get(year, 0)) for year in sorted(missing)]
