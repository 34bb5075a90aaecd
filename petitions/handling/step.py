"""How anything is done to a case: one lawful step, by somebody who may take it, with what it changes.

All verbs are pure: they read a case and return the step to be recorded. They raise Conflict where the table
of states has no such edge, Forbidden where the case is not the actor's to act on, Invalid for a bad argument.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from grid.tree import Tree
from grid.vocabulary import Tier
from petitions import clocks
from petitions.history import Step, Telling
from petitions.labels import label
from petitions.models import Case
from petitions.office import Office
from petitions.refusals import why_not
from petitions.states.edge import Edge
from petitions.states.machine import find_edge, machine_of, permissions_for
from petitions.states.tied import MEANWHILE, is_waiting
from petitions.vocabulary import Ending, Urgency, Verb


def step(
    case: Case,
    verb: Verb,
    actor: Actor,
    now: datetime,
    changes: Mapping[str, Any],
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
    tell: tuple[Telling, ...] = (),
    *,
    at_unit: int | None = None,
) -> Step:
    """The step of `verb`, once the table of states has the edge and the actor may take it.

    The permission must be held at the holder or above it, or at `at_unit` where another unit is asked (a
    helper). An event is kept for ever, so the reason enters it without telephone and identity numbers, and
    raises Conflict where `now` lies before what the case itself says has happened.
    """
    edge = demand_edge(case, verb, actor, at_unit=at_unit)
    if now < max(at for at in (case.tier_started_at, case.ended_at, case.suspended_at) if at):
        raise Conflict(_("The case has gone on after this moment; the clock of this machine may be slow."))
    changed = {**changes, "state": edge.after}
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


def demand_edge(case: Case, verb: Verb, actor: Actor, *, at_unit: int | None = None) -> Edge:
    """The edge of `verb` out of the case's state; raises Forbidden or Conflict, saying why."""
    machine = machine_of(case.kind, case.rule_set)
    edge = find_edge(machine, case.state, verb)
    unit = case.holder_id if at_unit is None else at_unit
    asked = {edge.by} if edge else permissions_for(machine, verb)
    if not actor.everywhere and not any(by and actor.may(by, unit) for by in asked):
        if asked and not any(by and actor.can(by) for by in asked):
            raise Forbidden(_("Your role does not include this action. Ask your system administrator."))
        if edge or asked:
            raise Forbidden(_("Another unit has this case now; only it or a unit above it may act."))
    if edge is None:
        raise Conflict(
            why_not(machine, case.state, verb)
            or _(
                "%(verb)s is not possible while the case is: %(state)s.",
                verb=label(verb),
                state=label(case.state),
            )
        )
    demand_free(case, verb)
    return edge


def demand_free(case: Case, verb: Verb) -> None:
    """Raise Conflict where the case waits for another or for its parts, and `verb` is not done meanwhile."""
    if not waits(case, verb):
        return
    if case.part_count:
        raise Conflict(_("This order has been split: act on its parts; it ends with them."))
    raise Conflict(_("This case is merged under another and is answered with it. Separate it first."))


def waits(case: Case, verb: Verb) -> bool:
    """Whether `verb` is not for the case alone: it is merged under another, or was split into parts.

    One that has ended may do what follows an end; opened by itself, a merged case goes its own way, while an
    order is opened by its parts.
    """
    if verb in MEANWHILE:
        return False
    if case.ended_at is not None:
        return case.part_count > 0 and verb is Verb.REOPEN
    return is_waiting(case)


def held_by(
    case: Case, office: Office, unit_id: int, now: datetime, *, by_hand: bool = False
) -> dict[str, Any]:
    """The columns by which `unit_id` has the case from `now`, with a tier clock of its own.

    `by_hand` is true where somebody above chose the unit: what goes up at once would not stay there.
    """
    tier = office.tree[unit_id].tier
    clock = tier_clock(case, office, tier, now, by_hand=by_hand)
    stopped = clocks.STOPPED if is_waiting(case) else {}
    return {"holder_id": unit_id, "holder_tier": tier, **clock, **stopped}


def tier_clock(
    case: Case, office: Office, tier: Tier, at: datetime, *, by_hand: bool = False
) -> dict[str, Any]:
    """The columns of the clock of a unit of `tier` that begins at `at`, by the policy in force then."""
    limit = office.policies.limit((case.street_id, case.kind, case.urgency, tier), at)
    if limit and by_hand:
        limit = limit.handed_down()
    clock = clocks.tier(limit, at, office.calendar)
    if case.suspended_at:
        # The clock of whoever gets it while it stands still starts with the whole of its hours.
        minutes = limit.limit_hours * 60 if limit and limit.limit_hours is not None else None
        return {**clock, **clocks.STOPPED, "tier_left": minutes}
    return clock


def demand_of_street(case: Case, tree: Tree, unit_id: int) -> None:
    """Raise Invalid unless `unit_id` is a unit of the case's street that is still there."""
    if unit_id not in tree.nodes or tree.line(unit_id)[-1].id != case.street_id:
        raise Invalid(_("Choose a unit of this street."), fields={"unit": _("Choose a unit.")})
    if tree[unit_id].is_ended:
        gone = _("%(unit)s is there no more; choose the unit that has its land now.", unit=tree[unit_id].name)
        raise Invalid(gone, fields={"unit": gone})


def ended(ending: Ending, now: datetime) -> dict[str, Any]:
    """The columns by which a case ends at `now`: no tier clock goes on, no helper is waited for."""
    return {"ending": ending, "ended_at": now, "assist_due_at": None, **clocks.STOPPED}


def opened(case: Case, office: Office, unit_id: int, now: datetime) -> dict[str, Any]:
    """The columns by which an ended case is open again with `unit_id`; its first clock is as it was.

    Where boundaries were published meanwhile, whoever has the land of a unit that is there no more stands
    for it, as holder and as place.
    """
    return {
        **place_standing(case, office.tree),
        "ending": None,
        "ended_at": None,
        "opinion_result": None,
        # Whoever is opened by itself goes its own way; what its master was is in the history.
        "master_id": None,
        **clocks.NOTHING_AFTER,
        **held_by(case, office, office.tree.successor(unit_id), now, by_hand=True),
    }


def place_standing(case: Case, tree: Tree) -> dict[str, Any]:
    """The columns of the place of a case that is open again, where its unit is there no more."""
    known = case.grid_id or case.community_id
    if known is None or not tree[known].is_ended:
        return {}
    places = tree.places(tree.successor(known))
    return {"community_id": places.get(Tier.COMMUNITY), "grid_id": places.get(Tier.GRID)}


def given(text: str | None, field: str = "reason") -> str:
    """The text without blanks around it; raises Invalid where there is none."""
    if not text or not text.strip():
        raise Invalid(_("Say why."), fields={field: _("Say why.")})
    return text.strip()


def telling(case: Case, tree: Tree, unit_id: int, kind: str, **more: str) -> Telling:
    """A notice to `unit_id` of what befell the case at its present holder; urgent where the matter is."""
    said = {"number": case.number, "from": tree[case.holder_id].name, **more}
    return Telling(unit_id, kind, said, urgent=case.urgency is not Urgency.NORMAL)
