"""Who has a case: signed for, handed back, ruled on, handed down; no step of it moves the first clock."""

from datetime import datetime, timedelta

import pytest
from flask_babel import force_locale

from app.auth.actor import SERVICE
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from grid.vocabulary import RouteMethod, Tier
from petitions.actions.table import offered
from petitions.escalation import escalate
from petitions.handling import holding
from petitions.models import Case
from petitions.order_limits import hand_back_by, sign_by, why_not_hand_back
from petitions.vocabulary import CaseState, Verb
from tests.factories.cases import MORNING, make_case
from tests.petitions.handling.people import DAY, HOUR, Town


def test_a_worker_of_another_grid_may_not_act_and_the_community_above_may(town: Town) -> None:
    case = town.order()
    for stranger in (town.other_worker, town.other_lead):
        with pytest.raises(Forbidden):
            holding.sign_for(case, actor=stranger, now=MORNING)
    assert holding.sign_for(case, actor=town.lead, now=MORNING)


def test_handing_back_needs_a_reason_and_moves_the_case_to_the_parent(town: Town) -> None:
    case = town.order()
    with pytest.raises(Invalid):
        holding.hand_back(case, town.office, reason="  ", actor=town.worker, now=MORNING + HOUR)
    due = case.due_at
    town.take(holding.hand_back(case, town.office, reason="在隔壁", actor=town.worker, now=MORNING + HOUR))
    assert case.state is CaseState.RETURN_REQUESTED
    assert (case.holder_id, case.holder_tier) == (town.tiny.a.id, Tier.COMMUNITY)
    assert (case.hand_backs, case.due_at, case.tier_started_at) == (1, due, MORNING + HOUR)
    # It lies where it lay: the grid still finds it until somebody rules.
    assert case.grid_id == town.tiny.a1.id


def test_the_street_has_nobody_to_hand_back_to(town: Town) -> None:
    case = make_case(town.session, town.tiny.street.id, address="不知何处")
    town.take(holding.sign_for(case, actor=town.clerk, now=MORNING))
    with pytest.raises(Conflict):
        holding.hand_back(case, town.office, reason="不是我们的", actor=town.clerk, now=MORNING)


def test_after_two_hand_backs_the_last_ruling_is_final(town: Town) -> None:
    case, a1 = town.order(), town.tiny.a1.id
    for hour in (1, 3):
        at = MORNING + hour * HOUR
        town.take(holding.hand_back(case, town.office, reason="不是", actor=town.worker, now=at))
        town.take(holding.rule(case, town.office, unit_id=a1, reason="是", actor=town.lead, now=at + HOUR))
    with pytest.raises(Conflict, match="2"):
        holding.hand_back(case, town.office, reason="不是", actor=town.worker, now=MORNING + 9 * HOUR)


def test_an_order_is_handed_back_within_one_working_day_of_coming_to_its_holder(town: Town) -> None:
    friday = datetime(2020, 6, 5, 15, tzinfo=SHANGHAI)
    case = town.order(friday)
    over = datetime(2020, 6, 9, tzinfo=SHANGHAI)
    assert hand_back_by(case, town.office.calendar) == over
    with force_locale("en"), pytest.raises(Conflict, match="hand it up"):
        holding.hand_back(case, town.office, reason="不在", actor=town.worker, now=over)
    assert Verb.HAND_BACK not in {edge.verb for edge in offered(case, town.office, town.worker, over)}

    in_time = over - timedelta(microseconds=1)
    assert Verb.HAND_BACK in {edge.verb for edge in offered(case, town.office, town.worker, in_time)}
    town.take(holding.hand_back(case, town.office, reason="不在", actor=town.worker, now=in_time))
    # The unit above has its own day.
    assert why_not_hand_back(case, town.office.calendar, in_time) is None


def test_a_petition_is_handed_back_whenever_its_holder_sees_that_it_is_not_theirs(town: Town) -> None:
    case = town.handled_petition()
    assert hand_back_by(case, town.office.calendar) is None
    assert why_not_hand_back(case, town.office.calendar, MORNING + 20 * DAY) is None


def test_an_order_is_to_be_signed_for_within_four_working_hours_until_somebody_has(town: Town) -> None:
    case = town.order()
    assert sign_by(case, town.office.calendar) == town.office.calendar.add_working_minutes(MORNING, 240)
    town.take(holding.sign_for(case, actor=town.worker, now=MORNING + HOUR))
    assert sign_by(case, town.office.calendar) is None


def test_a_ruling_names_the_grid_and_with_it_the_place(town: Town) -> None:
    case, a2 = town.order(), town.tiny.a2
    town.take(holding.hand_back(case, town.office, reason="不对", actor=town.worker, now=MORNING + HOUR))
    ruled = holding.rule(
        case, town.office, unit_id=a2.id, reason="在二网格", actor=town.lead, now=MORNING + 2 * HOUR
    )
    town.take(ruled)
    assert (case.grid_id, case.community_id, case.holder_id) == (a2.id, town.tiny.a.id, a2.id)
    assert (case.route_method, case.route_certainty) == (RouteMethod.UNIT, 1.0)


def test_nobody_gives_a_case_to_a_unit_outside_their_reach(town: Town) -> None:
    case = town.order()
    with pytest.raises(Forbidden):
        holding.hand_down(
            case, town.office, unit_id=town.tiny.b1.id, reason="给他们", actor=town.lead, now=MORNING
        )


def handed_back(town: Town) -> Case:
    """A case of A1 that its grid has handed back an hour after it came."""
    case = town.order()
    town.take(holding.hand_back(case, town.office, reason="不对", actor=SERVICE, now=MORNING + HOUR))
    return case


def test_a_case_is_handed_down_only_to_a_unit_below_its_holder(town: Town) -> None:
    tiny, case, late = town.tiny, town.order(), MORNING + 2 * HOUR
    town.take(escalate(case, town.office, actor=SERVICE, now=MORNING + HOUR))
    assert case.holder_id == tiny.a.id
    for unit in (tiny.a, tiny.street, tiny.b, tiny.b1):
        with pytest.raises(Invalid):
            holding.hand_down(case, town.office, unit_id=unit.id, reason="请办", actor=town.leader, now=late)
    down = holding.hand_down(
        case, town.office, unit_id=tiny.a2.id, reason="请办", actor=town.leader, now=late
    )
    town.take(down)
    assert (case.holder_id, case.grid_id) == (tiny.a2.id, tiny.a2.id)


def test_handed_down_from_the_desk_an_order_is_dispatched(town: Town) -> None:
    case = make_case(town.session, town.tiny.street.id, address="不知何处")
    assert case.state is CaseState.PENDING_DISPATCH
    down = holding.hand_down(
        case, town.office, unit_id=town.tiny.a1.id, reason="请办", actor=town.clerk, now=MORNING
    )
    town.take(down)
    assert (case.state, case.holder_id) == (CaseState.DISPATCHED, town.tiny.a1.id)


def test_a_unit_that_rules_a_case_to_itself_keeps_its_clock(town: Town) -> None:
    case, a = handed_back(town), town.tiny.a.id
    before = (case.tier_started_at, case.tier_warn_at, case.tier_due_at)
    kept = holding.rule(
        case, town.office, unit_id=a, reason="我们办", actor=town.lead, now=MORNING + 9 * HOUR
    )
    town.take(kept)
    assert (case.tier_started_at, case.tier_warn_at, case.tier_due_at) == before
    assert (case.state, case.holder_id) == (CaseState.DISPATCHED, a)
    # The grid has said that it does not lie there, and nobody has said where else.
    assert (case.community_id, case.grid_id) == (a, None)


def test_a_ruling_for_another_community_moves_the_place_there(town: Town) -> None:
    case, b = handed_back(town), town.tiny.b.id
    ruled = holding.rule(
        case, town.office, unit_id=b, reason="西湖", actor=town.clerk, now=MORNING + 2 * HOUR
    )
    town.take(ruled)
    assert (case.community_id, case.grid_id, case.holder_id) == (b, None, b)
    assert (case.route_method, case.route_reason) == (RouteMethod.UNIT, "named_by_person")


def test_a_case_handed_down_to_its_own_community_stays_in_its_grid(town: Town) -> None:
    case, a = town.order(), town.tiny.a.id
    for hour in (1, 2):
        town.take(escalate(case, town.office, actor=SERVICE, now=MORNING + hour * HOUR))
    assert case.holder_id == town.tiny.street.id
    town.take(
        holding.hand_down(
            case, town.office, unit_id=a, reason="请办", actor=town.clerk, now=MORNING + 3 * HOUR
        )
    )
    assert (case.holder_id, case.community_id, case.grid_id) == (a, a, town.tiny.a1.id)
    assert case.route_method is RouteMethod.POINT
