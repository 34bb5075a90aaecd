"""The tables of states hold together: every open state has a way to an end, no end leads back unsaid."""

from collections.abc import Iterator

import pytest

from app.auth.vocabulary import GRANTS, Permission
from petitions.refusals import why_not
from petitions.states.anywhere import ENDED
from petitions.states.machine import TABLES, Machine, allowed, find_edge, initial, machine_of
from petitions.vocabulary import CaseKind, CaseState, Verb

S, V = CaseState, Verb
P05, P22, HOTLINE, DISPUTE = Machine
PETITIONS = (P05, P22)

BEGINNINGS = {
    P05: {initial(CaseKind.PETITION, is_at_desk=False)},
    P22: {initial(CaseKind.PETITION, is_at_desk=True)},
    HOTLINE: {initial(CaseKind.HOTLINE, is_at_desk=at_desk) for at_desk in (True, False)},
    DISPUTE: {initial(CaseKind.DISPUTE, is_at_desk=False)},
}


def reached(machine: Machine) -> set[CaseState]:
    """Every state that some way from registration leads to."""
    found: set[CaseState] = set()
    waiting = list(BEGINNINGS[machine])
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += [edge.after for (before, _), edge in TABLES[machine].items() if before is state]
    return found


def cases(*, ended: bool) -> Iterator[tuple[Machine, CaseState]]:
    """The states that are reached, of open or of ended cases, by machine."""
    for machine in Machine:
        yield from ((machine, state) for state in sorted(reached(machine)) if (state in ENDED) is ended)


def test_a_petition_has_the_table_of_the_regulations_it_was_registered_under() -> None:
    assert machine_of(CaseKind.PETITION, "petition_2005") is P05
    assert machine_of(CaseKind.PETITION, "petition_2022") is P22
    assert machine_of(CaseKind.HOTLINE, "hotline_default") is HOTLINE
    assert machine_of(CaseKind.DISPUTE, "dispute_default") is DISPUTE


@pytest.mark.parametrize("machine", Machine)
def test_every_state_of_a_table_is_reached(machine: Machine) -> None:
    named = {state for edge in TABLES[machine].values() for state in (edge.before, edge.after)}
    assert named == reached(machine)


@pytest.mark.parametrize(("machine", "state"), list(cases(ended=False)))
def test_every_open_state_has_a_way_to_an_end_that_a_person_can_go(
    machine: Machine, state: CaseState
) -> None:
    seen, waiting = set(), [state]
    while waiting:
        one = waiting.pop()
        seen.add(one)
        following = {
            edge.after
            for (before, verb), edge in TABLES[machine].items()
            if before is one and edge.by and verb is not V.VOID
        }
        waiting += following - seen
    assert seen & ENDED


@pytest.mark.parametrize(("machine", "state"), list(cases(ended=False)))
def test_an_open_case_can_always_be_noted_supervised_and_reminded_of(
    machine: Machine, state: CaseState
) -> None:
    assert {V.NOTE, V.SUPERVISE, V.REMIND, V.TAKE_CHARGE} <= set(allowed(machine, state))


@pytest.mark.parametrize(("machine", "state"), list(cases(ended=False)))
def test_an_open_case_escalates_unless_it_is_suspended(machine: Machine, state: CaseState) -> None:
    assert (find_edge(machine, state, V.ESCALATE) is not None) is (state is not S.SUSPENDED)


@pytest.mark.parametrize(("machine", "state"), list(cases(ended=True)))
def test_an_ended_case_is_only_opened_again_by_reopening_or_by_a_revoking_decision(
    machine: Machine, state: CaseState
) -> None:
    opening = {
        edge.verb for edge in TABLES[machine].values() if edge.before is state and edge.after not in ENDED
    }
    assert opening <= {V.REOPEN, V.REVOKE}


@pytest.mark.parametrize("machine", Machine)
def test_every_step_has_its_source_and_somebody_who_may_take_it(machine: Machine) -> None:
    held = {permission for granted in GRANTS.values() for permission in granted}
    for edge in TABLES[machine].values():
        assert edge.source
        assert edge.by is None or edge.by in held


@pytest.mark.parametrize("machine", Machine)
def test_what_only_the_service_does_nobody_else_may(machine: Machine) -> None:
    service = {V.WARN, V.ESCALATE, V.START_CLOCK, V.REPLAN, V.RELOCATE, V.REMIND_HELPER, V.LAPSE}
    for edge in TABLES[machine].values():
        assert (edge.by is None) is (edge.verb in service)


def test_only_the_head_of_the_office_extends_a_petition_or_revokes_an_opinion() -> None:
    for machine in PETITIONS:
        for (_, verb), edge in TABLES[machine].items():
            if verb in (V.APPROVE_EXTENSION, V.REFUSE_EXTENSION, V.REVOKE):
                assert edge.by is Permission.CASE_APPROVE


FORBIDDEN = [
    (PETITIONS, S.REPLIED, V.SIGN_FOR),  # H.3: no way back without a revoking decision
    (PETITIONS, S.REPLIED, V.REOPEN),
    (PETITIONS, S.FINAL, V.ACCEPT),  # H.3: the same facts are linked as a repeat
    (PETITIONS, S.FINAL, V.NOTIFY_ROUTE),
    (PETITIONS, S.FINAL, V.REVOKE),
    (PETITIONS, S.FINAL, V.REQUEST_REVIEW),
    (PETITIONS, S.PENDING_ROUTE, V.REPLY),  # nobody has accepted it
    (PETITIONS, S.EXTENDED, V.REQUEST_EXTENSION),  # H.3: once
    ((P22,), S.PENDING_ROUTE, V.DECLINE),  # H.3: 2005 only
    ((P22,), S.PENDING_ROUTE, V.ACCEPT),
    ((P05,), S.PENDING_ROUTE, V.OBJECT),  # H.3: 2022
    ((P05,), S.PENDING_ROUTE, V.NOTIFY_ROUTE),
    ((HOTLINE,), S.DISPATCHED, V.SUBMIT),  # nobody has signed for it
    ((HOTLINE,), S.DISPATCHED, V.SETTLE),
    ((HOTLINE,), S.SIGNED, V.SETTLE),  # nobody has looked at it or called back
    ((HOTLINE,), S.SUBMITTED, V.SETTLE),
    ((HOTLINE,), S.PENDING_CALLBACK, V.SETTLE),
    ((HOTLINE,), S.RETURN_REQUESTED, V.HAND_DOWN),  # a ruling is the answer
    ((HOTLINE,), S.SUSPENDED, V.SUBMIT),
    ((DISPUTE,), S.TO_MEDIATION, V.HAND_DOWN),  # its mediation is with the holder
    ((DISPUTE,), S.TO_MEDIATION, V.VOID),
    ((DISPUTE,), S.FOUND, V.OPEN_MEDIATION),  # nobody has looked at it
    ((DISPUTE,), S.FOUND, V.SETTLE),
]


@pytest.mark.parametrize(
    ("machine", "state", "verb"), [(m, state, verb) for ms, state, verb in FORBIDDEN for m in ms]
)
def test_what_is_forbidden_on_purpose_has_no_edge_and_says_why(
    machine: Machine, state: CaseState, verb: Verb
) -> None:
    assert find_edge(machine, state, verb) is None
    assert why_not(machine, state, verb)


@pytest.mark.parametrize("machine", Machine)
def test_a_running_mediation_ends_before_anything_else_ends_the_case(machine: Machine) -> None:
    ways = {edge.verb for edge in TABLES[machine].values() if edge.before is S.TO_MEDIATION}
    assert {V.AGREE, V.FAIL_MEDIATION, V.HOLD_SESSION, V.ESCALATE, V.NOTE} <= ways
    out = {edge for edge in TABLES[machine].values() if edge.before is S.TO_MEDIATION}
    assert {edge.verb for edge in out if edge.after in ENDED} == {V.AGREE}


@pytest.mark.parametrize("machine", Machine)
def test_no_reason_is_given_for_a_step_that_is_possible(machine: Machine) -> None:
    for state, verb in TABLES[machine]:
        assert why_not(machine, state, verb) is None
