"""What people do to a case. Every verb is pure: it reads a case and returns the step to be recorded.

All take `actor` (whose reach must cover the holder) and `now`. They raise Conflict where the table of
states has no such edge, Forbidden where the case is not the actor's to act on, Invalid for a bad argument.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier
from petitions import clocks
from petitions.history import Step, Telling
from petitions.labels import label
from petitions.models import Case
from petitions.office import Office
from petitions.states import next_state
from petitions.vocabulary import SETTLED, CaseKind, DivertRoute, Ending, Urgency, Verb


def sign_for(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """签收: take the case in hand; a petition is thereby accepted and its handling limit starts, once."""
    changes: dict[str, Any] = {}
    if case.kind is CaseKind.PETITION and case.due_rule == clocks.accept_rule(case.rule_set):
        changes = clocks.accepted(case.rule_set, now, office.calendar)
    return step(case, Verb.SIGN_FOR, actor, now, changes)


def note(case: Case, *, text: str, actor: Actor, now: datetime) -> Step:
    """Write down what was done or heard; no clock moves."""
    return step(case, Verb.NOTE, actor, now, {}, reason=given(text))


def hand_back(
    case: Case, office: Office, *, reason: str, proposed_id: int | None = None, actor: Actor, now: datetime
) -> Step:
    """退单: give the case back to the unit above, which rules whose it is; `proposed_id` is a proposal."""
    parent = office.tree.parent(case.holder_id)
    if parent is None:
        raise Conflict(_("There is no unit above the street to hand this back to."))
    changes = {"hand_backs": case.hand_backs + 1, **held_by(case, office, parent.id, now)}
    detail = {"proposed": office.tree[proposed_id].code} if proposed_id else {}
    told = telling(case, office.tree, parent.id, "handed_back")
    return step(case, Verb.HAND_BACK, actor, now, changes, given(reason), detail, (told,))


def rule(case: Case, office: Office, *, unit_id: int, reason: str, actor: Actor, now: datetime) -> Step:
    """Rule on a hand-back: `unit_id`, inside the actor's reach, has the case from now on.

    A holder that rules the case to itself keeps its clock.
    """
    return _give(case, office, Verb.RULE, unit_id, reason, actor, now)


def hand_down(case: Case, office: Office, *, unit_id: int, reason: str, actor: Actor, now: datetime) -> Step:
    """下派: give the case to a unit below its holder; naming a community or grid also says where it is."""
    given_down = _give(case, office, Verb.HAND_DOWN, unit_id, reason, actor, now)
    if case.holder_id not in {above.id for above in office.tree.line(unit_id)[1:]}:
        raise Invalid(_("A case is handed down to a unit below the one that has it."))
    return given_down


def settle(case: Case, *, ending: Ending, reason: str, actor: Actor, now: datetime) -> Step:
    """End the case with a typed ending that counts as settled; `reason` is the reply or the result.

    An agreement is concluded in a mediation, never entered here.
    """
    if ending not in SETTLED or ending is Ending.SETTLED_BY_AGREEMENT:
        raise Invalid(_("This ending is not entered by hand: conclude an agreement, divert or void instead."))
    return step(case, Verb.SETTLE, actor, now, ended(ending, now), given(reason))


def divert(case: Case, *, route: DivertRoute, reason: str, actor: Actor, now: datetime) -> Step:
    """诉访分离: tell the citizen the lawful route; the case leaves the rate."""
    changes = ended(Ending.DIVERTED, now)
    return step(case, Verb.DIVERT, actor, now, changes, given(reason), {"route": route.value})


def void(case: Case, *, reason: str, actor: Actor, now: datetime) -> Step:
    """作废: a duplicate or invalid order; kept, and left out of the rate."""
    return step(case, Verb.VOID, actor, now, ended(Ending.VOID, now), given(reason))


def reopen(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """Open an ended case again with its holder; the statutory clock is as it was."""
    changes = {"ending": None, "ended_at": None, **held_by(case, office, case.holder_id, now)}
    return step(case, Verb.REOPEN, actor, now, changes, given(reason))


def step(
    case: Case,
    verb: Verb,
    actor: Actor,
    now: datetime,
    changes: Mapping[str, Any],
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
    tell: tuple[Telling, ...] = (),
) -> Step:
    """The step of `verb`, once the actor may act here and the table of states has the edge.

    An event is kept for ever, so the reason enters it without telephone and identity numbers, and raises
    Conflict where `now` lies before what the case itself says has happened.
    """
    if not actor.covers(case.holder_id):
        raise Forbidden(_("Another unit has this case now; only it or a unit above it may act."))
    state = next_state(case.kind, case.state, verb)
    if state is None:
        raise Conflict(
            _(
                "%(verb)s is not possible while the case is: %(state)s.",
                verb=label(verb),
                state=label(case.state),
            )
        )
    if now < max(at for at in (case.tier_started_at, case.ended_at) if at):
        raise Conflict(_("The case has gone on after this moment; the clock of this machine may be slow."))
    changed = {**changes, "state": state}
    kept = {name: value for name, value in changed.items() if value != getattr(case, name)}
    return Step(
        case=case,
        verb=verb,
        actor=actor,
        at=now,
        changes=kept,
        reason=mask_numbers(reason) if reason else None,
        detail=detail or {},
        tell=tell,
    )


def held_by(case: Case, office: Office, unit_id: int, now: datetime) -> dict[str, Any]:
    """The columns by which `unit_id` has the case from `now`, with a tier clock of its own."""
    tier = office.tree[unit_id].tier
    return {"holder_id": unit_id, "holder_tier": tier, **tier_clock(case, office, tier, now)}


def tier_clock(case: Case, office: Office, tier: Tier, at: datetime) -> dict[str, Any]:
    """The columns of the tier clock when a unit of `tier` takes the case at `at`."""
    return clocks.tier(case.kind, case.urgency, tier, at, office.calendar, office.limits)


def ended(ending: Ending, now: datetime) -> dict[str, Any]:
    """The columns by which a case ends at `now`; its holder's clock stops."""
    return {"ending": ending, "ended_at": now, **clocks.STOPPED}


def given(text: str | None) -> str:
    """The text without blanks around it; raises Invalid where there is none."""
    if not text or not text.strip():
        raise Invalid(_("Say why."), fields={"reason": _("Say why.")})
    return text.strip()


def _give(
    case: Case, office: Office, verb: Verb, unit_id: int, reason: str, actor: Actor, now: datetime
) -> Step:
    tree = office.tree
    if unit_id not in tree.nodes or not actor.covers(unit_id):
        raise Forbidden(_("You can only give a case to a unit below you."))
    if tree.line(unit_id)[-1].id != case.street_id:
        raise Invalid(_("The unit belongs to another street."))
    # Handed down to the community in which it is known to lie, a case stays in its grid; a ruling says anew.
    is_known = verb is Verb.HAND_DOWN and unit_id == case.community_id
    changes = {} if is_known else _place(tree, unit_id)
    if unit_id != case.holder_id:
        changes |= held_by(case, office, unit_id, now)
    told = telling(case, office.tree, unit_id, "given")
    return step(case, verb, actor, now, changes, given(reason), {}, (told,))


def _place(tree: Tree, unit_id: int) -> dict[str, Any]:
    """The place that a person names with a unit: nothing new for a street, no known grid for a community."""
    places = tree.places(unit_id)
    if Tier.COMMUNITY not in places:
        return {}
    return {
        "community_id": places[Tier.COMMUNITY],
        "grid_id": places.get(Tier.GRID),
        "route_method": RouteMethod.UNIT,
        "route_certainty": 1.0,
        "route_reason": "named_by_person",
    }


def telling(case: Case, tree: Tree, unit_id: int, kind: str) -> Telling:
    """A notice of what befell the case at its present holder; urgent where the matter is."""
    said = {"number": case.number, "from": tree[case.holder_id].name}
    return Telling(unit_id, kind, said, urgent=case.urgency is not Urgency.NORMAL)
