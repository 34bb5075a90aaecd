"""Who has a case: taken in hand, handed back, ruled on, handed down. The first clock knows nothing of it."""

from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier
from petitions.handling.step import demand_of_street, given, held_by, step, telling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.order_limits import why_not_hand_back
from petitions.vocabulary import Verb


def sign_for(case: Case, *, actor: Actor, now: datetime) -> Step:
    """签收: take the case in hand."""
    return step(case, Verb.SIGN_FOR, actor, now, {})


def hand_back(
    case: Case, office: Office, *, reason: str, proposed_id: int | None = None, actor: Actor, now: datetime
) -> Step:
    """退单: give the case back to the unit above, which rules whose it is; `proposed_id` is a proposal.

    After as many hand-backs as the rule set allows (a local default) the last ruling is final. Raises
    Conflict then, at the street, and where the time to hand an order back is over.
    """
    refusal = why_not_hand_back(case, office.calendar, now)
    if refusal:
        raise Conflict(refusal)
    parent = office.tree.line(case.holder_id)[1]
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
    """下派, 派遣: give the case to a unit below its holder; a community or grid also says where it is."""
    given_down = _give(case, office, Verb.HAND_DOWN, unit_id, reason, actor, now)
    if case.holder_id not in {above.id for above in office.tree.line(unit_id)[1:]}:
        raise Invalid(_("A case is handed down to a unit below the one that has it."))
    return given_down


def _give(
    case: Case, office: Office, verb: Verb, unit_id: int, reason: str, actor: Actor, now: datetime
) -> Step:
    tree = office.tree
    if unit_id not in tree.nodes or not actor.covers(unit_id):
        raise Forbidden(_("You can only give a case to a unit below you."))
    demand_of_street(case, tree, unit_id)
    # Handed down to the community in which it is known to lie, a case stays in its grid; a ruling says anew.
    is_known = verb is Verb.HAND_DOWN and unit_id == case.community_id
    changes = {} if is_known else _place(tree, unit_id)
    if unit_id != case.holder_id:
        changes |= held_by(case, office, unit_id, now, by_hand=True)
    told = telling(case, tree, unit_id, "given")
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
