"""Review and re-review: within their limits, by others, and back to handling only by a revoking decision."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.handling import answer, review
from petitions.handling.review import ReviewOpinion
from petitions.models import Case
from petitions.verify import verify
from petitions.vocabulary import CaseState, ReviewResult
from tasks.escalate import sweep
from tests.factories.cases import MORNING
from tests.petitions.handling.people import DAY, HOUR, Town

MOMENT = timedelta(microseconds=1)
SERVED = date(2020, 6, 1)
# Thirty days after 2020-06-01 is Wednesday 2020-07-01, which ends at 24:00.
LAPSES = datetime(2020, 7, 2, tzinfo=SHANGHAI)


@pytest.fixture
def replied(town: Town) -> Case:
    case = town.handled_petition()
    town.take(answer.reply(case, town.office, town.opinion(SERVED), actor=town.clerk, now=MORNING + HOUR))
    return case


def says(served_on: date) -> ReviewOpinion:
    return ReviewOpinion(ReviewResult.MAINTAINED, "复查〔2020〕1号", "维持", served_on)


def test_a_review_is_asked_for_within_thirty_days_of_the_service(town: Town, replied: Case) -> None:
    with pytest.raises(Conflict):
        review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=LAPSES)
    at = LAPSES - MOMENT
    town.take(review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=at))
    assert (replied.state, replied.after_rule) == (CaseState.IN_REVIEW, "petition_2005.review")
    assert replied.after_due_at == datetime(2020, 8, 1, tzinfo=SHANGHAI)


def test_without_a_request_the_matter_is_final_once_the_limit_passes(town: Town, replied: Case) -> None:
    town.session.commit()
    assert sweep(LAPSES - MOMENT)["lapsed"] == 0
    assert sweep(LAPSES)["lapsed"] == 1
    assert sweep(LAPSES)["lapsed"] == 0
    town.session.refresh(replied)
    assert (replied.state, replied.after_due_at) == (CaseState.FINAL, None)
    assert verify(town.session).ok


def test_a_matter_in_review_does_not_lapse_however_long_the_organ_above_takes(
    town: Town, replied: Case
) -> None:
    town.take(review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=MORNING + DAY))
    town.session.commit()
    assert sweep(LAPSES + 100 * DAY)["lapsed"] == 0


def test_a_matter_goes_through_review_and_re_review_and_is_final(town: Town, replied: Case) -> None:
    at = MORNING + 10 * DAY
    town.take(review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=at))
    town.take(
        review.record_review(
            replied, town.office, says(date(2020, 6, 20)), actor=town.clerk, now=at + 10 * DAY
        )
    )
    assert replied.after_rule == "petition_2005.re_review_request"
    town.take(
        review.request_re_review(replied, town.office, reason="仍不服", actor=town.clerk, now=at + 11 * DAY)
    )
    # Thirty days from 2020-06-22; five days of hearing do not count.
    due = replied.after_due_at
    assert due is not None
    first, last = date(2020, 6, 23), date(2020, 6, 27)
    late = at + 20 * DAY
    town.take(
        review.add_hearing_days(replied, town.office, first=first, last=last, actor=town.clerk, now=late)
    )
    assert replied.after_due_at == due + 5 * DAY
    town.take(review.record_re_review(replied, says(date(2020, 7, 1)), actor=town.clerk, now=late))
    assert (replied.state, replied.after_rule) == (CaseState.FINAL, None)
    with pytest.raises(Conflict):
        review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=late)


def test_hearing_days_lie_between_the_request_and_today(town: Town, replied: Case) -> None:
    at = MORNING + 10 * DAY
    town.take(review.request_review(replied, town.office, reason="不服", actor=town.clerk, now=at))
    town.take(review.record_review(replied, town.office, says(date(2020, 6, 11)), actor=town.clerk, now=at))
    town.take(review.request_re_review(replied, town.office, reason="不服", actor=town.clerk, now=at))
    for first, last in (
        (date(2020, 6, 10), date(2020, 6, 11)),
        (date(2020, 6, 12), date(2020, 6, 11)),
        (date(2020, 6, 11), date(2020, 6, 12)),
    ):
        with pytest.raises(Invalid):
            review.add_hearing_days(replied, town.office, first=first, last=last, actor=town.clerk, now=at)


def test_only_a_decision_with_a_number_leads_back_to_handling(town: Town, replied: Case) -> None:
    due = replied.due_at
    with pytest.raises(Forbidden):
        review.revoke(
            replied, town.office, decision="1号", reason="有误", actor=town.clerk, now=MORNING + DAY
        )
    with pytest.raises(Invalid):
        review.revoke(replied, town.office, decision=" ", reason="有误", actor=town.leader, now=MORNING + DAY)
    town.take(
        review.revoke(
            replied, town.office, decision="1号", reason="有误", actor=town.leader, now=MORNING + DAY
        )
    )
    assert (replied.state, replied.ending, replied.ended_at) == (CaseState.IN_HANDLING, None, None)
    assert (replied.due_at, replied.opinion_result, replied.after_rule) == (due, None, None)
    assert replied.tier_due_at is not None
    assert verify(town.session).ok
