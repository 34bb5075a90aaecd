"""Keeping the calendar: a year is loaded from a notice, a day is decided locally. Nothing is overwritten.

Clocks that run keep their ends whatever is loaded or decided here; clocks that start later, and those that
waited for the year, are counted with it.
"""

from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.calendar.labels import doubt_text
from app.calendar.proposal import Proposal, propose
from app.calendar.reading import Reading
from app.core.calendar import DayKind
from app.core.calendar_models import CalendarYear, CalendarYearDay, LocalDay
from app.core.calendar_store import calendar_at, local_days, year_in_force
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _

LONGEST_REASON = 300


def compare(session: Session, reading: Reading) -> Proposal:
    """The reading beside what is in force of its year."""
    return propose(reading, year_in_force(session, reading.year))


def version_of(session: Session, year: int) -> int:
    """How often the year was loaded here; 0 where it was not, be it shipped or missing."""
    query = select(func.max(CalendarYear.version)).where(CalendarYear.year == year)
    return session.scalar(query) or 0


def load_year(
    session: Session, reading: Reading, *, confirmed: int, reason: str = "", actor: Actor, now: datetime
) -> CalendarYear:
    """Put the reading in force as the next version of its year.

    `confirmed` is the version that the person saw it compared with. Raises Forbidden without the permission,
    Conflict where the year has changed since or would stay as it is, Invalid where the reading cannot be
    taken, or where it corrects a year that is there and no reason is given.
    """
    actor.demand(Permission.CALENDAR_KEEP)
    _hold(session)
    version = version_of(session, reading.year)
    if version != confirmed:
        raise Conflict(_("Somebody has loaded %(year)s meanwhile. Look at it first.", year=reading.year))
    proposal = compare(session, reading)
    _demand_takeable(proposal)
    corrects = proposal.before is not None
    loaded = CalendarYear(
        year=reading.year,
        version=version + 1,
        notice=reading.notice,
        reason=_given(reason) if corrects else None,
        loaded_at=now,
        loaded_by=actor.id,
    )
    session.add(loaded)
    session.flush()
    session.add_all(
        CalendarYearDay(
            calendar_year_id=loaded.id, day=day.date, kind=day.kind, name=day.name, notice=day.notice
        )
        for day in proposal.days
    )
    session.flush()
    return loaded


def decide_day(
    session: Session, day: date, kind: DayKind | None, *, reason: str, actor: Actor, now: datetime
) -> LocalDay:
    """Make a day off or a working day here, or, with no kind, again what its notice makes of it.

    Raises Forbidden without the permission, Invalid without a reason or where the year is not loaded,
    Conflict where the day is that already.
    """
    actor.demand(Permission.CALENDAR_KEEP)
    _hold(session)
    why = _given(reason)
    if day.year not in calendar_at(session, None).years:
        message = _("The calendar of %(year)s is not loaded; load it first.", year=day.year)
        raise Invalid(message, fields={"date": message})
    if _is_already(session, day, kind):
        message = _("%(date)s is that already; nothing was decided.", date=day.isoformat())
        raise Conflict(message, fields={"date": message})
    local = LocalDay(day=day, kind=kind, reason=why, decided_at=now, decided_by=actor.id)
    session.add(local)
    session.flush()
    return local


def _hold(session: Session) -> None:
    """Let nobody else add to the calendar until this transaction ends; reading goes on."""
    session.execute(text("LOCK TABLE calendar_years, local_days IN SHARE ROW EXCLUSIVE MODE"))


def _is_already(session: Session, day: date, kind: DayKind | None) -> bool:
    if kind is None:
        return all(local.date != day for local in local_days(session))
    return calendar_at(session, None).is_working_day(day) is (kind is DayKind.WORKDAY)


def _demand_takeable(proposal: Proposal) -> None:
    blocking = [doubt_text(doubt) for doubt in proposal.doubts if doubt.is_blocking]
    if blocking:
        raise Invalid(_("This cannot be loaded: %(faults)s", faults=" ".join(blocking)))
    if proposal.before is not None and proposal.changes_nothing:
        raise Conflict(_("The calendar of %(year)s has these very days already.", year=proposal.year))


def _given(reason: str) -> str:
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        message = _("Say why, in at most %(limit)s characters.", limit=LONGEST_REASON)
        raise Invalid(message, fields={"reason": message})
    return reason.strip()
