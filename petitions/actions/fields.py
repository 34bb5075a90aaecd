"""The fields of the form of a step, from what its edge needs: how each is called, asked and chosen from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.i18n import lazy as _
from grid.tree import Node, Tree
from petitions.actions.table import units_below, units_within
from petitions.labels import label
from petitions.models import Case
from petitions.office import Office
from petitions.states.edge import Edge, Need
from petitions.vocabulary import (
    SETTLED,
    DivertRoute,
    Ending,
    OpinionResult,
    ReviewResult,
    RiskLevel,
    Satisfaction,
    ServiceMethod,
    Urgency,
    Verb,
)


class Widget(StrEnum):
    """How a field is asked."""

    AREA = "area"
    TEXT = "text"
    DAY = "day"
    SELECT = "select"
    CHECK = "check"


class Group(StrEnum):
    """Where on the page a step stands: what leads on, what is done meanwhile, and the rarer ways."""

    NEXT = "next"
    MEANWHILE = "meanwhile"
    OTHERWISE = "otherwise"


Options = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `value` stands there at first, `options` are what a select offers."""

    name: str
    label: Any
    widget: Widget
    is_required: bool
    options: Options = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom and what a form is for."""

    case: Case
    office: Office
    actor: Actor
    now: datetime

    @property
    def tree(self) -> Tree:
        """The units of the case's street."""
        return self.office.tree


@dataclass(frozen=True, slots=True)
class _Kind:
    label: Any
    widget: Widget
    options: Callable[[Asked, Edge], Options] = lambda _asked, _edge: ()
    value: Callable[[Asked], str] = lambda _asked: ""


def group_of(verb: Verb) -> Group:
    """The group of a verb; `Verb` names them in this order."""
    order = list(Verb)
    if order.index(verb) < order.index(Verb.HAND_DOWN):
        return Group.NEXT
    return Group.MEANWHILE if order.index(verb) < order.index(Verb.OBJECT) else Group.OTHERWISE


def fields_of(edge: Edge, asked: Asked) -> list[Field]:
    """The fields of the form of `edge`, in the order of its needs."""
    needed = [(need, True) for need in edge.needs] + [(need, False) for need in edge.may_say]
    return [_field(need, is_required, edge, asked) for need, is_required in needed]


def _field(need: Need, is_required: bool, edge: Edge, asked: Asked) -> Field:
    kind = _KINDS[need]
    title = _REASON_LABEL.get(edge.verb, kind.label) if need is Need.REASON else kind.label
    options = kind.options(asked, edge)
    return Field(need.value, title, kind.widget, is_required, options, kind.value(asked))


def _members(members: Iterable[StrEnum]) -> Callable[[Asked, Edge], Options]:
    listed = list(members)
    return lambda _asked, _edge: [(member.value, label(member)) for member in listed]


def _named(nodes: Iterable[Node]) -> Options:
    return [(node.code, node.name) for node in nodes]


def _units(asked: Asked, edge: Edge) -> Options:
    if edge.verb is Verb.HAND_DOWN:
        return _named(units_below(asked.case, asked.tree, asked.actor))
    if edge.verb is Verb.RULE:
        return _named(units_within(asked.tree, asked.actor))
    return [option for option in _every_unit(asked, edge) if option[0] != _holder(asked).code]


def _every_unit(asked: Asked, _edge: Edge) -> Options:
    return _named(asked.tree.standing)


def _holder(asked: Asked) -> Node:
    return asked.tree[asked.case.holder_id]


def _endings(_asked: Asked, edge: Edge) -> Options:
    # A settlement by agreement is written by its mediation, and the desk itself only solves or explains.
    by_hand = sorted(SETTLED - {Ending.SETTLED_BY_AGREEMENT})
    offered = [Ending.SOLVED, Ending.EXPLAINED] if edge.verb is Verb.ANSWER_DIRECTLY else by_hand
    return [(ending.value, label(ending)) for ending in offered]


def _urgencies(asked: Asked, _edge: Edge) -> Options:
    return [(one.value, label(one)) for one in Urgency if one is not asked.case.urgency]


_YES_NO: Options = [("yes", _("Yes")), ("no", _("No"))]

_KINDS: dict[Need, _Kind] = {
    Need.REASON: _Kind(_("Why"), Widget.AREA),
    Need.UNIT: _Kind(_("Unit"), Widget.SELECT, _units),
    Need.PROPOSED: _Kind(_("Proposed unit (if you know it)"), Widget.SELECT, _every_unit),
    Need.ENDING: _Kind(_("How it ended"), Widget.SELECT, _endings),
    Need.ROUTE: _Kind(_("Lawful route"), Widget.SELECT, _members(DivertRoute)),
    Need.RECIPIENT: _Kind(_("To which body"), Widget.TEXT),
    Need.OPINION: _Kind(_("What the opinion says"), Widget.SELECT, _members(OpinionResult)),
    Need.RESULT: _Kind(_("Result of the review"), Widget.SELECT, _members(ReviewResult)),
    Need.DECISION: _Kind(_("Number of the decision"), Widget.TEXT),
    Need.SERVICE: _Kind(_("How it was told or served"), Widget.SELECT, _members(ServiceMethod)),
    Need.SERVED_ON: _Kind(_("Served on"), Widget.DAY, value=lambda asked: local_day(asked.now).isoformat()),
    Need.UNTIL: _Kind(_("Until the end of"), Widget.DAY),
    Need.FIRST_DAY: _Kind(_("First day of the hearing"), Widget.DAY),
    Need.LAST_DAY: _Kind(_("Last day of the hearing"), Widget.DAY),
    Need.CONTACTED: _Kind(_("Was the citizen reached?"), Widget.SELECT, lambda _asked, _edge: _YES_NO),
    Need.SOLVED: _Kind(_("Is it solved?"), Widget.SELECT, lambda _asked, _edge: _YES_NO),
    Need.SATISFACTION: _Kind(_("How satisfied?"), Widget.SELECT, _members(Satisfaction)),
    Need.RISK: _Kind(
        _("Risk level"), Widget.SELECT, _members(RiskLevel), lambda _asked: RiskLevel.GENERAL.value
    ),
    Need.URGENCY: _Kind(_("Urgency"), Widget.SELECT, _urgencies),
    Need.CATEGORY: _Kind(_("Category"), Widget.TEXT, value=lambda asked: asked.case.category or ""),
    Need.SIMPLIFIED: _Kind(
        _("Handle simply: first time, clear, undisputed (ten working days)"), Widget.CHECK
    ),
}

_REASON_LABEL: dict[Verb, Any] = {
    Verb.SETTLE: _("Reply or result"),
    Verb.REPLY: _("Opinion: request, facts, result and its basis"),
    Verb.SUBMIT: _("What was done, and the answer to the citizen"),
    Verb.ANSWER_DIRECTLY: _("Answer to the citizen"),
    Verb.NOTE: _("What was done or heard"),
    Verb.CALL_BACK: _("What the citizen said"),
    Verb.ASK_INFO: _("What must be asked"),
    Verb.GIVE_INFO: _("What was said"),
    Verb.ASK_HELP: _("What the helper is to do"),
    Verb.GIVE_HELP: _("What was done"),
    Verb.ANSWER_SUPERVISION: _("Report: what has been done"),
    Verb.REQUEST_REVIEW: _("What the petitioner asks to be reviewed"),
    Verb.REQUEST_RE_REVIEW: _("What the petitioner asks to be reviewed"),
    Verb.RECORD_REVIEW: _("What the review says"),
    Verb.RECORD_RE_REVIEW: _("What the re-review says"),
    Verb.CLOSE_HEARING: _("What came of the hearing"),
    Verb.APPROVE_EXTENSION: _("What the citizen was told"),
}
