"""What the two clocks of a case say, for people: which rule, from whom, how long is left. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.calendar import WorkingCalendar
from grid.vocabulary import Tier
from petitions.clocks import UPSTREAM
from petitions.lights import Clock, Light, light
from petitions.rules.catalogue import by_code
from petitions.rules.rule_set import RuleSet, Step
from petitions.rules.tier_limits import TierLimit, TierLimits
from petitions.vocabulary import CaseKind, Urgency


class Clocked(Protocol):
    """What a case, or a row of a list, tells about its clocks."""

    kind: CaseKind
    urgency: Urgency
    holder_tier: Tier
    received_at: datetime
    registered_at: datetime
    due_rule: str
    due_at: datetime | None
    due_missing_year: int | None
    tier_started_at: datetime
    tier_due_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatutoryLimit:
    """The first clock; `rules` and `step` are None where the order brought its own deadline."""

    rules: RuleSet | None
    step: Step | None
    ends_at: datetime | None
    missing_year: int | None


def statutory_limit(case: Clocked) -> StatutoryLimit:
    """The rule and the end of the first clock."""
    if case.due_rule == UPSTREAM:
        return StatutoryLimit(None, None, case.due_at, None)
    code, _, step = case.due_rule.rpartition(".")
    rules = by_code(code)
    return StatutoryLimit(rules, rules.steps[step], case.due_at, case.due_missing_year)


def own_limit(case: Clocked, limits: TierLimits) -> TierLimit | None:
    """The limit of the holder's tier; None at the street, where no clock of its own runs."""
    if case.holder_tier is Tier.STREET:
        return None
    return limits.get(case.kind, case.urgency, case.holder_tier)


def next_limit(case: Clocked) -> datetime | None:
    """The nearer end of the two clocks."""
    ends = [at for at in (case.tier_due_at, case.due_at) if at]
    return min(ends) if ends and not case.ended_at else None


def case_light(case: Clocked, now: datetime, calendar: WorkingCalendar) -> Light:
    """The light of an open case; an ended one has none."""
    if case.ended_at:
        return Light.GREY
    clocks = [
        Clock(case.tier_started_at, case.tier_due_at),
        Clock(case.received_at, case.due_at, is_statutory=True),
    ]
    return light(clocks, now, calendar)
