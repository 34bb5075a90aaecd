"""What is written down, asked and pressed for while a case is handled; no deadline moves by it."""

from datetime import date, datetime

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions import clocks
from petitions.handling.step import given, step, telling
from petitions.history import Step
from petitions.intake import MAX_CATEGORY
from petitions.limits import own_limit
from petitions.models import Case
from petitions.office import Office
from petitions.rules.deadlines import due_moment
from petitions.vocabulary import Urgency, Verb


def note(case: Case, *, text: str, actor: Actor, now: datetime) -> Step:
    """Write down what was done or heard; no clock moves."""
    return step(case, Verb.NOTE, actor, now, {}, reason=given(text))


def categorise(case: Case, *, category: str, actor: Actor, now: datetime) -> Step:
    """Say what sort of matter it is, in at most `MAX_CATEGORY` characters; a suggestion is confirmed so."""
    said = " ".join(category.split())
    fault = None
    if not said:
        fault = _("Name a category.")
    elif len(said) > MAX_CATEGORY:
        fault = _("This is longer than %(limit)s characters.", limit=MAX_CATEGORY)
    elif said == case.category:
        fault = _("It has that category already.")
    if fault:
        raise Invalid(fault, fields={"category": fault})
    return step(case, Verb.CATEGORISE, actor, now, {"category": said})


def remind(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """催办: press the holder for it."""
    told = telling(case, office.tree, case.holder_id, "reminded")
    return step(case, Verb.REMIND, actor, now, {}, given(reason), {}, (told,))


def supervise(case: Case, office: Office, *, until: date, reason: str, actor: Actor, now: datetime) -> Step:
    """督办: the case stands under supervision, and its holder reports in writing by the end of `until`."""
    if case.supervision_due_at:
        raise Conflict(_("The case is under supervision already, and the report is still owed."))
    _demand_to_come(until, now)
    changes = {"supervised_at": now, "supervision_due_at": due_moment(until)}
    told = telling(case, office.tree, case.holder_id, "supervised")
    return step(case, Verb.SUPERVISE, actor, now, changes, given(reason), {}, (told,))


def answer_supervision(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """Report what has been done since the supervision began; that it was supervised stays written."""
    if case.supervision_due_at is None:
        raise Conflict(_("No report on a supervision is owed."))
    return step(case, Verb.ANSWER_SUPERVISION, actor, now, {"supervision_due_at": None}, given(reason))


def take_charge(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """包案: the leader who does this is responsible for the case from now on."""
    told = telling(case, office.tree, case.holder_id, "leader_in_charge")
    changes = {"case_leader_id": actor.id}
    return step(case, Verb.TAKE_CHARGE, actor, now, changes, given(reason), {}, (told,))


def set_urgency(
    case: Case, office: Office, *, urgency: Urgency, reason: str, actor: Actor, now: datetime
) -> Step:
    """Say how soon somebody must act: the holder's limit follows, counted from when it took the case.

    The time for which the case stood still since then stays out of it.

    A major or urgent matter is told to the street at once (信访条例 2005 Art 26, 信访工作条例 2022 Art 25).
    """
    if urgency is case.urgency:
        raise Invalid(_("It has that urgency already."), fields={"urgency": _("Choose another.")})
    limit = office.policies.limit((case.street_id, case.kind, urgency, case.holder_tier), now)
    clock = clocks.recounted(limit, case.tier_started_at, _stood(case, office), office.calendar)
    told = () if urgency is Urgency.NORMAL else (telling(case, office.tree, case.street_id, "urgent"),)
    changes = {"urgency": urgency, **clock}
    return step(case, Verb.SET_URGENCY, actor, now, changes, given(reason), {}, told)


def _stood(case: Case, office: Office) -> int:
    """The working minutes by which the holder's limit ends later than its hours say."""
    limit = own_limit(case, office.policies)
    if limit is None or not limit.limit_hours or case.tier_due_at is None:
        return 0
    whole = office.calendar.working_minutes_between(case.tier_started_at, case.tier_due_at)
    return max(0, whole - limit.limit_hours * 60)


def _demand_to_come(until: date, now: datetime) -> None:
    if until < local_day(now):
        raise Invalid(_("That day has passed."), fields={"until": _("Choose a day that has not passed.")})
