"""The two clocks of a case: the statutory or upstream one, and the holder's own (DESIGN §2.4). Pure.

The first runs from receipt (a petition's 60 days from acceptance) and no escalation touches it. The second
starts anew with every holder. A clock that needs a year whose calendar is not loaded has no end and says
which year it waits for; it is never given a guessed one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.core.calendar import CalendarMissing, WorkingCalendar
from app.core.clock import local_day
from grid.vocabulary import Tier
from petitions.rules.catalogue import by_code, choose
from petitions.rules.deadlines import deadline_moment, due_moment
from petitions.rules.tier_limits import TierLimits
from petitions.vocabulary import CaseKind, OrderType, Urgency

UPSTREAM = "upstream"
STOPPED: dict[str, Any] = {"tier_warn_at": None, "tier_due_at": None, "tier_missing_year": None}


@dataclass(frozen=True, slots=True)
class Intake:
    """What the statutory clock depends on: both moments aware, the upstream's last day in Asia/Shanghai."""

    kind: CaseKind
    order_type: OrderType | None
    received_at: datetime
    registered_at: datetime
    upstream_due_on: date | None


def start(intake: Intake, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock at registration; the order's own deadline outranks any rule set."""
    rules = choose(intake.kind, intake.order_type, local_day(intake.registered_at))
    if intake.upstream_due_on:
        return _clock(rules.code, UPSTREAM, due_moment(intake.upstream_due_on), None)
    code = "accept" if intake.kind is CaseKind.PETITION else "handle"
    due = deadline_moment(rules.steps[code], intake.received_at, calendar)
    return _clock(rules.code, f"{rules.code}.{code}", due.at, due.missing_year)


def accept_rule(rule_set: str) -> str:
    """The rule by which a petition waits to be accepted."""
    return f"{rule_set}.accept"


def accepted(rule_set: str, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock once a petition is accepted: from then on the handling limit runs."""
    due = deadline_moment(by_code(rule_set).steps["handle"], at, calendar)
    return _clock(rule_set, f"{rule_set}.handle", due.at, due.missing_year)


def resumed(rule: str, started_at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock, started by `rule` at `started_at`, by a calendar loaded since."""
    rule_set, _, code = rule.rpartition(".")
    due = deadline_moment(by_code(rule_set).steps[code], started_at, calendar)
    return _clock(rule_set, rule, due.at, due.missing_year)


def tier(
    kind: CaseKind,
    urgency: Urgency,
    held_by: Tier,
    at: datetime,
    calendar: WorkingCalendar,
    limits: TierLimits,
) -> dict[str, Any]:
    """The columns of the second clock when a unit of `held_by` takes the case at `at`.

    A street has none: nobody in this service stands above it.
    """
    return dict(_tier(kind, urgency, held_by, at, calendar, limits))


# A sweep lifts thousands of cases at one moment, and their clocks are the same.
@lru_cache(maxsize=1024)
def _tier(
    kind: CaseKind,
    urgency: Urgency,
    held_by: Tier,
    at: datetime,
    calendar: WorkingCalendar,
    limits: TierLimits,
) -> dict[str, Any]:
    ends: dict[str, Any] = {"tier_started_at": at, **STOPPED}
    if held_by is Tier.STREET:
        return ends
    limit = limits.get(kind, urgency, held_by)
    try:
        ends["tier_due_at"] = calendar.add_working_minutes(at, limit.limit_hours * 60)
        if limit.warn_before_hours:
            left = limit.limit_hours - limit.warn_before_hours
            ends["tier_warn_at"] = calendar.add_working_minutes(at, left * 60)
    except CalendarMissing as missing:
        return {**ends, **STOPPED, "tier_missing_year": missing.year}
    return ends


def _clock(rule_set: str, rule: str, due_at: datetime | None, missing: int | None) -> dict[str, Any]:
    return {"rule_set": rule_set, "due_rule": rule, "due_at": due_at, "due_missing_year": missing}
