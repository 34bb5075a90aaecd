"""What the events say of a case's stay with its holder: who gave it, and how long its clock stood still."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from petitions.models import Case, CaseEvent
from petitions.vocabulary import Verb

GIVEN_BY_HAND = frozenset({Verb.RULE, Verb.HAND_DOWN, Verb.SEND_BACK, Verb.REDO, Verb.REOPEN, Verb.REVOKE})
"""By these somebody above chose the holder."""

BEGINNINGS = ("holder_id", "tier_started_at", "ending")
"""A stay begins with an event that changes one of these: a new holder, or a case that is open again."""

Said = tuple[datetime, Verb, Mapping[str, Any]]
"""When an event was, its verb, and what it changed: column to [before, after]."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Since the clock began: whether somebody above gave the holder the case; working minutes it stood."""

    by_hand: bool = False
    stood: int = 0


def load_stays(session: Session, cases: Sequence[Case], calendar: WorkingCalendar) -> dict[int, Stay]:
    """The stay of each of the cases with its present holder, by key."""
    matters = or_(
        CaseEvent.changes.has_any(array(BEGINNINGS)), CaseEvent.verb.in_((Verb.SUSPEND, Verb.RESUME))
    )
    query = select(CaseEvent.case_id, CaseEvent.at, CaseEvent.verb, CaseEvent.changes).where(
        CaseEvent.case_id.in_([case.id for case in cases]), matters
    )
    said: dict[int, list[Said]] = defaultdict(list)
    for case_id, at, verb, changes in session.execute(query.order_by(CaseEvent.case_id, CaseEvent.seq)):
        said[case_id].append((at, verb, changes))
    return {case.id: stay(said[case.id], calendar) for case in cases}


def stay(events: Iterable[Said], calendar: WorkingCalendar) -> Stay:
    """The stay that the events of one case say, in their order. Pure."""
    by_hand, stood = False, 0
    still: tuple[datetime, datetime] | None = None
    for at, verb, changes in events:
        if verb is Verb.SUSPEND:
            still = at, datetime.fromisoformat(changes["suspended_until"][1])
        if verb is Verb.RESUME and still:
            stood += calendar.working_minutes_between(still[0], min(at, still[1]))
            still = None
        if not changes.keys().isdisjoint(BEGINNINGS):
            by_hand, stood = verb in GIVEN_BY_HAND, 0
    return Stay(by_hand, stood)
