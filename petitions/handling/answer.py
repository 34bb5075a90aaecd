"""The answer to the citizen: submitted, looked at, called back, settled; or replied to in writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions import clocks
from petitions.handling.step import ended, given, held_by, step, telling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.vocabulary import (
    SETTLED,
    CaseKind,
    Ending,
    OpinionResult,
    Satisfaction,
    ServiceMethod,
    Verb,
)

# 不予支持 is an answer as much as 解释说明: the reasons are told, and review is open (2022 Art 32).
ENDING_OF = {
    OpinionResult.SUPPORTED: Ending.SOLVED,
    OpinionResult.EXPLAINED: Ending.EXPLAINED,
    OpinionResult.NOT_SUPPORTED: Ending.EXPLAINED,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """处理意见书: what it says, and how and on which day in Asia/Shanghai it was served."""

    result: OpinionResult
    text: str
    service: ServiceMethod
    served_on: date


@dataclass(frozen=True, slots=True)
class CallBack:
    """回访: whether the citizen was reached, and what they said; nothing where they were not."""

    was_reached: bool
    is_solved: bool | None = None
    satisfaction: Satisfaction | None = None
    text: str = ""


def reply(case: Case, office: Office, opinion: Opinion, *, actor: Actor, now: datetime) -> Step:
    """答复: the written opinion is served, which ends the case; the limit to ask for a review runs from then.

    Raises Invalid where it would have been served after today or before the petition was received.
    """
    demand_served(case, opinion.served_on, now)
    changes = {
        **ended(ENDING_OF[opinion.result], now),
        "answered_at": now,
        "opinion_result": opinion.result,
        **clocks.after(f"{case.rule_set}.review_request", opinion.served_on, office.calendar),
    }
    detail = {
        "opinion": opinion.result.value,
        "service": opinion.service.value,
        "served_on": opinion.served_on.isoformat(),
    }
    return step(case, Verb.REPLY, actor, now, changes, given(opinion.text), detail)


def submit(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """反馈: the handler submits its answer, which the unit above looks at; that unit's own limit starts."""
    above = office.tree.parent(case.holder_id) or office.tree[case.holder_id]
    moved = {} if above.id == case.holder_id else held_by(case, office, above.id, now)
    changes = {"handler_id": case.holder_id, "answered_at": now, **moved}
    told = telling(case, office.tree, above.id, "submitted")
    return step(case, Verb.SUBMIT, actor, now, changes, given(reason), {}, (told,))


def send_back(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """退回: the answer is not enough; its handler has the case again, with a limit of its own."""
    return _again(case, office, Verb.SEND_BACK, {"answered_at": None}, reason, actor, now)


def approve(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """审核通过: the answer is good; the street's desk, which did not handle it, calls the citizen back."""
    moved = {} if case.holder_id == case.street_id else held_by(case, office, case.street_id, now)
    told = telling(case, office.tree, case.street_id, "to_call_back")
    return step(case, Verb.APPROVE, actor, now, moved, None, {}, (told,))


def call_back(case: Case, call: CallBack, *, actor: Actor, now: datetime) -> Step:
    """回访: what the citizen says of the answer is kept with the case; somebody not reached says nothing."""
    if call.was_reached and call.is_solved is None:
        raise Invalid(_("Ask whether it was solved."), fields={"solved": _("Yes or no?")})
    if not call.was_reached and not (call.is_solved is None and call.satisfaction is None):
        raise Invalid(
            _("Somebody who was not reached has said nothing of the result."),
            fields={"contacted": _("Check this.")},
        )
    changes = {"is_solved": call.is_solved, "satisfaction": call.satisfaction}
    detail = {"was_reached": call.was_reached}
    return step(case, Verb.CALL_BACK, actor, now, changes, call.text.strip() or None, detail)


def redo(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """重办: the citizen was not helped; the handler has the case again."""
    changes = {"redos": case.redos + 1, "answered_at": None}
    return _again(case, office, Verb.REDO, changes, reason, actor, now)


def settle(case: Case, *, ending: Ending, reason: str, actor: Actor, now: datetime) -> Step:
    """结案, 化解: end the case with a typed ending that counts as settled; `reason` is its evidence.

    An agreement is concluded in a mediation, never entered here. An order that the citizen, called back, says
    is not solved is redone or explained, not ended as solved.
    """
    if ending not in SETTLED or ending is Ending.SETTLED_BY_AGREEMENT:
        raise Invalid(_("This ending is not entered by hand: conclude an agreement, divert or void instead."))
    if case.kind is CaseKind.HOTLINE and ending is Ending.SOLVED and case.is_solved is False:
        raise Invalid(
            _("The citizen said that it is not solved: redo it, or end it as explained."),
            fields={"ending": _("Choose again.")},
        )
    changes = {**ended(ending, now), "answered_at": case.answered_at or now}
    return step(case, Verb.SETTLE, actor, now, changes, given(reason))


def demand_served(case: Case, day: date, now: datetime) -> None:
    """Raise Invalid where a document of the case cannot have been served on `day`."""
    if not local_day(case.received_at) <= day <= local_day(now):
        raise Invalid(
            _("It cannot have been served on that day."),
            fields={"served_on": _("Choose a day between the receipt and today.")},
        )


def _again(
    case: Case,
    office: Office,
    verb: Verb,
    changes: Mapping[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> Step:
    handler = case.handler_id or case.holder_id
    moved = {} if handler == case.holder_id else held_by(case, office, handler, now, by_hand=True)
    told = telling(case, office.tree, handler, "sent_back")
    return step(case, verb, actor, now, {**changes, **moved}, given(reason), {}, (told,))
