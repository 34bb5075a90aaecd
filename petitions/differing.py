"""Open cases whose clocks were counted by a calendar that has been corrected, or overridden, since.

A clock that runs keeps its end whatever is loaded or decided later (DESIGN §6). This only tells which of them
would end at another moment if they were counted anew, so that a person can act on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.calendar import WorkingCalendar
from app.core.calendar_store import calendar_at, moments_of_change
from petitions import clocks
from petitions.limits import own_limit
from petitions.models import Case
from petitions.office import Office, load_office
from petitions.queries import visible_cases

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Differing:
    """One clock of an open case: `ends_at` is kept, `would_end_at` what the calendar in force would give."""

    case_id: int
    number: str
    title: str
    is_statutory: bool
    ends_at: datetime
    would_end_at: datetime | None


def differing(session: Session, actor: Actor, most: int) -> list[Differing]:
    """Up to `most` such clocks of the cases in the actor's reach, by case.

    A clock that no calendar of the past gives, such as one an order brought with it, is not compared.
    """
    past = [calendar_at(session, moment) for moment in moments_of_change(session)]
    if not past:
        return []
    office, found = load_office(session), list[Differing]()
    for cases in _running(session, actor):
        for case in cases:
            found += _compare(case, office, past)
        if len(found) >= most:
            break
    return found[:most]


def _running(session: Session, actor: Actor) -> Iterator[Sequence[Case]]:
    """The open cases with a clock that has an end, a chunk at a time."""
    has_end = or_(Case.due_at.is_not(None), Case.tier_due_at.is_not(None))
    query = visible_cases(actor).where(Case.ended_at.is_(None), has_end).order_by(Case.id).limit(CHUNK)
    after = 0
    while cases := session.scalars(query.where(Case.id > after)).all():
        yield cases
        after = cases[-1].id


def _compare(case: Case, office: Office, past: Sequence[WorkingCalendar]) -> Iterator[Differing]:
    def first(calendar: WorkingCalendar) -> datetime | None:
        if case.due_started_on is None:
            return None
        end: datetime | None = clocks.by_rule(case.due_rule, case.due_started_on, calendar)["due_at"]
        return end

    def own(calendar: WorkingCalendar) -> datetime | None:
        limit = own_limit(case, office.policies)
        end: datetime | None = clocks.tier(limit, case.tier_started_at, calendar)["tier_due_at"]
        return end

    is_counted = case.due_started_on is not None
    for is_statutory, ends_at, count in ((True, case.due_at, first), (False, case.tier_due_at, own)):
        if ends_at is None or (is_statutory and not is_counted):
            continue
        would_end_at = count(office.calendar)
        if would_end_at != ends_at and any(count(calendar) == ends_at for calendar in past):
            yield Differing(case.id, case.number, case.title, is_statutory, ends_at, would_end_at)
