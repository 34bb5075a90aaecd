"""The tables of states hold together: every open state has a way to an end, no end leads back unsaid."""

import pytest

from petitions.states import ENDED, INITIAL, TRANSITIONS, allowed, next_state
from petitions.vocabulary import CaseKind, CaseState, Verb


@pytest.mark.parametrize("kind", CaseKind)
def test_every_state_that_can_be_reached_has_a_way_to_an_end(kind: CaseKind) -> None:
    reached, waiting = set(), [INITIAL[kind]]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        following = {next_state(kind, state, verb) for verb in Verb} - {None}
        assert state in ENDED or following & set(ENDED) or following - {state}
        waiting += [one for one in following if one is not None and one not in reached]
    assert reached & set(ENDED)


@pytest.mark.parametrize("kind", CaseKind)
def test_an_ended_case_can_only_be_opened_again(kind: CaseKind) -> None:
    for state in ENDED:
        assert set(allowed(kind, state)) <= {Verb.REOPEN}


@pytest.mark.parametrize("kind", CaseKind)
def test_an_open_case_outside_a_mediation_can_be_escalated_noted_and_voided(kind: CaseKind) -> None:
    for state in (
        {INITIAL[kind], *(state for state, _ in TRANSITIONS[kind])} - ENDED - {CaseState.TO_MEDIATION}
    ):
        assert {Verb.ESCALATE, Verb.NOTE, Verb.VOID} <= set(allowed(kind, state))


@pytest.mark.parametrize(
    ("kind", "state", "verb"),
    [
        (CaseKind.PETITION, CaseState.REPLIED, Verb.SIGN_FOR),  # H.3: no way back without a decision
        (CaseKind.PETITION, CaseState.PENDING_ROUTE, Verb.SETTLE),  # nobody has accepted it
        (CaseKind.HOTLINE, CaseState.DISPATCHED, Verb.SETTLE),  # nobody has signed for it
        (CaseKind.HOTLINE, CaseState.RETURN_REQUESTED, Verb.SETTLE),  # its owner is in question
        (CaseKind.HOTLINE, CaseState.RETURN_REQUESTED, Verb.HAND_DOWN),  # a ruling is the answer
        (CaseKind.DISPUTE, CaseState.TO_MEDIATION, Verb.HAND_DOWN),  # its mediation is with the holder
        (CaseKind.DISPUTE, CaseState.FOUND, Verb.OPEN_MEDIATION),  # nobody has looked at it
        (CaseKind.DISPUTE, CaseState.RESOLVED, Verb.SETTLE),
    ],
)
def test_forbidden_edges_do_not_exist(kind: CaseKind, state: CaseState, verb: Verb) -> None:
    assert next_state(kind, state, verb) is None


@pytest.mark.parametrize("kind", CaseKind)
def test_a_running_mediation_ends_before_anything_else_ends_the_case(kind: CaseKind) -> None:
    ways = set(allowed(kind, CaseState.TO_MEDIATION))
    assert {Verb.AGREE, Verb.FAIL_MEDIATION, Verb.HOLD_SESSION, Verb.ESCALATE, Verb.NOTE} <= ways
    assert not ways & {Verb.SETTLE, Verb.DIVERT, Verb.VOID, Verb.HAND_BACK, Verb.OPEN_MEDIATION}
