"""What follows for the cases that belong together when something is done to one of them.

`carry_out` records steps and all that follows from them, in the same transaction; whatever may end a case,
open it again or move its deadline goes through it. The database refuses a commit that forgot (`demand_ties`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.core.errors import Conflict
from app.core.i18n import lazy as _
from grid.tree import Tree, load_tree
from petitions.clocks import NOTHING_AFTER
from petitions.escalation import stands_still
from petitions.handling.step import place_standing
from petitions.history import Step, Telling, record
from petitions.models import Case
from petitions.sameness.follow import follow
from petitions.sameness.joint import joint_ending
from petitions.states.machine import machine_of
from petitions.states.tied import PERSONAL, ends_with, opens_with
from petitions.vocabulary import Ending, Verb

# What a merged case takes over from its master's answer; the opinion and what follows it only a petition has.
_ANSWER = ("answered_at",)
_OPINION = ("opinion_result", *NOTHING_AFTER)
DEADLINE = ("due_rule", "due_at", "due_started_on", "due_raw_on", "due_missing_year", "inner_due_at")


def carry_out(session: Session, steps: Sequence[Step]) -> None:
    """Record `steps` and what follows from them: merged cases end and open with their master, an order with
    its parts, and parts keep inside the order's deadline.

    Raises Conflict where a case cannot follow and must be separated first.
    """
    while steps:
        _demand_still(session, [step for step in steps if step.verb is Verb.FOLLOW])
        record(session, steps)
        steps = _followers(session, steps)


def _demand_still(session: Session, steps: Sequence[Step]) -> None:
    """Raise Conflict where somebody has acted on a follower after the moment of its cause."""
    for at in {step.at for step in steps}:
        ids = [step.case.id for step in steps if step.at == at]
        gone_on = select(Case.number).where(Case.id.in_(ids), ~stands_still(at)).limit(1)
        if number := session.scalar(gone_on):
            raise Conflict(_("Somebody has acted on %(number)s at this moment. Try again.", number=number))


def _followers(session: Session, steps: Sequence[Step]) -> list[Step]:
    turned = {step.case.id: step for step in steps if "ending" in step.changes}
    moved = {step.case.id: step for step in steps if not set(DEADLINE).isdisjoint(step.changes)}
    moved = {key: step for key, step in moved.items() if step.case.part_count}
    found = [*_merged(session, turned)] if turned else []
    found += _orders(session, turned)
    parts = _open_parts(session, moved)
    return found + [_kept_inside(part, moved[part.parent_id]) for part in parts if part.parent_id]


def _merged(session: Session, turned: Mapping[int, Step]) -> Iterable[Step]:
    """The steps of cases merged under those that have ended or been opened again."""
    cases = _lock(session, Case.master_id.in_(turned))
    tree = _tree_of(session, cases)
    for case in cases:
        assert case.master_id is not None  # noqa: S101  # so it was selected
        cause = turned[case.master_id]
        yield _end_along(case, cause) if cause.changes["ending"] else _open_along(case, cause, tree)


def _end_along(case: Case, cause: Step) -> Step:
    ending = Ending(cause.changes["ending"])
    machine = machine_of(case.kind, case.rule_set)
    state = ends_with(machine, ending)
    if ending in PERSONAL or state is None:
        raise Conflict(
            _(
                "%(number)s is merged under this case and cannot end in this way with it: separate it first.",
                number=case.number,
            )
        )
    same = machine is machine_of(cause.case.kind, cause.case.rule_set)
    carried = (*_ANSWER, *(_OPINION if same else ()))
    changes = {name: cause.changes[name] for name in carried if name in cause.changes}
    changes |= {"ending": ending, "ended_at": cause.at, "state": state, "assist_due_at": None}
    told = Telling(case.holder_id, "ended_along", {"number": case.number, "from": cause.case.number})
    return _along(case, cause, {"master": cause.case.number}, changes, reason=cause.reason, tell=(told,))


def _open_along(case: Case, cause: Step, tree: Tree) -> Step:
    """Open with the master; what has become final or was put away keeps its end and is separated."""
    state = opens_with(machine_of(case.kind, case.rule_set), case.state)
    detail = {"master": cause.case.number}
    if state is None:
        return _along(case, cause, detail, {"master_id": None})
    changes = {**_OPENED, "state": state, **_held_again(case, tree)}
    told = Telling(changes["holder_id"], "opened_along", {"number": case.number, "from": cause.case.number})
    return _along(case, cause, detail, changes, reason=cause.reason, tell=(told,))


_OPENED: dict[str, Any] = {
    "ending": None,
    "ended_at": None,
    "answered_at": None,
    "is_solved": None,
    "satisfaction": None,
    "opinion_result": None,
    **NOTHING_AFTER,
}


def _orders(session: Session, turned: Mapping[int, Step]) -> Iterable[Step]:
    """The steps of split orders whose last part has ended, or one of whose parts is open again."""
    causes: dict[int, Step] = {step.case.parent_id: step for step in turned.values() if step.case.parent_id}
    if not causes:
        return
    parts: dict[int | None, list[Case]] = defaultdict(list)
    for part in _lock(session, Case.parent_id.in_(causes)):
        parts[part.parent_id].append(part)
    orders = _lock(session, Case.id.in_(causes))
    tree = _tree_of(session, orders)
    for order in orders:
        endings = [part.ending for part in parts[order.id]]
        if order.ended_at is None and None not in endings:
            yield _end_jointly(order, causes[order.id], parts[order.id])
        elif order.ended_at is not None and None in endings:
            yield _open_jointly(order, causes[order.id], tree)


def _end_jointly(order: Case, cause: Step, parts: Sequence[Case]) -> Step:
    ending = joint_ending([part.ending for part in parts if part.ending])
    state = ends_with(machine_of(order.kind, order.rule_set), ending)
    if state is None:
        raise LookupError(f"an order of kind {order.kind} does not end as {ending}")
    said = [part.is_solved for part in parts if part.ending is not Ending.VOID]
    changes = {
        "ending": ending,
        "ended_at": cause.at,
        "state": state,
        "answered_at": cause.at,
        "is_solved": None if None in said or not said else all(said),
        "assist_due_at": None,
    }
    detail = {"parts": [part.number for part in parts]}
    told = Telling(order.holder_id, "parts_ended", {"number": order.number})
    return _along(order, cause, detail, changes, reason="parts_ended", tell=(told,))


def _open_jointly(order: Case, cause: Step, tree: Tree) -> Step:
    state = opens_with(machine_of(order.kind, order.rule_set), order.state)
    if state is None:
        raise Conflict(
            _("The order %(number)s has been put away; register the matter anew.", number=order.number)
        )
    detail = {"parts": [cause.case.number]}
    changes = {**_OPENED, "state": state, **_held_again(order, tree)}
    return _along(order, cause, detail, changes, reason="part_opened")


def _held_again(case: Case, tree: Tree) -> dict[str, Any]:
    """Who has a case that is open again, and where it lies: by the boundaries published meanwhile."""
    holder = tree[tree.successor(case.holder_id)]
    held = {**place_standing(case, tree), "holder_id": holder.id, "holder_tier": holder.tier}
    # A policy is one of a tier; its next sweep counts the case anew.
    return held if holder.tier is case.holder_tier else {**held, "policy_id": None}


def _tree_of(session: Session, cases: Collection[Case]) -> Tree:
    return load_tree(session, {case.street_id for case in cases})


def _open_parts(session: Session, moved: Mapping[int, Step]) -> Iterable[Case]:
    return _lock(session, Case.parent_id.in_(moved), Case.ended_at.is_(None)) if moved else ()


def _kept_inside(part: Case, cause: Step) -> Step:
    changes = {name: cause.changes[name] for name in DEADLINE if name in cause.changes}
    return _along(part, cause, {"order": cause.case.number}, changes, reason="order_deadline")


def _lock(session: Session, *conditions: ColumnElement[bool]) -> Collection[Case]:
    """The cases, locked in the order of their keys after the one they belong to."""
    query = select(Case).where(*conditions).order_by(Case.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _along(
    case: Case,
    cause: Step,
    detail: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    reason: str | None = None,
    tell: tuple[Telling, ...] = (),
) -> Step:
    return follow(case, detail, changes, actor=cause.actor, now=cause.at, reason=reason, tell=tell)
