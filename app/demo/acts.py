"""What a step of a script does: the real verb, by the person whose turn it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.demo.names import make_person
from app.demo.script import ScriptVerb
from app.demo.script import Step as Cue
from mediation import service as mediation
from mediation.vocabulary import AgreementForm, StartedBy
from petitions import handling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.states import next_state
from petitions.vocabulary import DivertRoute, Ending, Verb


@dataclass
class Cast:
    """Who acts for each unit, the clerk at the desk, and what the replay has to remember of a hand-back."""

    office: Office
    of_unit: Mapping[int, Actor]
    clerk: Actor
    came_from: dict[int, int] = field(default_factory=dict)

    def holder(self, case: Case) -> Actor:
        """The person posted to the unit that has the case."""
        return self.of_unit[case.holder_id]


def sign_for(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Nobody signs twice, whatever the script says after a hand-back that did not happen."""
    if next_state(case.kind, case.state, Verb.SIGN_FOR) is None:
        return None
    return handling.sign_for(case, cast.office, actor=cast.holder(case), now=cue.at)


def hand_back(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Only a unit with one above it hands back; by the time the street has the case nobody does."""
    if cast.office.tree.parent(case.holder_id) is None:
        return None
    cast.came_from[case.id] = case.holder_id
    return handling.hand_back(
        case, cast.office, reason=cue.arguments["reason"], actor=cast.holder(case), now=cue.at
    )


def rule(case: Case, cast: Cast, cue: Cue) -> Step | None:
    """Granted, the case goes to a sister unit of the one that handed it back, else back to it."""
    if next_state(case.kind, case.state, Verb.RULE) is None:
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
    return handling.rule(
        case, cast.office, unit_id=target.id, reason=reason, actor=cast.holder(case), now=cue.at
    )


def settle(case: Case, cast: Cast, cue: Cue) -> Step:
    ending, reply = Ending(cue.arguments["ending"]), cue.arguments["reply"]
    return handling.settle(case, ending=ending, reason=reply, actor=cast.holder(case), now=cue.at)


def void(case: Case, cast: Cast, cue: Cue) -> Step:
    return handling.void(case, reason=cue.arguments["reason"], actor=cast.clerk, now=cue.at)


def divert(case: Case, cast: Cast, cue: Cue) -> Step:
    route, reason = DivertRoute(cue.arguments["route"]), cue.arguments["reason"]
    return handling.divert(case, route=route, reason=reason, actor=cast.clerk, now=cue.at)


def open_mediation(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    lot = Random(case.id)  # noqa: S311  # a made-up neighbour, the same at every load
    one, other = make_person(lot), make_person(lot)
    mediation.open_mediation(
        session,
        case,
        cast.office,
        mediator=cast.holder(case).name,
        started_by=StartedBy.APPLICATION if case.id % 2 else StartedBy.INITIATIVE,
        sides=[
            mediation.Side(one.name, one.phone, is_applicant=True),
            mediation.Side(other.name, other.phone),
        ],
        actor=cast.holder(case),
        now=cue.at,
    )


def hold_session(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    mediation.hold_session(
        session,
        case,
        held_at=cue.at,
        place=cast.office.tree[case.holder_id].name,
        text=cue.arguments["notes"],
        actor=cast.holder(case),
        now=cue.at,
    )


def agree(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    terms = mediation.Terms(AgreementForm(cue.arguments["form"]), cue.arguments["text"])
    mediation.agree(session, case, terms, actor=cast.holder(case), now=cue.at)


def fail(session: Session, case: Case, cast: Cast, cue: Cue) -> None:
    mediation.fail(session, case, reason=cue.arguments["reason"], actor=cast.holder(case), now=cue.at)


# Verbs on the case alone are recorded together; those of a mediation have rows of their own to write.
PURE: dict[ScriptVerb, Callable[[Case, Cast, Cue], Step | None]] = {
    ScriptVerb.SIGN_FOR: sign_for,
    ScriptVerb.HAND_BACK: hand_back,
    ScriptVerb.RULE: rule,
    ScriptVerb.SETTLE: settle,
    ScriptVerb.VOID: void,
    ScriptVerb.DIVERT: divert,
}
WRITING: dict[ScriptVerb, Callable[[Session, Case, Cast, Cue], None]] = {
    ScriptVerb.MEDIATE_OPEN: open_mediation,
    ScriptVerb.MEDIATE_SESSION: hold_session,
    ScriptVerb.MEDIATE_AGREE: agree,
    ScriptVerb.MEDIATE_FAIL: fail,
}
