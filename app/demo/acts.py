"""What a step of a script does: the real verb, by the person whose turn it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.clock import local_day
from app.demo.names import make_person
from app.demo.script import ScriptVerb
from app.demo.script import Step as Cue
from mediation import service as mediation
from mediation.vocabulary import AgreementForm, StartedBy
from petitions.handling import acceptance, answer, closing, holding
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.order_limits import why_not_hand_back
from petitions.states.edge import Edge
from petitions.states.machine import find_edge, machine_of
from petitions.vocabulary import (
    DivertRoute,
    Ending,
    OpinionResult,
    RiskLevel,
    Satisfaction,
    ServiceMethod,
    Verb,
)

OTHERWISE = ServiceMethod.OTHER


@dataclass
class Cast:
    """Who acts for each unit and for the street, and what is to be remembered of a hand-back."""

    office: Office
    of_unit: Mapping[int, Actor]
    clerk: Actor
    street_mediator: Actor
    came_from: dict[int, int] = field(default_factory=dict)

    def holder(self, case: Case) -> Actor:
        """The person posted to the unit that has the case."""
        return self.of_unit[case.holder_id]

    def mediator(self, case: Case) -> Actor:
        """Who mediates where the case is: the street has somebody for it, the others do it themselves."""
        return self.street_mediator if case.holder_id == case.street_id else self.holder(case)


def accept(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """The office accepts, whoever has the petition; after a hand-back it is accepted already."""
    if _edge(case, Verb.ACCEPT) is None:
        return None
    return acceptance.accept(case, cast.office, service=OTHERWISE, actor=cast.clerk, now=cue.at)


def assess(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """One dispute in eight is a larger one."""
    if _edge(case, Verb.ASSESS) is None:
        return None
    risk = RiskLevel.GENERAL if case.id % 8 else RiskLevel.LARGER
    return acceptance.assess(case, risk=risk, actor=cast.holder(case), now=cue.at)


def sign_for(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Nobody signs twice, whatever the script says after a hand-back that did not happen."""
    if _edge(case, Verb.SIGN_FOR) is None:
        return None
    return holding.sign_for(case, actor=cast.holder(case), now=cue.at)


def hand_back(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Where the street has the case, or the time to hand it back is over, nobody does."""
    if why_not_hand_back(case, cast.office.calendar, cue.at) is not None:
        return None
    cast.came_from[case.id] = case.holder_id
    return holding.hand_back(
        case, cast.office, reason=cue.arguments["reason"], actor=cast.holder(case), now=cue.at
    )


def rule(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Granted, the case goes to a sister unit of the one that handed it back, else back to it."""
    if _edge(case, Verb.RULE) is None:
        return None
    origin = cast.office.tree[cast.came_from[case.id]]
    sisters = sorted(
        node.code
        for node in cast.office.tree.nodes.values()
        if node.parent_id == origin.parent_id and node != origin
    )
    granted = cue.arguments["granted"] == "yes" and sisters
    target = cast.office.tree.by_code[sisters[case.id % len(sisters)]] if granted else origin
    reason = "granted" if granted else "refused"
    return holding.rule(
        case, cast.office, unit_id=target.id, reason=reason, actor=cast.holder(case), now=cue.at
    )


def submit(case: Case, cast: Cast, cue: Cue) -> Step:
    holder = cast.holder(case)
    return answer.submit(case, cast.office, reason=cue.arguments["reply"], actor=holder, now=cue.at)


def approve(case: Case, cast: Cast, cue: Cue) -> Step:
    return answer.approve(case, cast.office, actor=cast.holder(case), now=cue.at)


def call_back(case: Case, cast: Cast, cue: Cue) -> Step:
    """Who was helped is satisfied, who was told why not is less so."""
    is_solved = cue.arguments["ending"] == Ending.SOLVED
    said = Satisfaction.SATISFIED if is_solved else Satisfaction.FAIR
    call = answer.CallBack(was_reached=True, is_solved=is_solved, satisfaction=said)
    return answer.call_back(case, call, actor=cast.clerk, now=cue.at)


def reply(case: Case, cast: Cast, cue: Cue) -> Step:
    is_solved = cue.arguments["ending"] == Ending.SOLVED
    opinion = answer.Opinion(
        OpinionResult.SUPPORTED if is_solved else OpinionResult.EXPLAINED,
        cue.arguments["reply"],
        ServiceMethod.IN_PERSON,
        local_day(cue.at),
    )
    return answer.reply(case, cast.office, opinion, actor=cast.clerk, now=cue.at)


def settle(case: Case, cast: Cast, cue: Cue) -> Step:
    ending, reply = Ending(cue.arguments["ending"]), cue.arguments["reply"]
    return answer.settle(case, ending=ending, reason=reply, actor=cast.holder(case), now=cue.at)


def withdraw(case: Case, cast: Cast, cue: Cue) -> Step:
    return closing.withdraw(case, reason=cue.arguments["reply"], actor=cast.clerk, now=cue.at)


def void(case: Case, cast: Cast, cue: Cue) -> Step:
    return closing.void(case, reason=cue.arguments["reason"], actor=cast.clerk, now=cue.at)


def divert(case: Case, cast: Cast, cue: Cue) -> Step:
    notice = acceptance.Notice(OTHERWISE, cue.arguments["reason"])
    route = DivertRoute(cue.arguments["route"])
    return acceptance.divert(case, route=route, notice=notice, actor=cast.clerk, now=cue.at)


def open_mediation(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    lot = Random(case.id)  # noqa: S311  # a made-up neighbour, the same at every load
    one, other = make_person(lot), make_person(lot)
    mediation.open_mediation(
        session,
        case,
        cast.office,
        mediator=cast.mediator(case).name,
        started_by=StartedBy.APPLICATION if case.id % 2 else StartedBy.INITIATIVE,
        sides=[
            mediation.Side(one.name, one.phone, is_applicant=True),
            mediation.Side(other.name, other.phone),
        ],
        actor=cast.mediator(case),
        now=cue.at,
    )


def hold_session(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    mediation.hold_session(
        session,
        case,
        held_at=cue.at,
        place=cast.office.tree[case.holder_id].name,
        text=cue.arguments["notes"],
        actor=cast.mediator(case),
        now=cue.at,
    )


def agree(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    terms = mediation.Terms(AgreementForm(cue.arguments["form"]), cue.arguments["text"])
    mediation.agree(session, case, terms, actor=cast.mediator(case), now=cue.at)


def fail(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    mediation.fail(session, case, reason=cue.arguments["reason"], actor=cast.mediator(case), now=cue.at)


# Verbs on the case alone are recorded together; those of a mediation have rows of their own to write.
PURE: dict[ScriptVerb, Callable[[Case, Cast, Cue], Step | None]] = {
    ScriptVerb.ACCEPT: accept,
    ScriptVerb.ASSESS: assess,
    ScriptVerb.SIGN_FOR: sign_for,
    ScriptVerb.HAND_BACK: hand_back,
    ScriptVerb.RULE: rule,
    ScriptVerb.SUBMIT: submit,
    ScriptVerb.APPROVE: approve,
    ScriptVerb.CALL_BACK: call_back,
    ScriptVerb.REPLY: reply,
    ScriptVerb.SETTLE: settle,
    ScriptVerb.WITHDRAW: withdraw,
    ScriptVerb.VOID: void,
    ScriptVerb.DIVERT: divert,
}
WRITING: dict[ScriptVerb, Callable[[Session, Case, Cast, Cue], None]] = {
    ScriptVerb.MEDIATE_OPEN: open_mediation,
    ScriptVerb.MEDIATE_SESSION: hold_session,
    ScriptVerb.MEDIATE_AGREE: agree,
    ScriptVerb.MEDIATE_FAIL: fail,
}


def _edge(case: Case, verb: Verb) -> Edge | None:
    return find_edge(machine_of(case.kind, case.rule_set), case.state, verb)
