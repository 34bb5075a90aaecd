"""Reception days: planned by the street's own desk, published once, cancelled with a reason."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from app.notices.models import Notice
from petitions.reception import bookings, days
from petitions.reception.models import Reception, ReceptionEvent
from petitions.reception.vocabulary import DayState, ReceptionAct, ReceptionKind
from tests.factories.cases import MORNING
from tests.factories.receptions import DAY, a_plan, at, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor, make_street


def events(session: Session, reception: Reception) -> list[ReceptionEvent]:
    """What was done to the day, oldest first."""
    query = select(ReceptionEvent).where(ReceptionEvent.reception_id == reception.id)
    return list(session.scalars(query.order_by(ReceptionEvent.id)))


def test_a_day_is_planned_changed_and_published_and_each_step_is_kept(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor
) -> None:
    reception = days.plan(session, a_plan(leader), street_id=tiny.street.id, actor=clerk, now=MORNING)
    later = a_plan(leader, opens=time(14), closes=time(17), kind=ReceptionKind.IN_FIELD, place="东湖社区")
    days.replan(session, reception, later, actor=clerk, now=MORNING)
    days.publish(session, reception, actor=leader, now=MORNING)

    assert (reception.state, reception.starts_at, reception.place) == (
        DayState.PUBLISHED,
        at(14),
        "东湖社区",
    )
    first, second, third = events(session, reception)
    assert [event.act for event in (first, second, third)] == ["plan", "replan", "publish"]
    assert first.detail["opens"] == "09:00"
    assert second.detail == {
        "kind": ["at_office", "in_field"],
        "place": ["一楼接待室", "东湖社区"],
        "opens": ["09:00", "14:00"],
        "closes": ["12:00", "17:00"],
    }
    assert (first.actor_id, third.actor_id) == (clerk.id, leader.id)
    assert reception.event_count == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes": time(9)}, "closes"),
        ({"closes": time(8, 59)}, "closes"),
        ({"day": date(2020, 5, 31)}, "day"),
        ({"capacity": 37}, "capacity"),
        ({"day": date(2018, 12, 31)}, "leader"),
    ],
)
def test_what_no_day_can_be_is_told_at_its_field(
    session: Session, tiny: TinyStreet, leader: Actor, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        days.plan(session, a_plan(leader, **wrong), street_id=tiny.street.id, actor=leader, now=MORNING)

    assert field in refused.value.fields


def test_a_slot_of_five_minutes_is_the_shortest(session: Session, tiny: TinyStreet, leader: Actor) -> None:
    assert make_reception(session, tiny.street.id, leader, capacity=36).capacity == 36


@pytest.mark.parametrize(
    ("last_day", "is_leader"), [(DAY - timedelta(days=1), False), (DAY, True)], ids=["gone", "last day"]
)
def test_only_who_leads_the_street_on_that_day_receives(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor, last_day: date, is_leader: bool
) -> None:
    end = last_day + timedelta(days=1)
    session.execute(
        text("UPDATE postings SET days = daterange('2019-01-01', :end) WHERE user_id = :user"),
        {"end": end, "user": leader.id},
    )
    wish = a_plan(leader)
    if is_leader:
        assert days.plan(session, wish, street_id=tiny.street.id, actor=clerk, now=MORNING).id
    else:
        with pytest.raises(Invalid) as refused:
            days.plan(session, wish, street_id=tiny.street.id, actor=clerk, now=MORNING)
        assert set(refused.value.fields) == {"leader"}


@pytest.mark.parametrize("role", [Role.HOTLINE_CLERK, Role.MEDIATOR])
def test_who_serves_the_street_in_another_role_is_not_its_leader(
    session: Session, tiny: TinyStreet, clerk: Actor, role: Role
) -> None:
    other = make_actor(session, tiny.street, role, username="other")

    with pytest.raises(Invalid):
        days.plan(session, a_plan(other), street_id=tiny.street.id, actor=clerk, now=MORNING)


@pytest.mark.parametrize(
    ("opens", "closes", "is_free"),
    [(time(12), time(13), True), (time(11, 59), time(13), False), (time(8), time(9), True)],
)
def test_a_leader_receives_in_one_place_at_a_time(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    day: Reception,
    opens: time,
    closes: time,
    is_free: bool,
) -> None:
    wish = a_plan(leader, opens=opens, closes=closes, capacity=1, place="社区")
    if is_free:
        assert days.plan(session, wish, street_id=tiny.street.id, actor=leader, now=MORNING).id
    else:
        with pytest.raises(Conflict), session.begin_nested():
            days.plan(session, wish, street_id=tiny.street.id, actor=leader, now=MORNING)
        days.cancel(session, day, reason="开会", actor=leader, now=MORNING)
        assert days.plan(session, wish, street_id=tiny.street.id, actor=leader, now=MORNING).id


def test_a_published_day_keeps_its_hours_and_is_published_once(
    session: Session, leader: Actor, day: Reception
) -> None:
    with pytest.raises(Conflict):
        days.replan(session, day, a_plan(leader, capacity=3), actor=leader, now=MORNING)
    with pytest.raises(Conflict):
        days.publish(session, day, actor=leader, now=MORNING)

    assert day.capacity == 6


@pytest.mark.parametrize(("hour", "minute", "is_over"), [(11, 59, False), (12, 0, True)])
def test_a_day_is_cancelled_before_its_end_only(
    session: Session, leader: Actor, day: Reception, hour: int, minute: int, is_over: bool
) -> None:
    if is_over:
        with pytest.raises(Conflict):
            days.cancel(session, day, reason="开会", actor=leader, now=at(hour, minute))
        assert day.state is DayState.PUBLISHED
    else:
        days.cancel(session, day, reason="开会", actor=leader, now=at(hour, minute))
        assert day.state is DayState.CANCELLED


def test_a_day_is_not_cancelled_without_a_reason(session: Session, leader: Actor, day: Reception) -> None:
    with pytest.raises(Invalid):
        days.cancel(session, day, reason="  ", actor=leader, now=MORNING)


def test_a_cancelled_day_keeps_its_bookings_and_the_street_is_told_of_those_still_open(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor, day: Reception
) -> None:
    kept = [make_booking(session, day, clerk, slot) for slot in (1, 2, 3)]
    bookings.withdraw(session, kept[2], day, reason="不来了", actor=clerk, now=MORNING)

    days.cancel(session, day, reason="防汛值班，电话13800138000", actor=leader, now=at(8))

    assert [booking.state for booking in kept] == ["booked", "booked", "withdrawn"]
    (told,) = session.scalars(select(Notice).where(Notice.kind == "reception_cancelled"))
    assert (told.unit_id, told.params["count"], told.params["day"]) == (tiny.street.id, 2, "2020-06-08")
    last = events(session, day)[-1]
    assert (last.act, last.reason) == (ReceptionAct.CANCEL, "防汛值班，电话138****8000")


def test_a_cancelled_day_without_bookings_tells_nobody(
    session: Session, leader: Actor, day: Reception
) -> None:
    days.cancel(session, day, reason="开会", actor=leader, now=at(8))

    assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize(
    ("place", "role"),
    [
        ("a", Role.COMMUNITY_LEAD),
        ("a1", Role.GRID_WORKER),
        ("street", Role.MEDIATOR),
        ("a", Role.HOTLINE_CLERK),
    ],
)
def test_nobody_below_the_desk_plans_or_changes_a_day(
    session: Session, tiny: TinyStreet, leader: Actor, day: Reception, place: str, role: Role
) -> None:
    person = make_actor(session, getattr(tiny, place), role, username="person")

    with pytest.raises(Forbidden):
        days.plan(session, a_plan(leader), street_id=tiny.street.id, actor=person, now=MORNING)
    with pytest.raises(Forbidden):
        days.cancel(session, day, reason="开会", actor=person, now=MORNING)


def test_the_desk_of_another_street_plans_no_day_here(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    stranger = make_actor(session, other.street, Role.STREET_LEADER)

    with pytest.raises(Forbidden):
        days.plan(session, a_plan(leader), street_id=tiny.street.id, actor=stranger, now=MORNING)
    with pytest.raises(Invalid):
        days.plan(session, a_plan(leader), street_id=other.street.id, actor=stranger, now=MORNING)


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["reception_events", "screening_events"])
def test_what_was_done_cannot_be_rewritten(
    session: Session, day: Reception, statement: str, table: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement.format(table)))
