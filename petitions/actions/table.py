"""What a person may do on the page of a case: one table from the verb to its call."""

from collections.abc import Callable
from datetime import datetime

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from grid.tree import Node, Tree
from grid.vocabulary import Tier
from petitions import escalation
from petitions.actions.entries import Entries, Form
from petitions.handling import acceptance, answer, attention, closing, helping, holding, review, terms
from petitions.handling.acceptance import Notice
from petitions.handling.answer import CallBack, Opinion
from petitions.handling.review import ReviewOpinion
from petitions.handling.step import demand_edge, waits
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.order_limits import why_not_hand_back
from petitions.states.edge import Edge
from petitions.states.edge import Need as N
from petitions.states.machine import allowed, find_edge, machine_of
from petitions.vocabulary import (
    Channel,
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

Do = Callable[[Case, Office, Entries, Actor, datetime], Step]


def _why(entries: Entries) -> str:
    return entries.text(N.REASON)


def _notice(entries: Entries) -> Notice:
    return Notice(entries.member(N.SERVICE, ServiceMethod), _why(entries))


def _opinion(entries: Entries) -> Opinion:
    result, service = entries.member(N.OPINION, OpinionResult), entries.member(N.SERVICE, ServiceMethod)
    return Opinion(result, _why(entries), service, entries.day(N.SERVED_ON))


def _review(entries: Entries) -> ReviewOpinion:
    result = entries.member(N.RESULT, ReviewResult)
    return ReviewOpinion(result, entries.text(N.DECISION), _why(entries), entries.day(N.SERVED_ON))


def _call_back(entries: Entries) -> CallBack:
    return CallBack(
        entries.answer(N.CONTACTED),
        entries.answer_or_none(N.SOLVED),
        entries.member_or_none(N.SATISFACTION, Satisfaction),
        _why(entries),
    )


def _proposed(entries: Entries) -> int | None:
    node = entries.unit_or_none(N.PROPOSED)
    return node.id if node else None


# In the order of `Verb`, which is the one in which the page offers them. The lambdas' names are those of the
# verbs' own arguments: the case, the office, the form, the actor and the moment.
ACTIONS: dict[Verb, Do] = {
    Verb.ACCEPT: lambda c, o, e, a, t: acceptance.accept(
        c, o, service=e.member(N.SERVICE, ServiceMethod), actor=a, now=t
    ),
    Verb.NOTIFY_ROUTE: lambda c, o, e, a, t: acceptance.notify_route(
        c,
        o,
        service=e.member(N.SERVICE, ServiceMethod),
        is_simplified=e.is_checked(N.SIMPLIFIED),
        actor=a,
        now=t,
    ),
    Verb.ASSESS: lambda c, o, e, a, t: acceptance.assess(c, risk=e.member(N.RISK, RiskLevel), actor=a, now=t),
    Verb.SIGN_FOR: lambda c, o, e, a, t: holding.sign_for(c, actor=a, now=t),
    Verb.RULE: lambda c, o, e, a, t: holding.rule(c, o, unit_id=e.unit().id, reason=_why(e), actor=a, now=t),
    Verb.GRANT_OBJECTION: lambda c, o, e, a, t: acceptance.grant_objection(c, reason=_why(e), actor=a, now=t),
    Verb.REFUSE_OBJECTION: lambda c, o, e, a, t: acceptance.refuse_objection(
        c, o, reason=_why(e), actor=a, now=t
    ),
    Verb.APPROVE_EXTENSION: lambda c, o, e, a, t: terms.approve_extension(
        c, o, until=e.day_or_none(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.REFUSE_EXTENSION: lambda c, o, e, a, t: terms.refuse_extension(c, o, reason=_why(e), actor=a, now=t),
    Verb.APPROVE: lambda c, o, e, a, t: answer.approve(c, o, actor=a, now=t),
    Verb.SEND_BACK: lambda c, o, e, a, t: answer.send_back(c, o, reason=_why(e), actor=a, now=t),
    Verb.CALL_BACK: lambda c, o, e, a, t: answer.call_back(c, _call_back(e), actor=a, now=t),
    Verb.REPLY: lambda c, o, e, a, t: answer.reply(c, o, _opinion(e), actor=a, now=t),
    Verb.SUBMIT: lambda c, o, e, a, t: answer.submit(c, o, reason=_why(e), actor=a, now=t),
    Verb.SETTLE: lambda c, o, e, a, t: answer.settle(
        c, ending=e.member(N.ENDING, Ending), reason=_why(e), actor=a, now=t
    ),
    Verb.REDO: lambda c, o, e, a, t: answer.redo(c, o, reason=_why(e), actor=a, now=t),
    Verb.ANSWER_DIRECTLY: lambda c, o, e, a, t: acceptance.answer_directly(
        c, ending=e.member(N.ENDING, Ending), reason=_why(e), actor=a, now=t
    ),
    Verb.GIVE_INFO: lambda c, o, e, a, t: acceptance.give_info(c, reason=_why(e), actor=a, now=t),
    Verb.RESUME: lambda c, o, e, a, t: terms.resume(c, o, actor=a, now=t),
    Verb.CLOSE_HEARING: lambda c, o, e, a, t: terms.close_hearing(c, reason=_why(e), actor=a, now=t),
    Verb.REQUEST_REVIEW: lambda c, o, e, a, t: review.request_review(c, o, reason=_why(e), actor=a, now=t),
    Verb.RECORD_REVIEW: lambda c, o, e, a, t: review.record_review(c, o, _review(e), actor=a, now=t),
    Verb.REQUEST_RE_REVIEW: lambda c, o, e, a, t: review.request_re_review(
        c, o, reason=_why(e), actor=a, now=t
    ),
    Verb.RECORD_RE_REVIEW: lambda c, o, e, a, t: review.record_re_review(c, _review(e), actor=a, now=t),
    Verb.ADD_HEARING_DAYS: lambda c, o, e, a, t: review.add_hearing_days(
        c, o, first=e.day(N.FIRST_DAY), last=e.day(N.LAST_DAY), actor=a, now=t
    ),
    Verb.CLOSE_OFF: lambda c, o, e, a, t: closing.close_off(c, actor=a, now=t),
    Verb.HAND_DOWN: lambda c, o, e, a, t: holding.hand_down(
        c, o, unit_id=e.unit().id, reason=_why(e), actor=a, now=t
    ),
    Verb.HAND_UP: lambda c, o, e, a, t: escalation.hand_up(c, o, reason=_why(e), actor=a, now=t),
    Verb.HAND_BACK: lambda c, o, e, a, t: holding.hand_back(
        c, o, reason=_why(e), proposed_id=_proposed(e), actor=a, now=t
    ),
    Verb.ASK_HELP: lambda c, o, e, a, t: helping.ask_help(
        c, o, unit_id=e.unit().id, until=e.day(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.GIVE_HELP: lambda c, o, e, a, t: helping.give_help(c, o, reason=_why(e), actor=a, now=t),
    Verb.NOTE: lambda c, o, e, a, t: attention.note(c, text=_why(e), actor=a, now=t),
    Verb.CATEGORISE: lambda c, o, e, a, t: attention.categorise(
        c, category=e.text(N.CATEGORY), actor=a, now=t
    ),
    Verb.ANSWER_SUPERVISION: lambda c, o, e, a, t: attention.answer_supervision(
        c, reason=_why(e), actor=a, now=t
    ),
    Verb.REQUEST_EXTENSION: lambda c, o, e, a, t: terms.request_extension(
        c, o, until=e.day_or_none(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.SUSPEND: lambda c, o, e, a, t: terms.suspend(
        c, o, until=e.day(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.OPEN_HEARING: lambda c, o, e, a, t: terms.open_hearing(c, reason=_why(e), actor=a, now=t),
    Verb.ASK_INFO: lambda c, o, e, a, t: acceptance.ask_info(c, reason=_why(e), actor=a, now=t),
    Verb.OBJECT: lambda c, o, e, a, t: acceptance.object_to(c, o, reason=_why(e), actor=a, now=t),
    Verb.FORWARD: lambda c, o, e, a, t: acceptance.forward(
        c, recipient=e.text(N.RECIPIENT), reason=_why(e), actor=a, now=t
    ),
    Verb.ASSIGN_WITH_REPORT: lambda c, o, e, a, t: acceptance.assign_with_report(
        c, recipient=e.text(N.RECIPIENT), until=e.day(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.RECALL: lambda c, o, e, a, t: acceptance.recall(c, o, reason=_why(e), actor=a, now=t),
    Verb.DECLINE: lambda c, o, e, a, t: acceptance.decline(c, notice=_notice(e), actor=a, now=t),
    Verb.DIVERT: lambda c, o, e, a, t: acceptance.divert(
        c, route=e.member(N.ROUTE, DivertRoute), notice=_notice(e), actor=a, now=t
    ),
    Verb.WITHDRAW: lambda c, o, e, a, t: closing.withdraw(c, reason=_why(e), actor=a, now=t),
    Verb.REMIND: lambda c, o, e, a, t: attention.remind(c, o, reason=_why(e), actor=a, now=t),
    Verb.SUPERVISE: lambda c, o, e, a, t: attention.supervise(
        c, o, until=e.day(N.UNTIL), reason=_why(e), actor=a, now=t
    ),
    Verb.SET_URGENCY: lambda c, o, e, a, t: attention.set_urgency(
        c, o, urgency=e.member(N.URGENCY, Urgency), reason=_why(e), actor=a, now=t
    ),
    Verb.TAKE_CHARGE: lambda c, o, e, a, t: attention.take_charge(c, o, reason=_why(e), actor=a, now=t),
    Verb.REVOKE: lambda c, o, e, a, t: review.revoke(
        c, o, decision=e.text(N.DECISION), reason=_why(e), actor=a, now=t
    ),
    Verb.REOPEN: lambda c, o, e, a, t: closing.reopen(c, o, reason=_why(e), actor=a, now=t),
    Verb.ARCHIVE: lambda c, o, e, a, t: closing.archive(c, actor=a, now=t),
    Verb.VOID: lambda c, o, e, a, t: closing.void(c, reason=_why(e), actor=a, now=t),
}


def offered(case: Case, office: Office, actor: Actor, now: datetime) -> list[Edge]:
    """The steps that the state allows at `now` and a role of the actor that is held where it must be."""
    machine = machine_of(case.kind, case.rule_set)
    edges = (find_edge(machine, case.state, verb) for verb in allowed(machine, case.state) if verb in ACTIONS)
    return [edge for edge in edges if edge and _is_open(edge, case, office, actor, now)]


def act(
    case: Case,
    office: Office,
    verb: str,
    form: Form,
    *,
    actor: Actor,
    now: datetime,
) -> Step:
    """The step of `verb` with the fields of its form; raises NotFound for a verb the page does not know."""
    do = ACTIONS.get(Verb(verb)) if verb in {member.value for member in Verb} else None
    if do is None:
        raise NotFound(_("There is no such action."))
    if verb != Verb.GIVE_HELP:
        demand_edge(case, Verb(verb), actor)
    return do(case, office, Entries(form, office.tree), actor, now)


def units_below(case: Case, tree: Tree, actor: Actor) -> list[Node]:
    """The units below the holder to which the actor may give the case."""
    below = (node for node in units_within(tree, actor) if node.id != case.holder_id)
    return [node for node in below if any(above.id == case.holder_id for above in tree.line(node.id))]


def units_within(tree: Tree, actor: Actor) -> list[Node]:
    """Every unit to which the actor may give a case."""
    return [node for node in tree.standing if actor.may(Permission.CASE_RULE, node.id)]


def _is_open(edge: Edge, case: Case, office: Office, actor: Actor, now: datetime) -> bool:
    """Whether the actor may take the step now: where the table cannot say so, the case does."""
    if edge.verb is Verb.GIVE_HELP:
        owing = [assist["unit"] for assist in case.assists if not assist["answered_at"]]
        return any(actor.may(Permission.CASE_HANDLE, unit) for unit in owing)
    if edge.by is None or not actor.may(edge.by, case.holder_id):
        return False
    if waits(case, edge.verb):
        return False
    refused = {
        Verb.HAND_UP: case.holder_tier is Tier.STREET,
        Verb.HAND_BACK: why_not_hand_back(case, office.calendar, now) is not None,
        Verb.HAND_DOWN: not units_below(case, office.tree, actor),
        Verb.REQUEST_EXTENSION: case.extensions > 0,
        Verb.SUPERVISE: case.supervision_due_at is not None,
        Verb.ANSWER_SUPERVISION: case.supervision_due_at is None,
        Verb.OBJECT: case.channel is not Channel.TRANSFERRED,
    }
    return not refused.get(edge.verb, False)
