"""Several intakes of one matter under one master: one answer, every reporter, no clock twice, no chain."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Conflict
from petitions.handling import acceptance, attention, closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import Office
from petitions.sameness.following import carry_out
from petitions.vocabulary import CaseKind, CaseState, DivertRoute, Ending, RiskLevel, ServiceMethod, Verb
from tasks.escalate import sweep
from tasks.replan import replan_stale
from tests.factories.policies import decide, grid_cell
from tests.factories.street import TinyStreet
from tests.petitions.sameness.family import DAY, LATER, cut, decided, hold, settle, some_cases


def last_event(session: Session, case: Case) -> CaseEvent:
    """The newest of the case."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq.desc())
    return session.scalars(query.limit(1)).one()


def test_a_merged_case_keeps_what_came_in_and_has_no_tier_clock(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case = some_cases(session, tiny, 2)
    before = (case.holder_id, case.state, case.due_at, case.received_at, case.channel, case.kind)

    decided(session, lead, case, Verb.MERGE, master)

    assert case.master_id == master.id
    assert (case.tier_due_at, case.tier_warn_at) == (None, None)
    assert (case.holder_id, case.state, case.due_at, case.received_at, case.channel, case.kind) == before
    assert last_event(session, case).detail == {"master": master.number}
    assert last_event(session, master).detail == {"merged": [case.number]}
    hold(session)


def test_merge_has_no_deadline_on_the_child_keeps_reporters_and_counts_right(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    """PEERS §10.10 (Zammad#904, Austin#5660): a sweep long after lifts the master alone."""
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)

    assert sweep(LATER + 30 * DAY)["escalated"] == 1
    session.refresh(master)
    session.refresh(case)
    assert (master.escalations, case.escalations) == (1, 0)
    hold(session)


def test_a_changed_policy_gives_no_clock_to_what_waits_and_counts_for_it_once_it_is_separated(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case, order = some_cases(session, tiny, 3, kind=CaseKind.HOTLINE)
    decided(session, lead, case, Verb.MERGE, master)
    one, _ = cut(session, order, lead)
    decide(session, grid_cell(tiny), 5, at=LATER)

    assert replan_stale(LATER + DAY) == (5, 0)
    for changed in (master, case, order, one):
        session.refresh(changed)
    assert (case.tier_due_at, order.tier_due_at) == (None, None)
    assert case.policy_id == order.policy_id == master.policy_id == one.policy_id is not None
    assert master.tier_due_at is not None
    assert replan_stale(LATER + DAY) == (0, 0)
    hold(session)

    decided(session, lead, case, Verb.UNMERGE, now=LATER + DAY)
    assert case.tier_due_at is not None
    assert case.policy_id == master.policy_id
    hold(session)


def test_when_the_master_ends_every_merged_case_ends_with_its_answer_and_an_event_of_its_own(
    session: Session, tiny: TinyStreet, lead: Actor, statements: list[str]
) -> None:
    master, *cases = some_cases(session, tiny, 6)
    for case in cases:
        decided(session, lead, case, Verb.MERGE, master)
    statements.clear()

    settle(session, master, lead)

    for case in cases:
        event = last_event(session, case)
        assert (case.ending, case.ended_at, case.state) == (Ending.SOLVED, LATER + DAY, CaseState.RESOLVED)
        assert (event.verb, event.reason, event.detail) == (Verb.FOLLOW, "已修好", {"master": master.number})
    hold(session)


def test_many_end_with_as_few_statements_as_one(
    session: Session, tiny: TinyStreet, lead: Actor, statements: list[str]
) -> None:
    def asked(count: int) -> int:
        master, *cases = some_cases(session, tiny, count + 1)
        for case in cases:
            decided(session, lead, case, Verb.MERGE, master)
        record(session, [acceptance.assess(master, risk=RiskLevel.GENERAL, actor=lead, now=LATER)])
        statements.clear()
        settle(session, master, lead)
        return len(statements)

    assert asked(1) == asked(12)


def test_an_order_ends_closed_with_a_dispute_that_is_resolved(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    (master,) = some_cases(session, tiny, 1)
    (order,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    decided(session, lead, order, Verb.MERGE, master)

    settle(session, master, lead)

    assert (order.state, order.ending) == (CaseState.CLOSED, Ending.SOLVED)
    hold(session)


def test_separated_again_it_goes_on_from_where_it_stood_with_a_clock_that_starts_anew(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case = some_cases(session, tiny, 2)
    state, due_at = case.state, case.due_at
    decided(session, lead, case, Verb.MERGE, master)

    decided(session, lead, case, Verb.UNMERGE, reason="另有原因", now=LATER + DAY)

    assert (case.master_id, case.state, case.due_at) == (None, state, due_at)
    assert case.tier_started_at == LATER + DAY
    assert case.tier_due_at is not None
    assert last_event(session, master).detail == {"separated": [case.number]}
    settle(session, master, lead, LATER + 2 * DAY)
    assert case.ended_at is None
    hold(session)


def test_merging_a_master_moves_what_is_under_it(session: Session, tiny: TinyStreet, lead: Actor) -> None:
    top, middle, low = some_cases(session, tiny, 3)
    decided(session, lead, low, Verb.MERGE, middle)

    decided(session, lead, middle, Verb.MERGE, top)

    assert (low.master_id, middle.master_id, top.master_id) == (top.id, top.id, None)
    hold(session)


def test_merged_under_a_merged_case_is_merged_under_its_master(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    top, middle, low = some_cases(session, tiny, 3)
    decided(session, lead, middle, Verb.MERGE, top)

    decided(session, lead, low, Verb.MERGE, middle)

    assert low.master_id == top.id
    hold(session)


def test_reopening_the_master_reopens_what_ended_with_it(
    session: Session, tiny: TinyStreet, lead: Actor, office: Office
) -> None:
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)
    settle(session, master, lead)

    carry_out(session, [closing.reopen(master, office, reason="又坏了", actor=lead, now=LATER + 2 * DAY)])

    assert (case.ending, case.ended_at, case.state) == (None, None, CaseState.ASSESSED)
    assert (case.master_id, case.tier_due_at) == (master.id, None)
    hold(session)


def test_what_was_put_away_meanwhile_stays_ended_and_is_separated(
    session: Session, tiny: TinyStreet, lead: Actor, office: Office
) -> None:
    (master,) = some_cases(session, tiny, 1)
    (order,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    decided(session, lead, order, Verb.MERGE, master)
    settle(session, master, lead)
    record(session, [closing.archive(order, actor=lead, now=LATER + DAY)])

    carry_out(session, [closing.reopen(master, office, reason="又坏了", actor=lead, now=LATER + 2 * DAY)])

    assert (order.state, order.ending, order.master_id) == (CaseState.ARCHIVED, Ending.SOLVED, None)
    hold(session)


def test_a_merged_case_that_is_opened_by_itself_goes_its_own_way(
    session: Session, tiny: TinyStreet, lead: Actor, office: Office
) -> None:
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)
    settle(session, master, lead)

    carry_out(session, [closing.reopen(case, office, reason="我家没修", actor=lead, now=LATER + 2 * DAY)])

    assert (case.master_id, case.ended_at) == (None, None)
    assert case.tier_due_at is not None
    assert master.ending is Ending.SOLVED
    hold(session)


def test_a_merged_case_is_not_acted_on_alone_but_may_be_noted_and_supervised(
    session: Session, tiny: TinyStreet, lead: Actor, office: Office
) -> None:
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)

    with pytest.raises(Conflict):
        acceptance.assess(case, risk=RiskLevel.GENERAL, actor=lead, now=LATER + DAY)
    with pytest.raises(Conflict):
        holding.hand_back(case, office, reason="不归我", actor=lead, now=LATER + DAY)
    with pytest.raises(Conflict):
        closing.void(case, reason="重复", actor=lead, now=LATER + DAY)
    record(session, [attention.note(case, text="已告知来电人", actor=lead, now=LATER + DAY)])
    hold(session)


@pytest.mark.parametrize("ending", ["void", "withdraw"])
def test_one_persons_word_ends_no_other_persons_case(
    session: Session, tiny: TinyStreet, lead: Actor, ending: str
) -> None:
    master, case = some_cases(session, tiny, 2, kind=CaseKind.HOTLINE)
    decided(session, lead, case, Verb.MERGE, master)
    verb = {"void": closing.void, "withdraw": closing.withdraw}[ending]

    with pytest.raises(Conflict, match=case.number), session.begin_nested():
        carry_out(session, [verb(master, reason="撤回", actor=lead, now=LATER + DAY)])


def test_an_order_does_not_end_as_forwarded_with_a_dispute(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    (master,) = some_cases(session, tiny, 1)
    (order,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    decided(session, lead, order, Verb.MERGE, master)
    forward = acceptance.forward(master, recipient="区信访局", reason="归区里", actor=lead, now=LATER + DAY)

    with pytest.raises(Conflict, match=order.number), session.begin_nested():
        carry_out(session, [forward])


def test_what_is_diverted_takes_its_lawful_route_with_all_that_is_merged(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)
    notice = acceptance.Notice(ServiceMethod.IN_PERSON, "请走仲裁")

    diverted = acceptance.divert(
        master, route=DivertRoute.ARBITRATION, notice=notice, actor=lead, now=LATER + DAY
    )
    carry_out(session, [diverted])

    assert (case.state, case.ending) == (CaseState.DIVERTED, Ending.DIVERTED)
    hold(session)
