"""How a case leaves the desk, and how it comes back: once, within its window, with its handler."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import Conflict
from petitions.handling import acceptance, answer, closing, terms
from petitions.handling.answer import CallBack
from petitions.models import Case
from petitions.vocabulary import CaseState, Ending, RiskLevel
from tests.factories.cases import MORNING
from tests.petitions.handling.people import DAY, HOUR, Town

MOMENT = timedelta(microseconds=1)


def closed_order(town: Town) -> Case:
    case = town.signed_order()
    town.take(answer.submit(case, town.office, reason="修", actor=town.worker, now=MORNING))
    town.take(answer.approve(case, town.office, actor=town.lead, now=MORNING))
    town.take(answer.call_back(case, CallBack(was_reached=False), actor=town.clerk, now=MORNING))
    town.take(answer.settle(case, ending=Ending.SOLVED, reason="好", actor=town.clerk, now=MORNING + HOUR))
    return case


def resolved_dispute(town: Town) -> Case:
    case = town.dispute()
    town.take(acceptance.assess(case, risk=RiskLevel.GENERAL, actor=town.worker, now=MORNING))
    town.take(answer.settle(case, ending=Ending.SOLVED, reason="和好", actor=town.worker, now=MORNING))
    return case


def test_reopened_its_handler_has_it_with_a_tier_clock_and_the_first_clock_is_as_it_was(town: Town) -> None:
    case = closed_order(town)
    due, at = case.due_at, MORNING + 2 * DAY
    town.take(closing.reopen(case, town.office, reason="又不亮了", actor=town.clerk, now=at))
    assert (case.ending, case.ended_at, case.state) == (None, None, CaseState.IN_HANDLING)
    assert (case.holder_id, case.due_at, case.tier_started_at) == (town.tiny.a1.id, due, at)
    assert (case.tier_due_at is not None, case.is_solved) == (True, None)


def test_an_order_is_reopened_once(town: Town) -> None:
    case = closed_order(town)
    town.take(closing.reopen(case, town.office, reason="又不亮", actor=town.clerk, now=MORNING + DAY))
    at = MORNING + 2 * DAY
    town.take(answer.submit(case, town.office, reason="修", actor=town.worker, now=at))
    town.take(answer.approve(case, town.office, actor=town.lead, now=at))
    town.take(answer.call_back(case, CallBack(was_reached=False), actor=town.clerk, now=at))
    town.take(answer.settle(case, ending=Ending.SOLVED, reason="好", actor=town.clerk, now=at))
    with pytest.raises(Conflict):
        closing.reopen(case, town.office, reason="又不亮", actor=town.clerk, now=at + DAY)


def test_a_case_comes_back_within_its_window_and_not_after(town: Town) -> None:
    case = resolved_dispute(town)
    # Thirty days after 2020-06-01 is Wednesday 2020-07-01, which ends at 24:00.
    end = datetime(2020, 7, 2, tzinfo=SHANGHAI)
    assert closing.reopen(case, town.office, reason="又吵", actor=town.worker, now=end - MOMENT)
    with pytest.raises(Conflict):
        closing.reopen(case, town.office, reason="又吵", actor=town.worker, now=end)


def test_a_dispute_is_followed_up_and_closed_off_and_stays_ended(town: Town) -> None:
    case = resolved_dispute(town)
    call = CallBack(was_reached=True, is_solved=True)
    town.take(answer.call_back(case, call, actor=town.worker, now=MORNING + DAY))
    town.take(closing.close_off(case, actor=town.worker, now=MORNING + 2 * DAY))
    assert (case.state, case.ending, case.ended_at) == (CaseState.CLOSED_OFF, Ending.SOLVED, MORNING)
    town.take(closing.archive(case, actor=town.lead, now=MORNING + 3 * DAY))
    assert case.state is CaseState.ARCHIVED


def test_a_void_case_is_kept_outside_the_rate_even_while_it_stood_still(town: Town) -> None:
    case, until = town.signed_order(), date(2020, 6, 3)
    town.take(terms.suspend(case, town.office, until=until, reason="等", actor=town.clerk, now=MORNING))
    town.take(closing.void(case, reason="重复", actor=town.clerk, now=MORNING + HOUR))
    assert (case.state, case.ending) == (CaseState.VOID, Ending.VOID)
    assert (case.suspended_at, case.suspended_until, case.tier_left) == (None, None, None)


def test_a_petition_is_taken_back_before_it_is_answered(town: Town) -> None:
    case = town.handled_petition()
    town.take(closing.withdraw(case, reason="自愿撤回", actor=town.clerk, now=MORNING + HOUR))
    assert (case.state, case.ending) == (CaseState.WITHDRAWN, Ending.WITHDRAWN)
    with pytest.raises(Conflict):
        closing.withdraw(case, reason="再撤", actor=town.clerk, now=MORNING + HOUR)
