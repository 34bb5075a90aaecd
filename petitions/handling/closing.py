"""How a case leaves the desk for good, and how it comes back within its window."""

from datetime import datetime

from app.auth.actor import Actor
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions import clocks
from petitions.handling.step import ended, given, opened, step, telling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.rules.deadlines import deadline_moment
from petitions.vocabulary import CaseKind, Ending, Verb


def withdraw(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """撤回: the citizen takes the matter back, before it was answered."""
    return step(case, Verb.WITHDRAW, actor, now, ended(Ending.WITHDRAWN, now), given(reason))


def void(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """作废: a duplicate or invalid order; kept, and left out of the rate."""
    changes = {
        **ended(Ending.VOID, now),
        "suspended_at": None,
        "suspended_until": None,
        "tier_left": None,
    }
    return step(case, Verb.VOID, actor, now, changes, given(reason))


def close_off(case: Case, *, actor: Actor, now: datetime) -> Step:
    """销号: the dispute stays resolved and leaves the list."""
    return step(case, Verb.CLOSE_OFF, actor, now, {})


def archive(case: Case, *, actor: Actor, now: datetime) -> Step:
    """归档: the file is complete and put away; nothing can be done to it any more."""
    return step(case, Verb.ARCHIVE, actor, now, clocks.NOTHING_AFTER)


def reopen(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """Open an ended case again with whoever handled it; the first clock is as it was.

    Within the window of its rule set, a local default: later it is a new matter, linked as a repeat. An order
    is reopened once (DOMAIN H.3).
    """
    if case.kind is CaseKind.HOTLINE and case.reopenings:
        raise Conflict(_("An order is reopened once only; register the matter anew and link the two."))
    window = clocks.find_step(f"{case.rule_set}.reopen")
    last = deadline_moment(window, case.ended_at, office.calendar).at if case.ended_at else None
    if last is not None and now >= last:
        raise Conflict(_("The window for reopening has passed; register the matter anew and link the two."))
    unit_id = case.handler_id or case.holder_id
    changes = {
        **opened(case, office, unit_id, now),
        "reopenings": case.reopenings + 1,
        "answered_at": None,
        "is_solved": None,
        "satisfaction": None,
    }
    told = telling(case, office.tree, changes["holder_id"], "reopened")
    return step(case, Verb.REOPEN, actor, now, changes, given(reason), {}, (told,))
