"""What a person may decide about a case and another one."""

from app.auth.actor import Actor
from petitions.handling.step import waits
from petitions.models import Case
from petitions.sameness.deciding import DECISIONS
from petitions.states.machine import find_edge, machine_of
from petitions.vocabulary import Verb

_WHOLE = frozenset({Verb.MERGE, Verb.SPLIT})
"""What is done to a case that came in, and not to a part of one."""


def allowed(case: Case, actor: Actor) -> set[Verb]:
    """The decisions that the case's state and the actor's rights over its holder leave open."""
    return {verb for verb in (*DECISIONS, Verb.SPLIT) if _may(case, actor, verb)}


def _may(case: Case, actor: Actor, verb: Verb) -> bool:
    if case.parent_id and verb in _WHOLE:
        return False
    edge = find_edge(machine_of(case.kind, case.rule_set), case.state, verb)
    is_allowed = edge is not None and edge.by is not None and actor.may(edge.by, case.holder_id)
    return is_allowed and not waits(case, verb)
