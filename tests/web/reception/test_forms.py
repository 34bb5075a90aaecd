"""The forms of receptions: every fault at its field, and what is sent twice is done once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from petitions.models import Case
from petitions.reception import days
from petitions.reception.models import Booking, Reception
from petitions.reception.vocabulary import BookingState, DayState
from tests.factories.cases import make_case
from tests.factories.receptions import PHONE, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]

NAME = "赵某某"


def test_a_day_is_planned_published_booked_and_cancelled_on_screen(
    session: Session, leader: Actor, login_as: Login
) -> None:
    client = login_as(leader)
    day = local_day(now()) + timedelta(days=3)
    plan = {"leader": str(leader.id), "kind": "in_field", "place": "东湖社区", "day": day.isoformat()}
    hours = {"opens": "14:30", "closes": "16:00", "capacity": "3", "key": "k1"}

    made = client.post("/receptions/new", data={**plan, **hours})
    again = client.post("/receptions/new", data={**plan, **hours})
    assert made.location == again.location
    reception = session.scalars(select(Reception)).one()
    client.post(f"{made.location}/plan", data={**plan, **hours, "place": "西湖社区"})
    client.post(f"{made.location}/publish")
    visit = {"slot": "2", "visitor": NAME, "phone": PHONE, "persons": "7", "matter": "欠薪", "key": "k2"}
    assert client.post(f"{made.location}/book", data=visit).location == made.location
    assert client.post(f"{made.location}/book", data=visit).location == made.location
    booking = session.scalars(select(Booking)).one()
    client.post(f"{made.location}/cancel", data={"reason": "防汛"})

    session.refresh(reception)
    assert (reception.state, reception.place) == (DayState.CANCELLED, "西湖社区")
    assert (booking.persons, booking.representatives) == (7, 5)
    assert "防汛" in client.get(made.location).text
    assert NAME in client.get("/receptions?show=untold").text
    inbox = client.get("/inbox").text
    assert day.isoformat() in inbox
    assert "/receptions?show=untold" in inbox


def test_a_cancelled_booking_is_moved_to_another_day_on_screen(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, coming: Reception
) -> None:
    booking = make_booking(session, coming, leader, now=now())
    other = make_reception(
        session, tiny.street.id, leader, now=now(), day=local_day(now()) + timedelta(days=8)
    )
    days.cancel(session, coming, reason="防汛", actor=leader, now=now())
    client = login_as(leader)
    page = f"/bookings/{booking.id}"

    client.post(f"{page}/tell", data={"version": "1"})
    assert f'value="{other.id}/4"' in client.get(page).text
    assert f'value="{coming.id}/' not in client.get(page).text
    client.post(f"{page}/move", data={"version": "2", "slot": f"{other.id}/4"})

    session.refresh(booking)
    assert (booking.reception_id, booking.slot, booking.event_count) == (other.id, 4, 3)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("leader", ""),
        ("leader", "9" * 20),
        ("kind", "elsewhere"),
        ("place", " "),
        ("place", "长" * 101),
        ("day", "tomorrow"),
        ("day", "9999-12-31"),
        ("day", "0001-01-01"),
        ("opens", "25:00"),
        ("closes", "09:00"),
        ("capacity", "0"),
        ("capacity", "1000"),
        ("capacity", "六"),
    ],
)
def test_a_fault_of_a_plan_is_told_at_its_field_and_nothing_is_planned(
    session: Session, leader: Actor, login_as: Login, field: str, text: str
) -> None:
    day = (local_day(now()) + timedelta(days=3)).isoformat()
    plan = {"leader": str(leader.id), "kind": "at_office", "place": "一楼", "day": day}
    hours = {"opens": "09:00", "closes": "12:00", "capacity": "6"}

    answer = login_as(leader).post("/receptions/new", data={**plan, **hours, field: text})

    assert answer.status_code == 422
    assert field == "kind" or f'id="{field}-fault"' in answer.text
    assert session.scalars(select(Reception)).all() == []


@pytest.mark.parametrize(
    ("field", "text", "status"),
    [
        ("visitor", "", 422),
        ("visitor", "长" * 61, 422),
        ("phone", "abc", 422),
        ("persons", "", 422),
        ("persons", "-1", 422),
        ("representatives", "6", 422),
        ("matter", " ", 422),
        ("slot", "7", 422),
        ("slot", "99999999999999999999", 422),
        ("slot", "1", 409),
        ("case", "440799001-H2020-999999", 422),
    ],
)
def test_a_fault_of_a_booking_is_told_at_its_field_and_nothing_is_booked(
    session: Session, leader: Actor, login_as: Login, coming: Reception, field: str, text: str, status: int
) -> None:
    make_booking(session, coming, leader, 1, now=now())
    session.commit()
    visit = {"slot": "2", "visitor": NAME, "phone": PHONE, "persons": "7", "matter": "欠薪"}

    answer = login_as(leader).post(f"/receptions/{coming.id}/book", data={**visit, field: text})

    assert answer.status_code == status
    assert f'id="{field}-fault"' in answer.text
    assert len(session.scalars(select(Booking)).all()) == 1


def test_an_outcome_sent_twice_registers_one_case(
    session: Session, leader: Actor, login_as: Login, booking: Booking
) -> None:
    client = login_as(leader)
    form = {"version": "1", "kind": "petition", "body": "工资拖欠三个月。", "until": "", "promise": ""}

    first = client.post(f"/bookings/{booking.id}/register", data=form)
    second = client.post(f"/bookings/{booking.id}/register", data=form)

    assert first.location == second.location == f"/bookings/{booking.id}"
    case = session.scalars(select(Case)).one()
    page = client.get(f"/cases/{case.number}").text
    assert leader.name in page
    assert f"/bookings/{booking.id}" in page
    assert faults(page) == []


def test_a_booking_that_somebody_else_has_changed_is_read_again(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, booking: Booking
) -> None:
    login_as(leader).post(f"/bookings/{booking.id}/note_absent", data={"version": "1"})
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))

    same = clerk.post(f"/bookings/{booking.id}/note_absent", data={"version": "1"})
    other = clerk.post(f"/bookings/{booking.id}/answer", data={"version": "1", "answer": "答复"})

    assert (same.status_code, other.status_code) == (409, 409)
    session.refresh(booking)
    assert booking.state is BookingState.ABSENT


def test_what_was_written_stays_in_the_form_that_was_refused(
    leader: Actor, login_as: Login, booking: Booking
) -> None:
    form = {"version": "1", "answer": "已责成施工单位结清。", "until": "2020-06-11"}

    answer = login_as(leader).post(f"/bookings/{booking.id}/answer", data=form)

    assert answer.status_code == 422
    assert "已责成施工单位结清。" in answer.text
    assert 'id="answer-promise-fault"' in answer.text
    assert faults(answer.text) == []


def test_a_case_outside_the_reach_is_not_named_by_a_booking(
    session: Session, leader: Actor, login_as: Login, booking: Booking
) -> None:
    elsewhere = make_case(session, make_street(session, code="440799002", name="乙街道").street.id)
    session.commit()
    form = {"version": "1", "case": elsewhere.number, "answer": "答复"}

    answer = login_as(leader).post(f"/bookings/{booking.id}/link", data=form)

    assert answer.status_code == 422
    assert elsewhere.title not in answer.text


@pytest.mark.parametrize("act", ["plan", "book", "nonsense", "answer%00"])
def test_an_act_that_no_page_offers_is_not_found(
    leader: Actor, login_as: Login, booking: Booking, act: str
) -> None:
    assert login_as(leader).post(f"/bookings/{booking.id}/{act}", data={"version": "1"}).status_code == 404


@pytest.mark.parametrize("path", ["/receptions/{}", "/bookings/{}", "/receptions/{}/book"])
def test_a_key_that_cannot_be_is_not_found(leader: Actor, login_as: Login, path: str) -> None:
    for key in ("9" * 20, "0"):
        assert login_as(leader).get(path.format(key)).status_code == 404
