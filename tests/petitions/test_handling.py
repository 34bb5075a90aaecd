"""The verbs: who may, from which state, and what becomes of holder and clocks."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from grid.vocabulary import RouteMethod, Tier
from petitions import handling
from petitions.escalation import escalate
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.vocabulary import CaseKind, CaseState, Channel, DivertRoute, Ending
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor

HOUR = timedelta(hours=1)
AT_A1 = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


def test_the_holders_worker_signs_and_settles(session: Session, tiny: TinyStreet) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    record(session, [handling.sign_for(case, load_office(session), actor=worker, now=MORNING + HOUR)])
    assert case.state is CaseState.SIGNED
    done = handling.settle(
        case,
        ending=Ending.SOLVED,
        reason="修好了",
        actor=worker,
        now=MORNING + 2 * HOUR,
    )
    record(session, [done])
    assert (case.state, case.ending, case.ended_at) == (CaseState.CLOSED, Ending.SOLVED, MORNING + 2 * HOUR)
    assert case.tier_due_at is None
    assert case.tier_warn_at is None


def test_a_worker_of_another_grid_may_not_act_and_the_community_above_may(
    session: Session, tiny: TinyStreet
) -> None:
    case = make_case(session, tiny.street.id, **AT_A1)
    with pytest.raises(Forbidden):
        handling.sign_for(
            case, load_office(session), actor=make_actor(session, tiny.a2, Role.GRID_WORKER), now=MORNING
        )
    with pytest.raises(Forbidden):
        handling.sign_for(
            case, load_office(session), actor=make_actor(session, tiny.b, Role.COMMUNITY_LEAD), now=MORNING
        )
    assert handling.sign_for(
        case, load_office(session), actor=make_actor(session, tiny.a, Role.COMMUNITY_LEAD), now=MORNING
    )


def test_a_petition_is_accepted_once_and_its_sixty_days_run_from_then(
    session: Session, tiny: TinyStreet
) -> None:
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    office = load_office(session)
    case = make_case(session, tiny.street.id, kind=CaseKind.PETITION, channel=Channel.VISIT, **AT_A1)
    assert case.due_rule == "petition_2005.accept"
    record(session, [handling.sign_for(case, load_office(session), actor=lead, now=MORNING + HOUR)])
    assert case.due_rule == "petition_2005.handle"
    # 2020-06-01 and sixty days is Friday 2020-07-31, which ends at 24:00.
    assert case.due_at == datetime(2020, 8, 1, tzinfo=SHANGHAI)
    before = case.due_at
    back = handling.hand_back(case, office, reason="不在本网格", actor=lead, now=MORNING + 2 * HOUR)
    record(session, [back])
    to_a2 = handling.rule(
        case, office, unit_id=tiny.a2.id, reason="在二网格", actor=lead, now=MORNING + 3 * HOUR
    )
    record(session, [to_a2])
    record(session, [handling.sign_for(case, load_office(session), actor=lead, now=MORNING + 30 * HOUR)])
    assert case.due_at == before


def test_handing_back_needs_a_reason_and_moves_the_case_to_the_parent(
    session: Session, tiny: TinyStreet
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    office = load_office(session)
    case = make_case(session, tiny.street.id, **AT_A1)
    with pytest.raises(Invalid):
        handling.hand_back(case, office, reason="  ", actor=worker, now=MORNING + HOUR)
    due = case.due_at
    record(session, [handling.hand_back(case, office, reason="在隔壁网格", actor=worker, now=MORNING + HOUR)])
    assert (case.state, case.holder_id, case.holder_tier) == (
        CaseState.RETURN_REQUESTED,
        tiny.a.id,
        Tier.COMMUNITY,
    )
    assert (case.hand_backs, case.due_at, case.tier_started_at) == (1, due, MORNING + HOUR)
    # It lies where it lay: the grid still finds it until somebody rules.
    assert case.grid_id == tiny.a1.id


def test_the_street_has_nobody_to_hand_back_to(session: Session, tiny: TinyStreet) -> None:
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    case = make_case(session, tiny.street.id, address="不知何处")
    assert case.holder_id == tiny.street.id
    with pytest.raises(Conflict):
        handling.hand_back(case, load_office(session), reason="不是我们的", actor=clerk, now=MORNING)


def test_a_ruling_names_the_grid_and_with_it_the_place(session: Session, tiny: TinyStreet) -> None:
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    office = load_office(session)
    case = make_case(session, tiny.street.id, **AT_A1)
    record(session, [handling.hand_back(case, office, reason="不对", actor=lead, now=MORNING + HOUR)])
    record(
        session,
        [
            handling.rule(
                case, office, unit_id=tiny.a2.id, reason="在二网格", actor=lead, now=MORNING + 2 * HOUR
            )
        ],
    )
    assert (case.grid_id, case.community_id, case.holder_id) == (tiny.a2.id, tiny.a.id, tiny.a2.id)
    assert (case.route_method, case.route_certainty) == (RouteMethod.UNIT, 1.0)


def test_nobody_gives_a_case_to_a_unit_outside_their_reach(session: Session, tiny: TinyStreet) -> None:
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    office = load_office(session)
    case = make_case(session, tiny.street.id, **AT_A1)
    with pytest.raises(Forbidden):
        handling.hand_down(case, office, unit_id=tiny.b1.id, reason="给他们", actor=lead, now=MORNING)


def handed_back(session: Session, tiny: TinyStreet) -> Case:
    """A case of A1 that its grid has handed back an hour after it came."""
    case = make_case(session, tiny.street.id, **AT_A1)
    back = handling.hand_back(case, load_office(session), reason="不对", actor=SERVICE, now=MORNING + HOUR)
    record(session, [back])
    return case


def test_a_case_is_handed_down_only_to_a_unit_below_its_holder(session: Session, tiny: TinyStreet) -> None:
    office, leader = load_office(session), make_actor(session, tiny.street, Role.STREET_LEADER)
    case = make_case(session, tiny.street.id, **AT_A1)
    record(session, [escalate(case, office, actor=SERVICE, now=MORNING + HOUR)])
    assert case.holder_id == tiny.a.id
    for unit in (tiny.a, tiny.street, tiny.b, tiny.b1):
        with pytest.raises(Invalid):
            handling.hand_down(
                case, office, unit_id=unit.id, reason="请办", actor=leader, now=MORNING + 2 * HOUR
            )
    down = handling.hand_down(
        case, office, unit_id=tiny.a2.id, reason="请办", actor=leader, now=MORNING + 2 * HOUR
    )
    record(session, [down])
    assert (case.holder_id, case.grid_id) == (tiny.a2.id, tiny.a2.id)


def test_a_unit_that_rules_a_case_to_itself_keeps_its_clock(session: Session, tiny: TinyStreet) -> None:
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    case = handed_back(session, tiny)
    before = (case.tier_started_at, case.tier_warn_at, case.tier_due_at)
    kept = handling.rule(
        case, load_office(session), unit_id=tiny.a.id, reason="我们办", actor=lead, now=MORNING + 9 * HOUR
    )
    record(session, [kept])
    assert (case.tier_started_at, case.tier_warn_at, case.tier_due_at) == before
    assert (case.state, case.holder_id) == (CaseState.DISPATCHED, tiny.a.id)
    # The grid has said that it does not lie there, and nobody has said where else.
    assert (case.community_id, case.grid_id) == (tiny.a.id, None)


def test_a_ruling_for_another_community_moves_the_place_there(session: Session, tiny: TinyStreet) -> None:
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    case = handed_back(session, tiny)
    ruled = handling.rule(
        case, load_office(session), unit_id=tiny.b.id, reason="西湖", actor=clerk, now=MORNING + 2 * HOUR
    )
    record(session, [ruled])
    assert (case.community_id, case.grid_id, case.holder_id) == (tiny.b.id, None, tiny.b.id)
    assert (case.route_method, case.route_reason) == (RouteMethod.UNIT, "named_by_person")


def test_a_case_handed_down_to_its_own_community_stays_in_its_grid(
    session: Session, tiny: TinyStreet
) -> None:
    office = load_office(session)
    case = make_case(session, tiny.street.id, **AT_A1)
    for hour in (1, 2):
        record(session, [escalate(case, office, actor=SERVICE, now=MORNING + hour * HOUR)])
    assert case.holder_id == tiny.street.id
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    down = handling.hand_down(
        case, office, unit_id=tiny.a.id, reason="请办", actor=clerk, now=MORNING + 3 * HOUR
    )
    record(session, [down])
    assert (case.holder_id, case.community_id, case.grid_id) == (tiny.a.id, tiny.a.id, tiny.a1.id)
    assert case.route_method is RouteMethod.POINT


def test_an_unsigned_order_cannot_be_settled_and_the_answer_says_why(
    session: Session, tiny: TinyStreet
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    with pytest.raises(Conflict) as refused:
        handling.settle(case, ending=Ending.SOLVED, reason="好了", actor=worker, now=MORNING)
    assert "dispatched" in str(refused.value) or "派遣" in str(refused.value)


@pytest.mark.parametrize(
    "ending",
    [Ending.SETTLED_BY_AGREEMENT, Ending.VOID, Ending.DIVERTED, Ending.FORWARDED, Ending.DECLINED],
)
def test_what_does_not_count_as_settled_cannot_be_settled(
    session: Session, tiny: TinyStreet, ending: Ending
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    record(session, [handling.sign_for(case, load_office(session), actor=worker, now=MORNING)])
    with pytest.raises(Invalid):
        handling.settle(case, ending=ending, reason="好了", actor=worker, now=MORNING)


def test_diverting_and_voiding_end_the_case_beside_the_rate(session: Session, tiny: TinyStreet) -> None:
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    one, other = (make_case(session, tiny.street.id, **AT_A1) for _ in range(2))
    record(
        session,
        [
            handling.divert(
                one,
                route=DivertRoute.ARBITRATION,
                reason="仲裁",
                actor=clerk,
                now=MORNING,
            ),
            handling.void(other, reason="重复", actor=clerk, now=MORNING),
        ],
    )
    assert (one.state, one.ending) == (CaseState.DIVERTED, Ending.DIVERTED)
    assert (other.state, other.ending) == (CaseState.VOID, Ending.VOID)


def test_reopening_starts_a_tier_clock_and_leaves_the_statutory_one(
    session: Session, tiny: TinyStreet
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    due = case.due_at
    for verb in (
        lambda: handling.sign_for(case, load_office(session), actor=worker, now=MORNING),
        lambda: handling.settle(case, ending=Ending.SOLVED, reason="好", actor=worker, now=MORNING + HOUR),
        lambda: handling.reopen(
            case, load_office(session), reason="又不亮了", actor=worker, now=MORNING + 48 * HOUR
        ),
    ):
        record(session, [verb()])
    assert (case.ending, case.ended_at, case.state) == (None, None, CaseState.IN_HANDLING)
    assert case.due_at == due
    assert case.tier_started_at == MORNING + 48 * HOUR
    assert case.tier_due_at is not None


def test_a_note_moves_no_deadline(session: Session, tiny: TinyStreet) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    before = (case.due_at, case.tier_due_at, case.tier_warn_at, case.tier_started_at)
    record(
        session,
        [handling.note(case, text="去看过了", actor=worker, now=MORNING + 5 * HOUR)],
    )
    assert (case.due_at, case.tier_due_at, case.tier_warn_at, case.tier_started_at) == before


def test_a_number_typed_into_a_reason_enters_the_history_masked(session: Session, tiny: TinyStreet) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    case = make_case(session, tiny.street.id, **AT_A1)
    said = handling.note(case, text="回电 100-4123-4567，约周三", actor=worker, now=MORNING)
    assert said.reason == "回电 100****4567，约周三"
