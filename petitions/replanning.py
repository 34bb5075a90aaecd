"""When the policy of a street changes, its open cases get the limit that is in force now, by an event each.

The new limit is counted from when the tier began, as if it had been in force then, without the time for which
the case was suspended; one that has passed already is lifted by the same sweep. Ended cases, and the clock of
the whole case, are left alone. A case keeps which version its clock was counted by, so a second run finds
nothing to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, text, true, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from app.auth.actor import Actor
from app.core.calendar import CalendarMissing
from grid.vocabulary import Tier
from petitions import clocks
from petitions.escalation import stands_still
from petitions.handling.step import step
from petitions.history import Step
from petitions.models import OPEN, Case, CaseEvent
from petitions.office import Office, load_office
from petitions.policies import Cell, TierPolicy, cell_of
from petitions.rules.tier_limits import TierLimit
from petitions.states.tied import is_waiting
from petitions.stays import Stay, load_stays
from petitions.vocabulary import Urgency, Verb


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many open cases a change of policy re-plans, and how many of them then go up at the next sweep."""

    cases: int
    going_up: int


def replan(case: Case, office: Office, *, stays: Mapping[int, Stay], actor: Actor, now: datetime) -> Step:
    """Count the holder's clock by the policy in force at `now`; `stays` are those of the cases by key."""
    cell = cell_of(case)
    before, after = office.policies.by_id(cell, case.policy_id), office.policies.limit(cell, now)
    if before is None or after is None:
        raise LookupError(f"case {case.id} stands at its street, where no clock of a tier runs")
    changes = _new_clock(case, office, stays[case.id], before, after, now)
    detail = {"policy": after.policy_id, "hours": [before.limit_hours, after.limit_hours]}
    return step(case, Verb.REPLAN, actor, now, changes, "policy_changed", detail)


def clocks_by_urgency(
    session: Session, urgencies: Mapping[Case, Urgency], now: datetime
) -> dict[int, dict[str, Any]]:
    """The columns of the holders' clocks once open cases are as urgent as said, by the keys of the cases."""
    cases = [case for case in urgencies if case.ended_at is None and case.holder_tier is not Tier.STREET]
    if not cases:
        return {}
    office = load_office(session, {case.street_id for case in cases})
    stays = load_stays(session, cases, office.calendar)
    found = {}
    for case in cases:
        cell = (case.street_id, case.kind, urgencies[case], case.holder_tier)
        before, after = office.policies.by_id(cell_of(case), case.policy_id), office.policies.limit(cell, now)
        if before and after:
            clock = _new_clock(case, office, stays[case.id], before, after, now)
            found[case.id] = {name: value for name, value in clock.items() if value != getattr(case, name)}
    return found


def lock_stale(session: Session, now: datetime, size: int, failed: Sequence[int] = ()) -> Sequence[Case]:
    """Up to `size` cases not counted by the version in force, nearest limit first, locked; `failed` not."""
    query = _stale(now).where(Case.id.not_in(failed), stands_still(now)).limit(size)
    query = query.order_by(Case.tier_due_at.asc().nulls_last(), Case.id)
    query = query.with_for_update(of=Case, skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(query).all()


def forecast(session: Session, office: Office, cell: Cell, limit: TierLimit, now: datetime) -> Forecast:
    """What `limit` would do to the open cases of `cell` if it were in force at `now`."""
    street_id, kind, urgency, tier = cell
    query = select(Case).where(
        text(OPEN),
        Case.street_id == street_id,
        Case.kind == kind,
        Case.urgency == urgency,
        Case.holder_tier == tier,
    )
    cases = session.scalars(query.options(defer(Case.body), defer(Case.point))).all()
    stays = load_stays(session, cases, office.calendar)
    ends = (_new_clock(case, office, stays[case.id], None, limit, now).get("tier_due_at") for case in cases)
    return Forecast(len(cases), sum(1 for at in ends if at and at <= now))


def count_stale(session: Session, street_id: int, now: datetime) -> int:
    """How many open cases of a street are still to be re-planned by the versions in force at `now`."""
    stale = _stale(now).where(Case.street_id == street_id)
    return session.scalar(stale.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def count_replanned(session: Session, policy_ids: Sequence[int]) -> dict[int, int]:
    """How many cases each of the versions has re-planned so far."""
    policy = text("((detail ->> 'policy')::bigint)")
    query = (
        select(policy, func.count())
        .select_from(CaseEvent)
        .where(text("verb = 'replan' AND (detail ->> 'policy')::bigint = ANY(:policies)"))
        .group_by(policy)
    )
    return dict(session.execute(query, {"policies": list(policy_ids)}).all())


def _new_clock(
    case: Case, office: Office, stay: Stay, before: TierLimit | None, after: TierLimit, now: datetime
) -> dict[str, Any]:
    """The columns of the clock by `after`; one that stands still stays so, and nobody is warned twice."""
    if is_waiting(case):
        return {"policy_id": after.policy_id}
    if case.suspended_at:
        return {"policy_id": after.policy_id, "tier_left": _left(case, office, stay, after)}
    limit = after.handed_down() if stay.by_hand else after
    clock = clocks.recounted(limit, case.tier_started_at, stay.stood, office.calendar)
    was_warned = case.tier_due_at and case.tier_warn_at is None and before and before.warn_before_hours
    if was_warned and clock["tier_warn_at"] and clock["tier_warn_at"] <= now:
        clock["tier_warn_at"] = None
    return clock


def _left(case: Case, office: Office, stay: Stay, after: TierLimit) -> int | None:
    """The working minutes that a suspended case's holder has left of `after`; None where that has none."""
    limit = after.handed_down() if stay.by_hand else after
    if limit.limit_hours is None or case.suspended_at is None:
        return None
    try:
        passed = office.calendar.working_minutes_between(case.tier_started_at, case.suspended_at)
    except CalendarMissing:
        return None
    return max(0, limit.limit_hours * 60 - (passed - stay.stood))


def _stale(now: datetime) -> Select[Case]:
    """The open cases whose clock was counted by another version than the one in force at `now`."""
    current = _in_force(now).subquery()
    # Three arms instead of IS DISTINCT FROM, because an index answers each: where nothing is stale, the
    # question costs as much as there are versions, however many cases are open.
    others = Case.policy_id.is_(None), Case.policy_id < current.c.id, Case.policy_id > current.c.id
    arms = (
        select(Case.id).where(text(OPEN), _is_cell(current.c), is_other).correlate(current)
        for is_other in others
    )
    found = union_all(*arms).lateral()
    return select(Case).where(Case.id.in_(select(found.c.id).select_from(current).join(found, true())))


def _in_force(now: datetime) -> Any:
    """The version of each cell that is in force at `now`."""
    cell = TierPolicy.street_id, TierPolicy.kind, TierPolicy.urgency, TierPolicy.tier
    return (
        select(TierPolicy.id, *cell)
        .where(TierPolicy.in_force_from <= now)
        .ext(distinct_on(*cell))
        .order_by(*cell, TierPolicy.in_force_from.desc())
    )


def _is_cell(current: Any) -> ColumnElement[bool]:
    return and_(
        Case.street_id == current.street_id,
        Case.kind == current.kind,
        Case.urgency == current.urgency,
        Case.holder_tier == current.tier,
    )
