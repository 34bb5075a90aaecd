"""Escalation: when a tier's limit passes, the unit above has the case; before that the holder is warned.

The due queries take the work in due order and lock what they take, skipping what another worker has.
Doing the step moves the moment that made it due, so a second run finds nothing: that is the idempotence.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from app.auth.actor import Actor
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from grid.tree import Node
from petitions.handling.step import given, held_by, step, telling
from petitions.history import Step, Telling
from petitions.models import Case, CaseEvent
from petitions.office import Office
from petitions.policies import cell_of
from petitions.vocabulary import CaseState, Verb

Mark = tuple[datetime, int]

# What neither lifting nor warning looks at: the texts, where the case lies and how that was found. A verb
# that does look gets it, with a statement of its own for each case.
_UNREAD = [
    defer(getattr(Case, name))
    for name in (
        *("channel", "source", "source_number", "order_type", "category", "title", "body", "address"),
        *("point", "given_lon", "given_lat", "given_datum", "community_id", "grid_id", "moved_at"),
        *("route_method", "route_certainty", "route_reason", "route_candidates"),
    )
]


def escalate(
    case: Case, office: Office, *, actor: Actor, now: datetime, reason: str = "limit_passed"
) -> Step:
    """Lift the case to the unit above, tell it, and start its clock; the statutory clock runs on."""
    parent = office.tree.parent(case.holder_id)
    if parent is None:
        raise LookupError(f"case {case.id} stands at its street already")
    changes, told = _lift(case, office, parent, "escalated", now)
    return step(case, Verb.ESCALATE, actor, now, changes, reason, {}, told)


def hand_up(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """上报: give the case to the unit above before any limit has passed; the statutory clock runs on."""
    parent = office.tree.parent(case.holder_id)
    if parent is None:
        raise Conflict(_("There is no unit above the street to hand this up to."))
    changes, told = _lift(case, office, parent, "handed_up", now)
    return step(case, Verb.HAND_UP, actor, now, changes, given(reason), {}, told)


def warn(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """Tell the holder that its limit is near."""
    told = telling(case, office.tree, case.holder_id, "warning")
    return step(case, Verb.WARN, actor, now, {"tier_warn_at": None}, None, {}, (told,))


def lock_due(session: Session, now: datetime, after: Mark | None, size: int) -> Sequence[Case]:
    """Up to `size` cases whose tier limit has passed at `now`, oldest first, after `after`, locked."""
    return _lock(session, Case.tier_due_at, now, after, size)


def lock_to_warn(session: Session, now: datetime, after: Mark | None, size: int) -> Sequence[Case]:
    """Up to `size` cases whose warning is due at `now`, oldest first, after `after`, locked."""
    return _lock(session, Case.tier_warn_at, now, after, size)


def lock_to_resume(session: Session, now: datetime, after: Mark | None, size: int) -> Sequence[Case]:
    """Up to `size` suspended cases whose day has come at `now`, oldest first, after `after`, locked."""
    return _lock(session, Case.suspended_until, now, after, size)


def lock_to_lapse(session: Session, now: datetime, after: Mark | None, size: int) -> Sequence[Case]:
    """Up to `size` answered cases whose limit to ask for a review has passed, oldest first, locked."""
    asked_for = Case.state.in_((CaseState.REPLIED, CaseState.REVIEW_REPLIED))
    return _lock(session, Case.after_due_at, now, after, size, asked_for)


def lock_with_late_help(session: Session, now: datetime, after: Mark | None, size: int) -> Sequence[Case]:
    """Up to `size` open cases with a helper whose limit has passed, oldest first, after `after`, locked."""
    return _lock(session, Case.assist_due_at, now, after, size)


def stands_still(now: datetime) -> ColumnElement[bool]:
    """Whether nobody has acted on the case since `now`, which is when a tick began.

    A tick takes a while. A case with a later event, which its snapshot may not even show, waits for the
    next one: the events of a case never run backwards.
    """
    is_last = (CaseEvent.case_id == Case.id) & (CaseEvent.seq == Case.event_count)
    return exists().where(is_last, CaseEvent.at <= now)


def _lift(
    case: Case, office: Office, parent: Node, kind: str, now: datetime
) -> tuple[dict[str, Any], tuple[Telling, ...]]:
    """The columns by which `parent` gets the case, and whom the policy tells beside it."""
    line = [node.id for node in office.tree.line(case.holder_id)]
    limit = office.policies.limit(cell_of(case), now)
    others: set[int] = set(line[2:]) if limit and limit.tell_above else set()
    if limit and limit.tell_role:
        others |= office.policies.serving(limit.tell_role, now).intersection(line)
    changes = {"escalations": case.escalations + 1, **held_by(case, office, parent.id, now)}
    told = [
        telling(case, office.tree, unit_id, "gone_up", to=parent.name)
        for unit_id in sorted(others - {parent.id})
    ]
    return changes, (telling(case, office.tree, parent.id, kind), *told)


def _lock(
    session: Session,
    moment: InstrumentedAttribute[Any],
    now: datetime,
    after: Mark | None,
    size: int,
    *conditions: ColumnElement[bool],
) -> Sequence[Case]:
    due = select(Case).where(moment <= now, stands_still(now), *conditions)
    query = due.order_by(moment, Case.id).limit(size)
    if after:
        query = query.where(tuple_(moment, Case.id) > after)
    query = query.options(*_UNREAD).with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()
