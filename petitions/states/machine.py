"""Which verb leads from which state to which: one table for each kind of case (DOMAIN H.3). Pure.

`find_edge` is the only place that says whether a step is lawful; verbs, pages and docs read the same tables.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.auth.vocabulary import Permission
from petitions.states.anywhere import ENDED, everywhere
from petitions.states.dispute import DISPUTE
from petitions.states.edge import Edge
from petitions.states.hotline import HOTLINE
from petitions.states.petition import PETITION_2005, PETITION_2022
from petitions.vocabulary import CaseKind, CaseState, Verb

__all__ = ["ENDED", "TABLES", "Machine", "allowed", "find_edge", "initial", "machine_of", "permissions_for"]


class Machine(StrEnum):
    """A table of states; a petition has that of the regulations it was registered under."""

    PETITION_2005 = "petition_2005"
    PETITION_2022 = "petition_2022"
    HOTLINE = "hotline"
    DISPUTE = "dispute"


Table = Mapping[tuple[CaseState, Verb], Edge]


def _table(edges: Iterable[Edge]) -> Table:
    own = list(edges)
    states = dict.fromkeys(state for edge in own for state in (edge.before, edge.after))
    table: dict[tuple[CaseState, Verb], Edge] = {}
    for edge in [*own, *everywhere(states)]:
        if (edge.before, edge.verb) in table:
            raise ValueError(f"two ways by {edge.verb} out of {edge.before}")
        table[edge.before, edge.verb] = edge
    return table


TABLES: dict[Machine, Table] = {
    Machine.PETITION_2005: _table(PETITION_2005),
    Machine.PETITION_2022: _table(PETITION_2022),
    Machine.HOTLINE: _table(HOTLINE),
    Machine.DISPUTE: _table(DISPUTE),
}

_NEWLY = {CaseKind.PETITION: CaseState.PENDING_ROUTE, CaseKind.DISPUTE: CaseState.FOUND}


def machine_of(kind: CaseKind, rule_set: str) -> Machine:
    """The table of a case of `kind` that keeps the rule set of its registration date."""
    if kind is CaseKind.PETITION:
        return Machine.PETITION_2005 if rule_set == Machine.PETITION_2005 else Machine.PETITION_2022
    return Machine(kind.value)


def initial(kind: CaseKind, *, is_at_desk: bool) -> CaseState:
    """The state of a case that is registered; an order at the street's desk has yet to be dispatched."""
    if kind is CaseKind.HOTLINE:
        return CaseState.PENDING_DISPATCH if is_at_desk else CaseState.DISPATCHED
    return _NEWLY[kind]


def find_edge(machine: Machine, state: CaseState, verb: Verb) -> Edge | None:
    """The lawful step of `verb` out of `state`, or None where the table has none."""
    return TABLES[machine].get((state, verb))


def allowed(machine: Machine, state: CaseState) -> list[Verb]:
    """The verbs that lead anywhere from `state`, in the vocabulary's order: what a screen may offer."""
    return [verb for verb in Verb if (state, verb) in TABLES[machine]]


def permissions_for(machine: Machine, verb: Verb) -> set[Permission]:
    """The permissions by which somebody may ever use `verb`; empty where only the service does."""
    return {edge.by for edge in TABLES[machine].values() if edge.verb is verb and edge.by}
