"""The answer: submitted, looked at, called back, settled; or replied to in writing."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.handling import acceptance, answer
from petitions.handling.answer import CallBack
from petitions.models import Case
from petitions.verify import verify
from petitions.vocabulary import CaseState, Ending, OpinionResult, RiskLevel, Satisfaction
from tests.factories.cases import MORNING
from tests.petitions.handling.people import HOUR, Town


def submitted(town: Town) -> Case:
    case = town.signed_order()
    town.take(answer.submit(case, town.office, reason="灯已修好", actor=town.worker, now=MORNING + HOUR))
    return case


def called(town: Town, call: CallBack) -> Case:
    case = submitted(town)
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING + 2 * HOUR))
    town.take(answer.call_back(case, call, actor=town.clerk, now=MORNING + 3 * HOUR))
    return case


def test_an_order_goes_from_its_handler_over_the_unit_above_to_the_desk_and_is_closed(town: Town) -> None:
    case, tiny = submitted(town), town.tiny
    due = case.due_at
    assert (case.state, case.holder_id, case.handler_id) == (CaseState.SUBMITTED, tiny.a.id, tiny.a1.id)
    assert case.answered_at == MORNING + HOUR
    # Whoever looks at the answer has a limit too.
    assert case.tier_due_at is not None
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING + 2 * HOUR))
    assert (case.state, case.holder_id) == (CaseState.PENDING_CALLBACK, tiny.street.id)
    call = CallBack(was_reached=True, is_solved=True, satisfaction=Satisfaction.SATISFIED)
    town.take(answer.call_back(case, call, actor=town.clerk, now=MORNING + 3 * HOUR))
    assert (case.is_solved, case.satisfaction) == (True, Satisfaction.SATISFIED)
    town.take(
        answer.settle(case, ending=Ending.SOLVED, reason="好了", actor=town.clerk, now=MORNING + 4 * HOUR)
    )
    assert (case.state, case.ending, case.ended_at) == (CaseState.CLOSED, Ending.SOLVED, MORNING + 4 * HOUR)
    assert (case.answered_at, case.due_at) == (MORNING + HOUR, due)
    assert (case.tier_due_at, case.tier_warn_at) == (None, None)
    assert verify(town.session).ok


def test_whoever_handled_an_order_does_not_look_at_its_own_answer_or_call_back(town: Town) -> None:
    case = submitted(town)
    with pytest.raises(Forbidden):
        answer.approve(case, town.office, actor=town.worker, now=MORNING + 2 * HOUR)
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING + 2 * HOUR))
    with pytest.raises(Forbidden):
        answer.call_back(case, CallBack(False), actor=town.lead, now=MORNING + 3 * HOUR)


def test_sent_back_and_redone_the_handler_has_it_again_with_a_limit_of_its_own(town: Town) -> None:
    case = submitted(town)
    town.take(answer.send_back(case, town.office, reason="没写清", actor=town.lead, now=MORNING + 2 * HOUR))
    assert (case.state, case.holder_id) == (CaseState.IN_HANDLING, town.tiny.a1.id)
    assert (case.answered_at, case.tier_started_at) == (None, MORNING + 2 * HOUR)
    town.take(answer.submit(case, town.office, reason="修好", actor=town.worker, now=MORNING + 3 * HOUR))
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING + 4 * HOUR))
    said = CallBack(was_reached=True, is_solved=False, satisfaction=Satisfaction.DISSATISFIED)
    town.take(answer.call_back(case, said, actor=town.clerk, now=MORNING + 5 * HOUR))
    town.take(answer.redo(case, town.office, reason="仍不亮", actor=town.clerk, now=MORNING + 6 * HOUR))
    assert (case.state, case.holder_id, case.redos) == (CaseState.IN_HANDLING, town.tiny.a1.id, 1)


def test_what_the_citizen_says_is_not_solved_is_not_closed_as_solved(town: Town) -> None:
    case = called(town, CallBack(was_reached=True, is_solved=False))
    with pytest.raises(Invalid):
        answer.settle(case, ending=Ending.SOLVED, reason="好", actor=town.clerk, now=MORNING + 4 * HOUR)
    assert answer.settle(
        case, ending=Ending.EXPLAINED, reason="无依据", actor=town.clerk, now=MORNING + 4 * HOUR
    )


@pytest.mark.parametrize(
    "call",
    [
        CallBack(was_reached=True),
        CallBack(was_reached=False, is_solved=True),
        CallBack(was_reached=False, satisfaction=Satisfaction.FAIR),
    ],
)
def test_a_call_back_says_of_the_result_what_the_citizen_said_and_no_more(town: Town, call: CallBack) -> None:
    case = submitted(town)
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING + 2 * HOUR))
    with pytest.raises(Invalid):
        answer.call_back(case, call, actor=town.clerk, now=MORNING + 3 * HOUR)


def test_somebody_who_is_not_reached_keeps_nobody_waiting(town: Town) -> None:
    case = called(town, CallBack(was_reached=False, text="三次无人接听"))
    assert (case.state, case.is_solved) == (CaseState.CALLED, None)
    assert answer.settle(
        case, ending=Ending.SOLVED, reason="现场已核", actor=town.clerk, now=MORNING + 4 * HOUR
    )


@pytest.mark.parametrize(
    "ending",
    [Ending.SETTLED_BY_AGREEMENT, Ending.VOID, Ending.DIVERTED, Ending.FORWARDED, Ending.DECLINED],
)
def test_what_does_not_count_as_settled_cannot_be_settled(town: Town, ending: Ending) -> None:
    case = called(town, CallBack(was_reached=False))
    with pytest.raises(Invalid):
        answer.settle(case, ending=ending, reason="好了", actor=town.clerk, now=MORNING + 4 * HOUR)


def test_an_order_is_not_settled_before_the_citizen_was_called_and_the_answer_says_why(town: Town) -> None:
    case = town.signed_order()
    with pytest.raises(Conflict) as refused:
        answer.settle(case, ending=Ending.SOLVED, reason="好了", actor=town.clerk, now=MORNING)
    assert "called back" in str(refused.value) or "回访" in str(refused.value)


def test_the_holder_of_a_dispute_settles_it(town: Town) -> None:
    case = town.dispute()
    town.take(acceptance.assess(case, risk=RiskLevel.GENERAL, actor=town.worker, now=MORNING))
    done = answer.settle(case, ending=Ending.SOLVED, reason="已和好", actor=town.worker, now=MORNING + HOUR)
    town.take(done)
    assert (case.state, case.ending) == (CaseState.RESOLVED, Ending.SOLVED)


def test_a_written_reply_ends_a_petition_and_opens_thirty_days_to_ask_for_a_review(town: Town) -> None:
    case, at = town.handled_petition(), MORNING + 10 * timedelta(days=1)
    opinion = town.opinion(date(2020, 6, 10), OpinionResult.SUPPORTED)
    town.take(answer.reply(case, town.office, opinion, actor=town.clerk, now=at))
    assert (case.state, case.ending, case.answered_at) == (CaseState.REPLIED, Ending.SOLVED, at)
    assert (case.after_rule, case.after_started_on) == ("petition_2005.review_request", date(2020, 6, 10))
    # Thirty days after 2020-06-10 is Friday 2020-07-10.
    assert case.after_due_at == datetime(2020, 7, 11, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("served_on", "is_possible"),
    [
        (date(2020, 5, 31), False),
        (date(2020, 6, 1), True),
        (date(2020, 6, 2), True),
        (date(2020, 6, 3), False),
    ],
)
def test_an_opinion_is_served_between_the_receipt_and_today(
    town: Town, served_on: date, is_possible: bool
) -> None:
    case, today = town.handled_petition(), MORNING + timedelta(days=1)
    if is_possible:
        assert answer.reply(case, town.office, town.opinion(served_on), actor=town.clerk, now=today)
        return
    with pytest.raises(Invalid):
        answer.reply(case, town.office, town.opinion(served_on), actor=town.clerk, now=today)
