"""Extensions are approved and counted from the raw day; suspensions end by themselves and lose no limit."""

from datetime import date, datetime, timedelta

import pytest

from app.auth.actor import SERVICE
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.handling import terms
from petitions.models import Case
from petitions.rules.deadlines import due_moment
from petitions.verify import verify
from petitions.vocabulary import CaseState
from tasks.escalate import sweep
from tests.factories.cases import MORNING
from tests.petitions.handling.people import DAY, HOUR, Town

MOMENT = timedelta(microseconds=1)


def requested(town: Town, case: Case, until: date | None = None) -> Case:
    town.take(
        terms.request_extension(
            case, town.office, until=until, reason="案情复杂", actor=town.worker, now=MORNING
        )
    )
    return case


def test_a_petition_is_extended_once_by_thirty_days_from_the_raw_day(town: Town) -> None:
    # DOMAIN G.4: sixty days from 2020-08-02 are 2020-10-01, in the holidays; ninety are Saturday 2020-10-31.
    at = datetime(2020, 8, 2, 9, 0, tzinfo=SHANGHAI)
    case = town.handled_petition(at)
    assert case.due_at == datetime(2020, 10, 10, tzinfo=SHANGHAI)
    town.take(terms.request_extension(case, town.office, reason="复杂", actor=town.worker, now=at))
    assert case.due_at == datetime(2020, 10, 10, tzinfo=SHANGHAI)
    with pytest.raises(Forbidden):
        terms.approve_extension(case, town.office, reason="同意", actor=town.clerk, now=at)
    town.take(terms.approve_extension(case, town.office, reason="已告知", actor=town.leader, now=at))
    assert (case.state, case.extensions) == (CaseState.EXTENDED, 1)
    assert case.due_at == datetime(2020, 11, 3, tzinfo=SHANGHAI)
    with pytest.raises(Conflict):
        terms.request_extension(case, town.office, reason="再延", actor=town.worker, now=at)


def test_a_refused_extension_leaves_the_limit(town: Town) -> None:
    case = requested(town, town.handled_petition())
    due = case.due_at
    town.take(terms.refuse_extension(case, town.office, reason="不同意", actor=town.leader, now=MORNING))
    assert (case.state, case.due_at, case.extensions) == (CaseState.IN_HANDLING, due, 0)


@pytest.mark.parametrize(
    ("until", "is_possible"),
    [
        (date(2020, 6, 10), False),  # the deadline itself: seven working days after 2020-06-01
        (date(2020, 6, 11), True),
        (date(2020, 6, 22), True),  # eight working days later, the most of the default
        (date(2020, 6, 23), False),
    ],
)
def test_the_hotline_grants_a_day_within_the_rule_set(town: Town, until: date, is_possible: bool) -> None:
    case = requested(town, town.signed_order(), until)
    assert case.due_raw_on == date(2020, 6, 10)
    if not is_possible:
        with pytest.raises(Invalid):
            terms.approve_extension(
                case, town.office, until=until, reason="同意", actor=town.clerk, now=MORNING
            )
        return
    town.take(
        terms.approve_extension(case, town.office, until=until, reason="同意", actor=town.clerk, now=MORNING)
    )
    assert (case.state, case.due_raw_on, case.due_rule) == (CaseState.IN_HANDLING, until, "upstream")


def suspended(town: Town, case: Case, until: date, now: datetime = MORNING) -> Case:
    town.take(terms.suspend(case, town.office, until=until, reason="等配件", actor=town.clerk, now=now))
    return case


def test_a_suspended_case_has_no_limit_pass_and_goes_on_by_itself_with_what_was_left(town: Town) -> None:
    case = town.signed_order()
    due, tier_due = case.due_at, case.tier_due_at
    assert due is not None
    assert tier_due is not None
    suspended(town, case, date(2020, 6, 3), MORNING + HOUR)
    end = datetime(2020, 6, 4, tzinfo=SHANGHAI)
    assert (case.state, case.suspended_until, case.tier_due_at) == (CaseState.SUSPENDED, end, None)
    town.session.commit()
    assert sweep(end - MOMENT)["resumed"] == 0
    assert sweep(end)["resumed"] == 1
    town.session.refresh(case)
    assert (case.state, case.suspended_at, case.tier_left) == (CaseState.IN_HANDLING, None, None)
    # Three working days stood still (June 1 to 3): both limits are three working days later.
    assert case.due_at == due + 5 * DAY
    assert case.tier_due_at == tier_due + 3 * DAY - HOUR
    assert verify(town.session).ok


def test_a_tick_that_comes_late_gives_no_more_than_the_days_that_were_named(town: Town) -> None:
    one, other = (suspended(town, town.signed_order(), date(2020, 6, 3)) for _ in range(2))
    end = datetime(2020, 6, 4, tzinfo=SHANGHAI)
    town.take(terms.resume(one, town.office, actor=SERVICE, now=end))
    town.take(terms.resume(other, town.office, actor=SERVICE, now=end + 9 * DAY))
    assert (one.due_at, one.tier_due_at) == (other.due_at, other.tier_due_at)


def test_a_day_that_the_hotline_wrote_does_not_move(town: Town) -> None:
    case = town.signed_order(upstream_due_at=due_moment(date(2020, 6, 8)))
    due = case.due_at
    suspended(town, case, date(2020, 6, 3))
    town.take(terms.resume(case, town.office, actor=town.clerk, now=MORNING + DAY))
    assert case.due_at == due


@pytest.mark.parametrize(
    ("until", "is_possible"),
    [
        (date(2020, 6, 1), False),  # today
        (date(2020, 6, 2), True),
        (date(2020, 6, 22), True),  # the fifteenth working day
        (date(2020, 6, 23), False),
    ],
)
def test_a_suspension_has_an_end_within_its_limit(town: Town, until: date, is_possible: bool) -> None:
    case = town.signed_order()
    if is_possible:
        assert terms.suspend(case, town.office, until=until, reason="等", actor=town.clerk, now=MORNING)
        return
    with pytest.raises(Invalid):
        terms.suspend(case, town.office, until=until, reason="等", actor=town.clerk, now=MORNING)


def test_a_limit_that_passed_before_the_suspension_and_before_a_sweep_leaves_no_minute(town: Town) -> None:
    case = town.signed_order()
    assert case.tier_due_at is not None
    late = case.tier_due_at + DAY
    town.take(
        terms.suspend(case, town.office, until=date(2020, 6, 5), reason="等材料", actor=town.clerk, now=late)
    )
    assert case.tier_left == 0
    town.session.commit()
    assert sweep(datetime(2020, 6, 6, tzinfo=SHANGHAI))["resumed"] == 1
    assert sweep(datetime(2020, 6, 8, 9, tzinfo=SHANGHAI))["escalated"] == 1


def test_whoever_handles_a_case_does_not_suspend_it(town: Town) -> None:
    with pytest.raises(Forbidden):
        terms.suspend(
            town.signed_order(),
            town.office,
            until=date(2020, 6, 3),
            reason="等",
            actor=town.worker,
            now=MORNING,
        )


def test_no_clock_of_a_petition_stands_still(town: Town) -> None:
    case, before = town.handled_petition(), None
    before = (case.due_at, case.tier_due_at)
    with pytest.raises(Conflict):
        terms.suspend(case, town.office, until=date(2020, 6, 3), reason="等", actor=town.clerk, now=MORNING)
    town.take(terms.open_hearing(case, reason="听证", actor=town.clerk, now=MORNING + HOUR))
    town.take(terms.close_hearing(case, reason="已听", actor=town.clerk, now=MORNING + 9 * HOUR))
    assert (case.state, (case.due_at, case.tier_due_at)) == (CaseState.IN_HANDLING, before)
