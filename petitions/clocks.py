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
from app.core.formats import moment
from petitions.rules.catalogue import by_code, choose
from petitions.rules.deadlines import deadline, due_moment, is_whole_day, last_day
from petitions.rules.rule_set import Step, Unit
from petitions.rules.tier_limits import AT_ONCE, TierLimit
from petitions.vocabulary import CaseKind, OrderType

UPSTREAM = "upstream"
INSTRUCTED = "instructed"
WRITTEN = frozenset({UPSTREAM, INSTRUCTED})
"""Days that somebody wrote, which nothing in this service moves."""
STOPPED: dict[str, Any] = {"tier_warn_at": None, "tier_due_at": None, "tier_missing_year": None}
NOTHING_AFTER: dict[str, Any] = {
    "after_rule": None,
    "after_started_on": None,
    "after_due_at": None,
    "after_missing_year": None,
}


@dataclass(frozen=True, slots=True)
class Intake:
    """What the statutory clock depends on: all moments aware; the upstream's is the end of its deadline."""

    kind: CaseKind
    order_type: OrderType | None
    received_at: datetime
    registered_at: datetime
    upstream_due_at: datetime | None


def start(intake: Intake, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock at registration; the order's own deadline outranks any rule set."""
    rules = choose(intake.kind, intake.order_type, local_day(intake.registered_at))
    if intake.upstream_due_at:
        return {"rule_set": rules.code, **upstream(intake.upstream_due_at, calendar)}
    code = "accept" if intake.kind is CaseKind.PETITION else "handle"
    return {
        "rule_set": rules.code,
        **by_rule(f"{rules.code}.{code}", local_day(intake.received_at), calendar),
    }


def by_rule(rule: str, started_on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock that runs by `rule` from the day `started_on`, itself not counted."""
    return dict(_by_rule(rule, started_on, calendar))


# A file has thousands of matters of a few rules and days.
@lru_cache(maxsize=1024)
def _by_rule(rule: str, started_on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    due = deadline(find_step(rule), started_on, calendar)
    return {
        "due_rule": rule,
        "due_started_on": started_on,
        "due_at": None if due.on is None else due_moment(due.on),
        "due_raw_on": due.raw,
        "due_missing_year": due.missing_year,
        "inner_due_at": None,
    }


def upstream(due_at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock of an order whose deadline the hotline wrote on it, ending at `due_at`.

    It is authoritative, with its hour where it names one; the street's own inner limit ends with the working
    day before (DOMAIN B.2 no. 2, a local default). Where the calendar of that day is missing the inner limit
    is left out, the upstream's stands.
    """
    return dict(_upstream(due_at, calendar))


@lru_cache(maxsize=1024)
def _upstream(due_at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    due_on = last_day(due_at)
    try:
        inner = due_moment(calendar.add_working_days(due_on, -1))
    except CalendarMissing:
        inner = None
    return {**_written(UPSTREAM, due_at), "inner_due_at": inner}


def deadline_text(due_at: datetime) -> str:
    """The last day of a deadline, with the hour where it names one."""
    return last_day(due_at).isoformat() if is_whole_day(due_at) else moment(due_at)


def instructed(until: date) -> dict[str, Any]:
    """The columns of the first clock where the instruction of 交办 names the last day."""
    return _written(INSTRUCTED, due_moment(until))


def accept_rule(rule_set: str) -> str:
    """The rule by which a petition waits to be accepted."""
    return f"{rule_set}.accept"


def accepted(rule_set: str, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock once a petition is accepted: from then on the handling limit runs."""
    return by_rule(f"{rule_set}.handle", local_day(at), calendar)


def extended(rule_set: str, raw: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the first clock once an extension is approved: counted from the raw last day."""
    return by_rule(f"{rule_set}.extension", raw, calendar)


def stood_still(
    rule: str, started_on: date, days: tuple[date, date], calendar: WorkingCalendar
) -> dict[str, Any]:
    """The columns of the first clock after it stood still on the days [first, end): it starts later by them.

    They are counted as the rule counts its own days. Raises CalendarMissing where one cannot be told.
    """
    if find_step(rule).unit is Unit.CALENDAR_DAY:
        return by_rule(rule, started_on + (days[1] - days[0]), calendar)
    still = calendar.working_days_between(*days)
    return by_rule(rule, calendar.add_working_days(started_on, still), calendar)


def after(rule: str, started_on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the clock after a reply: `rule` runs from `started_on`, itself not counted."""
    due = deadline(find_step(rule), started_on, calendar)
    return {
        "after_rule": rule,
        "after_started_on": started_on,
        "after_due_at": None if due.on is None else due_moment(due.on),
        "after_missing_year": due.missing_year,
    }


def find_step(rule: str) -> Step:
    """The limit that a rule such as petition_2022.handle names."""
    rule_set, _, code = rule.rpartition(".")
    return by_code(rule_set).steps[code]


def tier(limit: TierLimit | None, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns of the second clock of a holder with `limit` who takes the case at `at`.

    A street has None: nobody in this service stands above it. What goes up at once is due at `at` itself,
    office hours or not.
    """
    return dict(_tier(limit, at, calendar))


# A sweep lifts thousands of cases at one moment, and their clocks are the same.
@lru_cache(maxsize=1024)
def _tier(limit: TierLimit | None, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    return {"tier_started_at": at, **recounted(limit, at, 0, calendar)}


def recounted(
    limit: TierLimit | None, started_at: datetime, stood: int, calendar: WorkingCalendar
) -> dict[str, Any]:
    """The columns of a second clock that began at `started_at` and then stood for `stood` working minutes."""
    began = {**STOPPED, "policy_id": limit.policy_id if limit else None}
    if limit is None or limit.limit_hours is None:
        return began
    if limit.limit_hours == AT_ONCE:
        return {**began, "tier_due_at": started_at}
    minutes = limit.limit_hours * 60 + stood
    return {**began, **_tier_ends(started_at, minutes, limit.warn_before_hours * 60, calendar)}


def tier_goes_on(left: int, warn_before: int, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The ends of the second clock that goes on at `at` with `left` working minutes, with its warning."""
    return {**STOPPED, **_tier_ends(at, left, min(warn_before, left), calendar)}


def _tier_ends(at: datetime, minutes: int, warn_before: int, calendar: WorkingCalendar) -> dict[str, Any]:
    try:
        ends: dict[str, Any] = {"tier_due_at": calendar.add_working_minutes(at, minutes)}
        if 0 < warn_before < minutes:
            ends["tier_warn_at"] = calendar.add_working_minutes(at, minutes - warn_before)
    except CalendarMissing as missing:
        return {**STOPPED, "tier_missing_year": missing.year}
    return ends


def _written(rule: str, due_at: datetime) -> dict[str, Any]:
    return {
        "due_rule": rule,
        "due_started_on": None,
        "due_at": due_at,
        "due_raw_on": last_day(due_at),
        "due_missing_year": None,
        "inner_due_at": None,
    }
