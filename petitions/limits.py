"""What the two clocks of a case say, for people: which rule, from whom, how long is left. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.calendar import WorkingCalendar
from grid.vocabulary import Tier
from petitions.clocks import WRITTEN, find_step
from petitions.lights import Clock, Light, light
from petitions.models import Case
from petitions.policies import Policies, cell_of
from petitions.rules.catalogue import by_code
from petitions.rules.rule_set import RuleSet, Step
from petitions.rules.tier_limits import TierLimit
from petitions.vocabulary import CaseKind, Urgency


class Clocked(Protocol):
    """What a case, or a row of a list, tells about its clocks."""

    street_id: int
    kind: CaseKind
    urgency: Urgency
    holder_tier: Tier
    received_at: datetime
    registered_at: datetime
    due_rule: str
    due_at: datetime | None
    due_missing_year: int | None
    inner_due_at: datetime | None
    suspended_at: datetime | None
    tier_started_at: datetime
    tier_due_at: datetime | None
    policy_id: int | None
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
    if is_written(case.due_rule):
        return StatutoryLimit(None, None, case.due_at, None)
    rules = by_code(case.due_rule.rpartition(".")[0])
    return StatutoryLimit(rules, find_step(case.due_rule), case.due_at, case.due_missing_year)


def is_written(due_rule: str) -> bool:
    """Whether the first clock is a day that somebody wrote, an upstream or an instruction, and no rule's."""
    return due_rule in WRITTEN


def runs(case: Clocked) -> bool:
    """Whether the first clock runs: a suspended case has it stand still, unless its day was written."""
    return case.suspended_at is None or is_written(case.due_rule)


def after_step(case: Case) -> Step | None:
    """The limit that runs after a reply, where one does."""
    return find_step(case.after_rule) if case.after_rule else None


def own_limit(case: Clocked, policies: Policies) -> TierLimit | None:
    """The limit by which the holder's clock runs; None at the street, where no clock of its own runs."""
    limit = policies.by_id(cell_of(case), case.policy_id)
    has_time = case.tier_due_at is not None and case.tier_due_at > case.tier_started_at
    return limit.handed_down() if limit and has_time else limit


def next_limit(case: Clocked) -> datetime | None:
    """The nearest end of the clocks that run, an upstream's inner limit among them."""
    first = (case.due_at if runs(case) else None, case.inner_due_at)
    ends = [at for at in (case.tier_due_at, *first) if at]
    return min(ends) if ends and not case.ended_at else None


def case_light(case: Clocked, now: datetime, calendar: WorkingCalendar) -> Light:
    """The light of an open case; an ended one has none."""
    if case.ended_at:
        return Light.GREY
    clocks = [Clock(case.tier_started_at, case.tier_due_at)]
    if runs(case):
        clocks.append(Clock(case.received_at, case.due_at, case.inner_due_at, is_statutory=True))
    return light(clocks, now, calendar)
