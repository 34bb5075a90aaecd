"""What becomes of a matter that has come in, under the regulations of its day."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.handling import acceptance, holding
from petitions.handling.acceptance import Notice
from petitions.vocabulary import CaseState, Channel, DivertRoute, Ending, RiskLevel
from tests.factories.cases import MORNING, make_case
from tests.petitions.handling.people import DAY, HOUR, IN_PERSON, Town

IN_2026 = datetime(2026, 2, 12, 10, 0, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)


def test_a_petition_is_accepted_once_and_its_sixty_days_run_from_then(town: Town) -> None:
    case = town.petition()
    assert case.due_rule == "petition_2005.accept"
    town.take(acceptance.accept(case, town.office, service=IN_PERSON, actor=town.clerk, now=MORNING + HOUR))
    assert (case.state, case.due_rule) == (CaseState.ACCEPTED, "petition_2005.handle")
    # 2020-06-01 and sixty days is Friday 2020-07-31, which ends at 24:00.
    assert case.due_at == datetime(2020, 8, 1, tzinfo=SHANGHAI)
    before, at = case.due_at, MORNING + 2 * HOUR
    town.take(holding.sign_for(case, actor=town.worker, now=at))
    town.take(holding.hand_back(case, town.office, reason="不在", actor=town.worker, now=at))
    town.take(holding.rule(case, town.office, unit_id=town.tiny.a2.id, reason="在", actor=town.lead, now=at))
    assert (case.state, case.due_at) == (CaseState.ACCEPTED, before)


def test_a_grid_worker_does_not_accept_for_the_office(town: Town) -> None:
    with pytest.raises(Forbidden):
        acceptance.accept(town.petition(), town.office, service=IN_PERSON, actor=town.worker, now=MORNING)


def test_of_2005_a_petition_is_declined_in_writing_and_leaves_the_rate(town: Town) -> None:
    case = town.petition()
    town.take(acceptance.decline(case, notice=Notice(IN_PERSON, "不属于"), actor=town.clerk, now=MORNING))
    assert (case.state, case.ending) == (CaseState.DECLINED, Ending.DECLINED)


def test_of_2022_nothing_is_declined_and_the_answer_says_what_is_done_instead(town: Town) -> None:
    case = town.petition(IN_2026)
    with pytest.raises(Conflict, match="2022-05-01"):
        acceptance.decline(case, notice=Notice(IN_PERSON, "不属于"), actor=town.clerk, now=IN_2026)


def test_of_2022_the_route_is_told_and_the_sixty_days_run(town: Town) -> None:
    case = town.petition(IN_2026)
    town.take(acceptance.notify_route(case, town.office, service=IN_PERSON, actor=town.clerk, now=IN_2026))
    assert (case.state, case.due_rule) == (CaseState.ACCEPTED, "petition_2022.handle")
    assert case.due_raw_on == date(2026, 4, 13)


def test_handled_simply_a_petition_has_ten_working_days(town: Town) -> None:
    at = datetime(2026, 4, 28, 9, 0, tzinfo=SHANGHAI)
    case = town.petition(at)
    town.take(
        acceptance.notify_route(
            case, town.office, service=IN_PERSON, is_simplified=True, actor=town.clerk, now=at
        )
    )
    assert (case.rule_set, case.due_rule) == ("petition_2022", "petition_simplified.handle")
    assert case.due_raw_on == date(2026, 5, 14)


def test_an_objection_is_made_within_five_working_days_of_the_transfer(town: Town) -> None:
    # From 2026-02-12 the fifth working day is 2026-02-26, which ends at 24:00.
    end = datetime(2026, 2, 27, tzinfo=SHANGHAI)
    case = town.petition(IN_2026, channel=Channel.TRANSFERRED)
    with pytest.raises(Conflict):
        acceptance.object_to(case, town.office, reason="非职权", actor=town.clerk, now=end)
    town.take(acceptance.object_to(case, town.office, reason="非职权", actor=town.clerk, now=end - MOMENT))
    assert case.state is CaseState.OBJECTED


def test_only_what_was_transferred_is_objected_to(town: Town) -> None:
    with pytest.raises(Conflict):
        acceptance.object_to(
            town.petition(IN_2026), town.office, reason="非职权", actor=town.clerk, now=IN_2026
        )


def test_an_objection_granted_returns_the_petition_and_one_refused_accepts_it(town: Town) -> None:
    granted, refused = (town.petition(IN_2026, channel=Channel.TRANSFERRED) for _ in range(2))
    for case in (granted, refused):
        town.take(acceptance.object_to(case, town.office, reason="非", actor=town.clerk, now=IN_2026))
    town.take(acceptance.grant_objection(granted, reason="同意", actor=town.clerk, now=IN_2026))
    town.take(
        acceptance.refuse_objection(refused, town.office, reason="不同意", actor=town.clerk, now=IN_2026)
    )
    assert (granted.state, granted.ending) == (CaseState.RETURNED, Ending.RETURNED)
    assert (refused.state, refused.due_rule) == (CaseState.ACCEPTED, "petition_2022.handle")


def test_an_assigned_petition_has_the_limit_of_the_instruction_and_when_recalled_its_own(town: Town) -> None:
    case = town.petition()
    own = case.due_at
    with pytest.raises(Invalid):
        acceptance.assign_with_report(
            case, recipient="区局", until=date(2020, 6, 1), reason="请办", actor=town.clerk, now=MORNING
        )
    town.take(
        acceptance.assign_with_report(
            case, recipient="区局", until=date(2020, 6, 20), reason="请办", actor=town.clerk, now=MORNING
        )
    )
    assert (case.state, case.due_rule) == (CaseState.ASSIGNED, "instructed")
    assert case.due_at == datetime(2020, 6, 21, tzinfo=SHANGHAI)
    town.take(acceptance.recall(case, town.office, reason="收回", actor=town.clerk, now=MORNING + DAY))
    assert (case.state, case.due_at) == (CaseState.PENDING_ROUTE, own)


def test_forwarding_and_diverting_end_the_case_beside_the_rate(town: Town) -> None:
    one, other = town.petition(), town.order()
    town.take(acceptance.forward(one, recipient="区信访局", reason="转送", actor=town.clerk, now=MORNING))
    told = Notice(IN_PERSON, "请申请仲裁")
    route = DivertRoute.ARBITRATION
    diverted = acceptance.divert(other, route=route, notice=told, actor=town.clerk, now=MORNING)
    town.take(diverted)
    assert (one.state, one.ending) == (CaseState.FORWARDED, Ending.FORWARDED)
    assert (other.state, other.ending) == (CaseState.DIVERTED, Ending.DIVERTED)
    assert diverted.detail == {"route": "arbitration", "service": "in_person"}


def test_the_desk_answers_asks_and_dispatches_without_a_clock_standing_still(town: Town) -> None:
    one, other = (make_case(town.session, town.tiny.street.id, address="不知何处") for _ in range(2))
    due = other.due_at
    with pytest.raises(Invalid):
        acceptance.answer_directly(one, ending=Ending.WITHDRAWN, reason="好", actor=town.clerk, now=MORNING)
    town.take(
        acceptance.answer_directly(
            one, ending=Ending.EXPLAINED, reason="电话已答", actor=town.clerk, now=MORNING
        )
    )
    town.take(acceptance.ask_info(other, reason="哪里？", actor=town.clerk, now=MORNING))
    assert other.state is CaseState.NEED_INFO
    town.take(acceptance.give_info(other, reason="迎春路", actor=town.clerk, now=MORNING + HOUR))
    assert (one.state, one.ending) == (CaseState.CLOSED, Ending.EXPLAINED)
    assert (other.state, other.due_at) == (CaseState.PENDING_DISPATCH, due)


def test_a_dispute_is_assessed_before_it_is_resolved(town: Town) -> None:
    case = town.dispute()
    town.take(acceptance.assess(case, risk=RiskLevel.LARGER, actor=town.worker, now=MORNING))
    assert (case.state, case.risk_level) == (CaseState.ASSESSED, RiskLevel.LARGER)
