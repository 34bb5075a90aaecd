"""What becomes of a matter that has come in: accepted, told its route, objected to, or not the street's."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions import clocks
from petitions.handling.step import ended, given, step
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.rules.deadlines import deadline_moment
from petitions.vocabulary import Channel, DivertRoute, Ending, RiskLevel, ServiceMethod, Verb

SIMPLIFIED = "petition_simplified"


@dataclass(frozen=True, slots=True)
class Notice:
    """A document that was told or handed over: how, and what it says."""

    service: ServiceMethod
    text: str


def accept(case: Case, office: Office, *, service: ServiceMethod, actor: Actor, now: datetime) -> Step:
    """受理 (2005): the written decision is told, and the sixty days of handling run from now, once."""
    return step(case, Verb.ACCEPT, actor, now, _accepted(case, office, now), None, {"service": service.value})


def decline(case: Case, *, notice: Notice, actor: Actor, now: datetime) -> Step:
    """不予受理 (2005 only): the written decision is told, and the case leaves the rate."""
    detail = {"service": notice.service.value}
    return step(case, Verb.DECLINE, actor, now, ended(Ending.DECLINED, now), given(notice.text), detail)


def notify_route(
    case: Case,
    office: Office,
    *,
    service: ServiceMethod,
    is_simplified: bool = False,
    actor: Actor,
    now: datetime,
) -> Step:
    """程序性告知 (2022): reception, route and procedure are told, and the handling limit runs from now.

    A first-time, clear matter may be handled simply: ten working days (DOMAIN A.5).
    """
    rules = SIMPLIFIED if is_simplified else case.rule_set
    changes = clocks.accepted(rules, now, office.calendar) if _waits(case) else {}
    detail = {"service": service.value, "is_simplified": is_simplified}
    return step(case, Verb.NOTIFY_ROUTE, actor, now, changes, None, detail)


def object_to(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """异议 (2022): the street is not competent; told to the transferor within five working days of receipt.

    Raises Conflict later than that, and where nobody transferred it. While the calendar is not loaded the
    limit cannot be told, and nobody is refused for it.
    """
    if case.channel is not Channel.TRANSFERRED:
        raise Conflict(_("Only a petition that was transferred or assigned from above is objected to."))
    limit = clocks.find_step(f"{case.rule_set}.objection")
    due = deadline_moment(limit, case.received_at, office.calendar).at
    if due is not None and now >= due:
        raise Conflict(_("The five working days for an objection have passed (Regulations 2022, Art 23)."))
    return step(case, Verb.OBJECT, actor, now, {}, given(reason))


def grant_objection(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """交还: the transferor agrees, and the materials go back; the case leaves the rate."""
    return step(case, Verb.GRANT_OBJECTION, actor, now, ended(Ending.RETURNED, now), given(reason))


def refuse_objection(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """The transferor refuses: the petition is the street's, accepted from now on."""
    return step(case, Verb.REFUSE_OBJECTION, actor, now, _accepted(case, office, now), given(reason))


def forward(case: Case, *, recipient: str, reason: str, actor: Actor, now: datetime) -> Step:
    """转送, 转办: another body is competent; the case leaves the rate."""
    detail = {"recipient": given(recipient, "recipient")}
    return step(case, Verb.FORWARD, actor, now, ended(Ending.FORWARDED, now), given(reason), detail)


def assign_with_report(
    case: Case, *, recipient: str, until: date, reason: str, actor: Actor, now: datetime
) -> Step:
    """交办: another unit handles it and reports by the end of `until`, the day the instruction names."""
    if until <= local_day(now):
        raise Invalid(_("The report needs a day to come."), fields={"until": _("Choose a later day.")})
    detail = {"recipient": given(recipient, "recipient"), "until": until.isoformat()}
    changes = clocks.instructed(until)
    return step(case, Verb.ASSIGN_WITH_REPORT, actor, now, changes, given(reason), detail)


def recall(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """交办撤回: take an assigned petition back; it waits for its route, by the limit from its receipt."""
    rule = clocks.accept_rule(case.rule_set)
    changes = clocks.by_rule(rule, local_day(case.received_at), office.calendar)
    return step(case, Verb.RECALL, actor, now, changes, given(reason))


def divert(case: Case, *, route: DivertRoute, notice: Notice, actor: Actor, now: datetime) -> Step:
    """诉访分离: the citizen is told the lawful route, with proof of how; the case leaves the rate."""
    detail = {"route": route.value, "service": notice.service.value}
    return step(case, Verb.DIVERT, actor, now, ended(Ending.DIVERTED, now), given(notice.text), detail)


def assess(case: Case, *, risk: RiskLevel, actor: Actor, now: datetime) -> Step:
    """研判: somebody has looked at the dispute and says how grave it is; its holder resolves it."""
    return step(case, Verb.ASSESS, actor, now, {"risk_level": risk})


def answer_directly(case: Case, *, ending: Ending, reason: str, actor: Actor, now: datetime) -> Step:
    """直接答复: the desk can answer by itself; `reason` is the answer."""
    if ending not in (Ending.SOLVED, Ending.EXPLAINED):
        raise Invalid(_("A direct answer solves or explains."), fields={"ending": _("Choose again.")})
    changes = {**ended(ending, now), "answered_at": now}
    return step(case, Verb.ANSWER_DIRECTLY, actor, now, changes, given(reason))


def ask_info(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """待补充: something must be asked before it can be dispatched; no clock stands still for it."""
    return step(case, Verb.ASK_INFO, actor, now, {}, given(reason))


def give_info(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """What was asked has been said; the order waits to be dispatched."""
    return step(case, Verb.GIVE_INFO, actor, now, {}, given(reason))


def _waits(case: Case) -> bool:
    return case.due_rule == clocks.accept_rule(case.rule_set)


def _accepted(case: Case, office: Office, now: datetime) -> dict[str, Any]:
    """The handling limit, started once: a day that was written keeps."""
    return clocks.accepted(case.rule_set, now, office.calendar) if _waits(case) else {}
