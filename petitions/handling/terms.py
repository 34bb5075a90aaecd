"""Longer and stopped limits: extensions that somebody approves, suspensions that end by themselves, hearings.

Nobody makes a deadline disappear: an extension is asked for with a reason, approved or refused, and counted
from the raw last day; a suspension names its last day, within the rule set's limit, and a tick ends it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from app.auth.actor import Actor
from app.core.clock import local_day, start_of
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from grid.vocabulary import Tier
from petitions import clocks
from petitions.handling.step import given, step, telling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.policies import cell_of
from petitions.rules.catalogue import by_code
from petitions.rules.deadlines import deadline, due_moment
from petitions.vocabulary import CaseKind, Verb


def request_extension(
    case: Case, office: Office, *, until: date | None = None, reason: str, actor: Actor, now: datetime
) -> Step:
    """申请延期: ask for more time, with the reason that the citizen will be told; no clock moves yet.

    `until` is the day asked for, of an order. A case is extended once.
    """
    if case.extensions:
        raise Conflict(_("This case has been extended already; it is extended once only."))
    detail = {"until": until.isoformat()} if until else {}
    told = telling(case, office.tree, case.street_id, "extension_requested")
    return step(case, Verb.REQUEST_EXTENSION, actor, now, {}, given(reason), detail, (told,))


def approve_extension(
    case: Case, office: Office, *, until: date | None = None, reason: str, actor: Actor, now: datetime
) -> Step:
    """批准延期: the limit ends later, counted from its raw last day; `reason` is what the citizen was told.

    A petition gets the thirty days of the regulations. Of an order `until` is the day that the hotline
    granted, at most as many working days after its deadline as the rule set says.
    """
    if case.due_raw_on is None:
        raise Conflict(_("The limit is not known yet: load the calendar of its year first."))
    changes = _extension(case, office, until) | {"extensions": case.extensions + 1}
    detail = {"until": until.isoformat()} if until else {}
    told = telling(case, office.tree, case.holder_id, "extension_approved")
    return step(case, Verb.APPROVE_EXTENSION, actor, now, changes, given(reason), detail, (told,))


def refuse_extension(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """The limit stays as it is."""
    told = telling(case, office.tree, case.holder_id, "extension_refused")
    return step(case, Verb.REFUSE_EXTENSION, actor, now, {}, given(reason), {}, (told,))


def suspend(case: Case, office: Office, *, until: date, reason: str, actor: Actor, now: datetime) -> Step:
    """挂起: clocks stand still through the day `until`; the rule set says for how long at most.

    The holder keeps the working minutes it had left. A day that an upstream wrote goes on regardless.
    """
    limit = by_code(case.rule_set).steps.get("suspend")
    if limit is None:
        raise Conflict(_("The rules of this case know no suspension."))
    last = deadline(limit, local_day(now), office.calendar).on
    if last is None:
        raise Conflict(_("How long a suspension may last cannot be told before the next calendar is loaded."))
    if not local_day(now) < until <= last:
        raise Invalid(
            _("A suspension ends after today and at the latest on %(day)s.", day=last.isoformat()),
            fields={"until": _("Choose another day.")},
        )
    changes: dict[str, Any] = {
        "suspended_at": now,
        "suspended_until": start_of(until + timedelta(days=1)),
        "tier_left": _left(case, office, now),
        **clocks.STOPPED,
    }
    return step(case, Verb.SUSPEND, actor, now, changes, given(reason), {"until": until.isoformat()})


def resume(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """The case goes on: the holder with the minutes it had left, the first clock later by the days it stood.

    Resumed late, by a tick that could not run, it still counts only until the day that was named.
    """
    if case.suspended_at is None or case.suspended_until is None:
        return step(case, Verb.RESUME, actor, now, {})
    stood_until = min(now, case.suspended_until)
    changes: dict[str, Any] = {"suspended_at": None, "suspended_until": None, "tier_left": None}
    days = local_day(case.suspended_at), local_day(stood_until)
    if case.due_started_on is not None:
        changes |= clocks.stood_still(case.due_rule, case.due_started_on, days, office.calendar)
    if case.holder_tier is not Tier.STREET:
        changes |= _tier_goes_on(case, office, stood_until)
    told = telling(case, office.tree, case.holder_id, "resumed")
    return step(case, Verb.RESUME, actor, now, changes, None, {}, (told,))


def open_hearing(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """听证: a hearing is held before the opinion; no clock stands still for it."""
    return step(case, Verb.OPEN_HEARING, actor, now, {}, given(reason))


def close_hearing(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """The hearing has ended; `reason` says what came of it."""
    return step(case, Verb.CLOSE_HEARING, actor, now, {}, given(reason))


def _extension(case: Case, office: Office, until: date | None) -> dict[str, Any]:
    raw = case.due_raw_on
    if raw is None:
        raise LookupError(f"the limit of case {case.id} has no raw day")
    if case.kind is not CaseKind.HOTLINE:
        return clocks.extended(case.rule_set, raw, office.calendar)
    most = deadline(clocks.find_step(f"{case.rule_set}.extension"), raw, office.calendar).on
    if until is None or until <= raw or (most is not None and until > most):
        raise Invalid(
            _(
                "The new day lies after %(first)s and at the latest on %(last)s.",
                first=raw.isoformat(),
                last=most.isoformat() if most else "—",
            ),
            fields={"until": _("Choose another day.")},
        )
    return clocks.upstream(due_moment(until), office.calendar)


def _tier_goes_on(case: Case, office: Office, at: datetime) -> dict[str, Any]:
    limit = office.policies.by_id(cell_of(case), case.policy_id)
    if limit is None or limit.limit_hours is None:
        return {}
    # A clock that waited for its calendar when the case was suspended had no end to count back from.
    if case.tier_left is None:
        return clocks.tier(limit.handed_down(), at, office.calendar)
    return clocks.tier_goes_on(case.tier_left, limit.warn_before_hours * 60, at, office.calendar)


def _left(case: Case, office: Office, now: datetime) -> int | None:
    """The working minutes that the holder has left; None at the street and where its clock has no end."""
    if case.holder_tier is Tier.STREET or case.tier_due_at is None:
        return None
    return 0 if now >= case.tier_due_at else office.calendar.working_minutes_between(now, case.tier_due_at)
