"""What a person may do on the page of a case: one table from the verb to its permission and its call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.tree import Node, Tree
from grid.vocabulary import Tier
from petitions import handling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.states import allowed
from petitions.vocabulary import DivertRoute, Ending, Verb

Form = Mapping[str, str]
Do = Callable[[Case, Office, Form, Actor, datetime], Step]


@dataclass(frozen=True, slots=True)
class Action:
    """One verb on the page: who may, and how the form becomes a step."""

    permission: Permission
    do: Do


def _sign_for(case: Case, office: Office, _form: Form, actor: Actor, now: datetime) -> Step:
    return handling.sign_for(case, office, actor=actor, now=now)


def _note(case: Case, _office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    return handling.note(case, text=form.get("reason", ""), actor=actor, now=now)


def _hand_back(case: Case, office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    proposed = _unit(office.tree, form).id if form.get("unit") else None
    return handling.hand_back(
        case, office, reason=form.get("reason", ""), proposed_id=proposed, actor=actor, now=now
    )


def _rule(case: Case, office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    unit_id = _unit(office.tree, form).id
    return handling.rule(case, office, unit_id=unit_id, reason=form.get("reason", ""), actor=actor, now=now)


def _hand_down(case: Case, office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    unit_id = _unit(office.tree, form).id
    return handling.hand_down(
        case, office, unit_id=unit_id, reason=form.get("reason", ""), actor=actor, now=now
    )


def _settle(case: Case, _office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    if form.get("ending") not in {member.value for member in Ending}:
        raise Invalid(_("Say how the matter ended."), fields={"ending": _("Say how the matter ended.")})
    return handling.settle(
        case, ending=Ending(form["ending"]), reason=form.get("reason", ""), actor=actor, now=now
    )


def _divert(case: Case, _office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    if form.get("route") not in {member.value for member in DivertRoute}:
        raise Invalid(_("Choose the lawful route."), fields={"route": _("Choose the lawful route.")})
    route = DivertRoute(form["route"])
    return handling.divert(case, route=route, reason=form.get("reason", ""), actor=actor, now=now)


def _void(case: Case, _office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    return handling.void(case, reason=form.get("reason", ""), actor=actor, now=now)


def _reopen(case: Case, office: Office, form: Form, actor: Actor, now: datetime) -> Step:
    return handling.reopen(case, office, reason=form.get("reason", ""), actor=actor, now=now)


# In the order in which the page offers them.
ACTIONS: dict[Verb, Action] = {
    Verb.SIGN_FOR: Action(Permission.CASE_HANDLE, _sign_for),
    Verb.SETTLE: Action(Permission.CASE_HANDLE, _settle),
    Verb.RULE: Action(Permission.CASE_RULE, _rule),
    Verb.HAND_DOWN: Action(Permission.CASE_RULE, _hand_down),
    Verb.HAND_BACK: Action(Permission.CASE_HANDLE, _hand_back),
    Verb.NOTE: Action(Permission.CASE_HANDLE, _note),
    Verb.DIVERT: Action(Permission.CASE_EXCLUDE, _divert),
    Verb.VOID: Action(Permission.CASE_EXCLUDE, _void),
    Verb.REOPEN: Action(Permission.CASE_RULE, _reopen),
}


def offered(case: Case, tree: Tree, actor: Actor) -> list[Verb]:
    """The verbs that the state allows and a role of the actor that is held over the holder."""
    possible = set(allowed(case.kind, case.state))
    if case.holder_tier is Tier.STREET:
        possible.discard(Verb.HAND_BACK)
    if not units_below(case, tree, actor):
        possible.discard(Verb.HAND_DOWN)
    return [
        verb
        for verb, action in ACTIONS.items()
        if verb in possible and actor.may(action.permission, case.holder_id)
    ]


def act(case: Case, office: Office, verb: str, form: Form, *, actor: Actor, now: datetime) -> Step:
    """The step of `verb` with the fields of its form; raises NotFound for a verb the page does not know."""
    action = ACTIONS.get(Verb(verb)) if verb in {member.value for member in Verb} else None
    if action is None:
        raise NotFound(_("There is no such action."))
    actor.demand(action.permission)
    if not actor.may(action.permission, case.holder_id):
        raise Forbidden(_("Another unit has this case now; only it or a unit above it may act."))
    return action.do(case, office, form, actor, now)


def units_below(case: Case, tree: Tree, actor: Actor) -> list[Node]:
    """The units below the holder to which the actor may give the case."""
    below = (
        node
        for node in tree.nodes.values()
        if node.id != case.holder_id and actor.may(Permission.CASE_RULE, node.id)
    )
    found = [node for node in below if any(above.id == case.holder_id for above in tree.line(node.id))]
    return sorted(found, key=lambda node: node.code)


def units_within(tree: Tree, actor: Actor) -> list[Node]:
    """Every unit to which the actor may give a case."""
    within = (node for node in tree.nodes.values() if actor.may(Permission.CASE_RULE, node.id))
    return sorted(within, key=lambda node: node.code)


def _unit(tree: Tree, form: Form) -> Node:
    node = tree.by_code.get(form.get("unit", ""))
    if node is None:
        raise Invalid(_("Choose a unit."), fields={"unit": _("Choose a unit.")})
    return node
