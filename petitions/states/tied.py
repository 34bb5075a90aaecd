"""Cases that wait for another: what they may do meanwhile, and where they go when it ends or is opened. Pure.

A case merged under a master waits for the master, an order that was split for its parts. Neither is a state:
whoever is separated again goes on from where it stood. What follows from another case's step is the service's
own doing, so it stands in no table; it leads only to states that the tables know.
"""

from datetime import datetime
from typing import Protocol

from petitions.states.machine import Machine, find_edge
from petitions.vocabulary import SETTLED, CaseState, Ending, Verb
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

# The statutory clock of each goes on, so what is owed to each citizen and to those above is still done.
MEANWHILE = frozenset(
    {
        V.NOTE,
        V.CATEGORISE,
        V.UPDATE,
        V.START_CLOCK,
        V.REPLAN,
        V.RELOCATE,
        V.ACCEPT,
        V.NOTIFY_ROUTE,
        V.REMIND,
        V.SUPERVISE,
        V.ANSWER_SUPERVISION,
        V.TAKE_CHARGE,
        V.GIVE_HELP,
        V.REMIND_HELPER,
        V.UNMERGE,
        V.LINK_REPEAT,
        V.UNLINK_REPEAT,
        V.DISMISS,
    }
)

# One petitioner's own word ends that petitioner's case alone, and a void order was never one.
PERSONAL = frozenset({Ending.WITHDRAWN, Ending.VOID})

_SETTLED = {
    Machine.PETITION_2005: S.REPLIED,
    Machine.PETITION_2022: S.REPLIED,
    Machine.HOTLINE: S.CLOSED,
    Machine.DISPUTE: S.RESOLVED,
}
_OTHERWISE = {
    (Machine.PETITION_2005, Ending.DIVERTED): S.DIVERTED,
    (Machine.PETITION_2022, Ending.DIVERTED): S.DIVERTED,
    (Machine.HOTLINE, Ending.DIVERTED): S.DIVERTED,
    (Machine.DISPUTE, Ending.DIVERTED): S.DIVERTED,
    (Machine.PETITION_2005, Ending.FORWARDED): S.FORWARDED,
    (Machine.PETITION_2022, Ending.FORWARDED): S.FORWARDED,
    (Machine.DISPUTE, Ending.FORWARDED): S.FORWARDED,
    (Machine.PETITION_2005, Ending.DECLINED): S.DECLINED,
    (Machine.PETITION_2022, Ending.RETURNED): S.RETURNED,
    (Machine.HOTLINE, Ending.VOID): S.VOID,
}


class Tied(Protocol):
    """What a case tells about the others that it belongs to."""

    ended_at: datetime | None
    master_id: int | None
    part_count: int


def is_waiting(case: Tied) -> bool:
    """Whether an open case waits for its master or its parts, and so has no clock of its own."""
    return case.ended_at is None and (case.master_id is not None or case.part_count > 0)


def ends_with(machine: Machine, ending: Ending) -> CaseState | None:
    """The state of a case that ends along with another; None where its own table knows no such end."""
    return _SETTLED[machine] if ending in SETTLED else _OTHERWISE.get((machine, ending))


def opens_with(machine: Machine, state: CaseState) -> CaseState | None:
    """The state of an ended case that is opened along with another; None where it is final or put away."""
    edges = (find_edge(machine, state, verb) for verb in (Verb.REOPEN, Verb.REVOKE))
    return next((edge.after for edge in edges if edge), None)
