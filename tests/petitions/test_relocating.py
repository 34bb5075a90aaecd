"""Open cases follow the land when boundaries are published; ended ones and the figures of the past stay."""

from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE, Actor
from app.auth.vocabulary import Role
from app.core.errors import Invalid
from app.notices.models import Notice
from grid.drafting import drafts
from grid.drafting.publishing import publish
from grid.models import Unit
from grid.vocabulary import RouteMethod, Tier
from petitions.escalation import escalate, hand_up
from petitions.handling import acceptance, answer, attention, closing, helping, holding, terms
from petitions.history import record
from petitions.models import Case, CaseEvent, CaseMove
from petitions.office import load_office
from petitions.places import place_at
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Channel, Ending, RiskLevel, Verb
from tasks.relocate import SETTLING, relocate_all
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor
from tests.grid.drafting.lands import line

HOUR = timedelta(hours=1)
LATER = MORNING + HOUR
WORKER = Role.GRID_WORKER
AT_A1 = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """Who leads the street."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An order in the west of A1, of which the grid knows."""
    found = make_case(session, tiny.street.id, **AT_A1)
    assert found.grid_id == tiny.a1.id
    return found


def change(session: Session, tiny: TinyStreet, leader: Actor, kind: str, **said: object) -> None:
    """Publish one edit and have the open cases follow."""
    draft = drafts.open_draft(session, tiny.street.id, name="调整", actor=leader, now=LATER)
    drafts.add_edit(session, draft, kind, said, actor=leader, now=LATER)
    publish(session, draft, actor=leader, now=LATER)
    session.commit()


def cut_off_the_west(session: Session, tiny: TinyStreet, leader: Actor) -> int:
    """The west of A1, where the case lies, is a new grid."""
    cut = line((113.066, 22.60), (113.066, 22.61))
    new = {"code": tiny.a.code + "003", "name": "新", "larger": True}
    change(session, tiny, leader, "split", grid=tiny.a1.code, line=cut, **new)
    return session.scalars(select(Unit.id).where(Unit.code == tiny.a.code + "003")).one()


def test_an_open_case_follows_its_land_with_an_event_and_a_notice_to_both_units(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    clocks = (case.due_at, case.tier_started_at, case.tier_due_at, case.tier_warn_at)
    new = cut_off_the_west(session, tiny, leader)

    assert relocate_all(LATER) == 1

    session.refresh(case)
    assert (case.grid_id, case.holder_id, case.community_id) == (new, new, tiny.a.id)
    # Nobody's limit begins anew by a line on a map.
    assert (case.due_at, case.tier_started_at, case.tier_due_at, case.tier_warn_at) == clocks
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.RELOCATE)).one()
    assert (event.actor_name, event.reason) == ("service", "boundaries_changed")
    told = session.scalars(select(Notice).where(Notice.kind.in_(("moved_here", "moved_away")))).all()
    assert {(notice.unit_id, notice.kind) for notice in told} == {
        (new, "moved_here"),
        (tiny.a1.id, "moved_away"),
    }
    assert verify(session).ok


def test_the_figures_of_the_past_count_it_where_it_lay(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    new = cut_off_the_west(session, tiny, leader)
    relocate_all(LATER)
    then = select(place_at(Tier.GRID, LATER)).where(Case.id == case.id)
    after = select(place_at(Tier.GRID, LATER + timedelta(microseconds=1))).where(Case.id == case.id)
    assert (session.scalar(then), session.scalar(after)) == (tiny.a1.id, new)
    assert [move.grid_id for move in session.scalars(select(CaseMove))] == [tiny.a1.id]


def test_an_ended_case_stays_where_it_was(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    record(session, [closing.void(case, reason="重复录入", actor=OPERATOR, now=MORNING)])
    assert case.ending is Ending.VOID
    cut_off_the_west(session, tiny, leader)
    assert relocate_all(LATER) == 0
    session.refresh(case)
    assert case.grid_id == tiny.a1.id


def test_a_case_in_land_that_did_not_change_is_left_alone(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    east = make_case(session, tiny.street.id, lon=113.068, lat=22.605, datum="wgs84")
    cut_off_the_west(session, tiny, leader)
    events = east.event_count
    assert relocate_all(LATER) == 0
    session.refresh(east)
    assert (east.grid_id, east.event_count) == (tiny.a1.id, events)


def test_a_unit_that_a_person_named_keeps_the_case_while_it_is_there(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    office = load_office(session)
    record(session, [holding.hand_back(case, office, reason="不是", actor=SERVICE, now=MORNING)])
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    record(session, [holding.rule(case, office, unit_id=tiny.a1.id, reason="是", actor=lead, now=MORNING)])
    cut_off_the_west(session, tiny, leader)
    assert relocate_all(LATER) == 0
    session.refresh(case)
    assert case.grid_id == tiny.a1.id


def test_a_unit_that_ends_gives_its_cases_to_its_heir_even_those_without_a_point(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    named = make_case(session, tiny.street.id, address="东湖社区")
    assert (named.point, named.holder_id) == (None, tiny.a.id)
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    given = {"unit_id": tiny.a1.id, "reason": "在一网格", "actor": lead, "now": MORNING}
    record(session, [holding.hand_down(named, load_office(session), **given)])
    change(session, tiny, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    assert relocate_all(LATER) == 2
    for one in (case, named):
        session.refresh(one)
        assert (one.grid_id, one.holder_id) == (tiny.a2.id, tiny.a2.id)
    # Nobody is left there to be told.
    told = session.scalars(select(Notice.kind).where(Notice.unit_id == tiny.a1.id)).all()
    assert "moved_away" not in told
    with force_locale("en"), pytest.raises(Invalid, match="no more"):
        holding.hand_down(case, load_office(session), unit_id=tiny.a1.id, reason="x", actor=leader, now=LATER)
    assert verify(session).ok


def test_a_grid_that_moves_takes_its_cases_to_the_other_community(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    gone_up = make_case(session, tiny.street.id, **AT_A1)
    office = load_office(session)
    record(session, [escalate(gone_up, office, actor=SERVICE, now=MORNING)])
    at_street = make_case(session, tiny.street.id, **AT_A1)
    for _ in range(2):
        record(session, [hand_up(at_street, office, reason="难", actor=SERVICE, now=MORNING)])
    change(session, tiny, leader, "move", grid=tiny.a1.code, code=tiny.b.code + "002")
    assert relocate_all(LATER) == 3
    new = session.scalars(select(Unit.id).where(Unit.code == tiny.b.code + "002")).one()
    for one, holder in ((case, new), (gone_up, tiny.b.id), (at_street, tiny.street.id)):
        session.refresh(one)
        assert (one.community_id, one.grid_id, one.holder_id) == (tiny.b.id, new, holder)
    assert verify(session).ok


def test_a_suspended_case_moves_and_stands_still_as_before(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    office = load_office(session)
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    by = {"reason": "等配件", "actor": clerk, "now": MORNING}
    record(session, [terms.suspend(case, office, until=date(2020, 6, 3), **by)])
    left, until = case.tier_left, case.suspended_until
    new = cut_off_the_west(session, tiny, leader)
    assert relocate_all(LATER) == 1
    session.refresh(case)
    assert (case.holder_id, case.tier_left, case.suspended_until) == (new, left, until)
    assert case.tier_due_at is None
    assert until is not None
    record(session, [terms.resume(case, load_office(session), actor=SERVICE, now=until)])
    assert case.tier_due_at is not None


def test_what_is_reopened_goes_to_whoever_has_the_land_now(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    given = {"kind": CaseKind.DISPUTE, "channel": Channel.GRID_PATROL, "order_type": None}
    case, worker = make_case(session, tiny.street.id, **AT_A1, **given), make_actor(session, tiny.a1, WORKER)
    by = {"actor": worker, "now": MORNING}
    record(session, [acceptance.assess(case, risk=RiskLevel.GENERAL, **by)])
    record(session, [answer.settle(case, ending=Ending.SOLVED, reason="已劝和", **by)])
    change(session, tiny, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    assert relocate_all(LATER) == 0
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    record(session, [closing.reopen(case, load_office(session), reason="又吵", actor=lead, now=LATER)])
    assert (case.holder_id, case.grid_id, case.community_id) == (tiny.a2.id, tiny.a2.id, tiny.a.id)
    assert verify(session).ok


def test_the_tick_looks_again_until_nothing_older_can_be_on_its_way(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    new = cut_off_the_west(session, tiny, leader)
    assert relocate_all(LATER) == 1
    # A matter that was placed before the publication and written after the first look.
    late = make_case(session, tiny.street.id, **AT_A1)
    session.execute(Case.__table__.update().where(Case.id == late.id).values(grid_id=tiny.a1.id))
    session.commit()
    assert relocate_all(LATER + SETTLING) == 1
    session.refresh(late)
    assert late.grid_id == new
    session.execute(Case.__table__.update().where(Case.id == late.id).values(grid_id=tiny.a1.id))
    session.commit()
    # From then on the revision is done with, and the tick reads no case.
    assert relocate_all(LATER + 2 * SETTLING) == 0


def test_a_second_tick_at_the_same_moment_does_nothing(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    cut_off_the_west(session, tiny, leader)
    assert [relocate_all(LATER), relocate_all(LATER)] == [1, 0]


def test_a_case_that_was_passed_over_keeps_the_publication_from_being_done_with(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    new = cut_off_the_west(session, tiny, leader)
    after = LATER + 2 * SETTLING
    # Somebody acts on it just after the only pass began; the next pass meets it.
    record(session, [attention.note(case, text="在看", actor=SERVICE, now=after + HOUR)])
    session.commit()
    assert relocate_all(after) == 0
    assert relocate_all(after + 2 * HOUR) == 1
    session.refresh(case)
    assert case.grid_id == new


def test_help_owed_by_a_unit_that_ended_is_owed_by_its_heir_and_not_by_the_holder_itself(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    far = make_case(session, tiny.street.id, lon=113.07, lat=22.615, datum="wgs84")
    for one in (case, far):
        record(session, [holding.sign_for(one, actor=SERVICE, now=MORNING)])
        helper = tiny.a2 if one is case else tiny.a1
        asked = {"unit_id": helper.id, "until": date(2020, 6, 5), "reason": "协助", "actor": leader}
        record(session, [helping.ask_help(one, load_office(session), **asked, now=MORNING)])
    change(session, tiny, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    assert relocate_all(LATER) == 2
    for one in (case, far):
        session.refresh(one)
    # A2 had been asked to help and now has the case itself.
    assert (case.holder_id, case.assist_ids) == (tiny.a2.id, [])
    assert (far.holder_id, far.assist_ids) == (tiny.b1.id, [tiny.a2.id])
    assert verify(session).ok


def test_once_its_unit_has_ended_the_point_of_a_case_decides_and_goes_on_deciding(
    session: Session, tiny: TinyStreet, leader: Actor, case: Case
) -> None:
    office = load_office(session)
    record(session, [holding.hand_back(case, office, reason="不是", actor=SERVICE, now=MORNING)])
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    named = {"unit_id": tiny.a1.id, "reason": "是", "actor": lead, "now": MORNING}
    record(session, [holding.rule(case, load_office(session), **named)])
    change(session, tiny, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    relocate_all(LATER)
    session.refresh(case)
    assert (case.grid_id, case.route_method) == (tiny.a2.id, RouteMethod.POINT)
    cut = line((113.068, 22.60), (113.068, 22.61))
    new = {"code": tiny.a.code + "004", "name": "新"}
    change(session, tiny, leader, "split", grid=tiny.a2.code, line=cut, **new)
    assert relocate_all(LATER + HOUR) == 1
