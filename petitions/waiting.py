"""Clocks that had no end when they began, and what gives them one once the calendar is there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text, true, union_all
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.calendar import WorkingCalendar
from grid.tree import in_scope
from petitions import clocks
from petitions.escalation import stands_still
from petitions.handling.step import step
from petitions.history import Step
from petitions.models import WAITING, Case
from petitions.office import Office
from petitions.policies import cell_of
from petitions.vocabulary import Verb


def start_clock(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """Give the waiting clocks of the case their ends, counted from when each began and not from `now`."""
    changes: dict[str, Any] = {}
    if case.due_missing_year and case.due_started_on:
        changes |= clocks.by_rule(case.due_rule, case.due_started_on, office.calendar)
    if case.tier_missing_year:
        limit = office.policies.by_id(cell_of(case), case.policy_id)
        # What goes up at once waits for no calendar, so somebody had handed such a case down.
        changes |= clocks.tier(limit and limit.handed_down(), case.tier_started_at, office.calendar)
    if case.after_missing_year and case.after_rule and case.after_started_on:
        changes |= clocks.after(case.after_rule, case.after_started_on, office.calendar)
    return step(case, Verb.START_CLOCK, actor, now, changes, "calendar_loaded")


def waiting_clocks(session: Session, actor: Actor) -> dict[int, int]:
    """How many clocks of open cases wait for each year, in the actor's reach.

    Whoever keeps the calendar is told of all: a number of clocks that stand still is no case data.
    """
    places = Case.grid_id, Case.community_id, Case.street_id, Case.holder_id
    scope = true() if actor.can(Permission.CALENDAR_KEEP) else in_scope(actor, *places)
    each = union_all(
        *(
            select(column.label("year")).where(text(WAITING), column.is_not(None), scope)
            for column in (Case.due_missing_year, Case.tier_missing_year, Case.after_missing_year)
        )
    ).subquery()
    query = select(each.c.year, func.count().label("clocks")).group_by(each.c.year).order_by(each.c.year)
    return {row.year: row.clocks for row in session.execute(query)}


def count_waiting(session: Session) -> int:
    """How many cases have a clock without a calendar."""
    return session.scalar(select(func.count()).select_from(Case).where(text(WAITING))) or 0


def lock_waiting(
    session: Session, calendar: WorkingCalendar, now: datetime, after: int, size: int
) -> Sequence[Case]:
    """Up to `size` cases that wait for a year of `calendar`, by key and after `after`, locked."""
    years = sorted(calendar.years)
    waits = (Case.due_missing_year, Case.tier_missing_year, Case.after_missing_year)
    has_come = or_(*(year.in_(years) for year in waits))
    query = select(Case).where(text(WAITING), Case.id > after, has_come, stands_still(now))
    query = query.order_by(Case.id).limit(size)
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(query).all()
