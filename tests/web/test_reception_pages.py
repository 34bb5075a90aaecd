"""The pages of receptions: seen from the street's office alone, masked where one handles no cases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import GRANTS, Permission, Role
from app.core.clock import local_day, now
from petitions.models import Case
from petitions.reception import days
from petitions.reception.models import Booking, Reception
from petitions.reception.vocabulary import BookingState, DayState
from tests.factories.cases import MORNING, make_case
from tests.factories.receptions import DAY, PHONE, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults
from tests.web.test_pages import asked

Login = Callable[[Actor], FlaskClient]

NAME, MASKED = "赵某某", "赵**"


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    person = make_actor(session, tiny.street, Role.STREET_LEADER)
    # What a refused form takes back must not be more than the form.
    session.commit()
    return person


@pytest.fixture
def booking(session: Session, tiny: TinyStreet, leader: Actor) -> Booking:
    """A booking of a day that is long past, so that its outcome is owed."""
    found = make_booking(session, make_reception(session, tiny.street.id, leader), leader)
    session.commit()
    return found


@pytest.fixture
def coming(session: Session, tiny: TinyStreet, leader: Actor) -> Reception:
    """A published day of next week."""
    return make_reception(
        session, tiny.street.id, leader, now=now(), day=local_day(now()) + timedelta(days=7)
    )


def paths(booking: Booking) -> tuple[str, ...]:
    """Every page on which the visitor could be read."""
    day = f"/receptions/{booking.reception_id}"
    return (f"/bookings/{booking.id}", day, "/receptions?show=owed")


@pytest.mark.parametrize(
    ("place", "role", "status"),
    [
        ("street", Role.STREET_LEADER, 200),
        ("street", Role.HOTLINE_CLERK, 200),
        ("street", Role.MEDIATOR, 200),
        ("a", Role.MEDIATOR, 404),
        ("a", Role.STREET_LEADER, 404),
        ("b1", Role.HOTLINE_CLERK, 404),
        ("a", Role.COMMUNITY_LEAD, 403),
        ("a1", Role.GRID_WORKER, 403),
    ],
)
def test_receptions_are_seen_from_the_streets_office_and_from_nowhere_else(
    session: Session, tiny: TinyStreet, login_as: Login, booking: Booking, place: str, role: Role, status: int
) -> None:
    client = login_as(make_actor(session, getattr(tiny, place), role, username="reader"))
    one, day, owed = paths(booking)

    assert client.get(one).status_code == status
    assert client.get(day).status_code == status
    listed = client.get(owed)
    searched = client.post("/receptions/search", data={"phone": PHONE})
    if status == 403:
        assert {listed.status_code, searched.status_code} == {403}
    else:
        assert (NAME in listed.text) == (NAME in searched.text) == (status == 200)


def test_the_office_of_another_street_sees_nothing(
    session: Session, login_as: Login, booking: Booking, coming: Reception
) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    client = login_as(make_actor(session, other.street, Role.STREET_LEADER))

    for path in (*paths(booking)[:2], f"/receptions/{coming.id}/book", f"/receptions/{coming.id}/plan"):
        assert client.get(path).status_code == 404
    for show in ("coming", "past", "owed"):
        page = client.get(f"/receptions?show={show}").text
        assert NAME not in page
        assert "一楼接待室" not in page
    assert NAME not in client.post("/receptions/search", data={"phone": PHONE}).text


@pytest.mark.parametrize("may_handle", [True, False])
def test_who_does_not_handle_cases_reads_masked_names_and_numbers(
    session: Session,
    tiny: TinyStreet,
    login_as: Login,
    booking: Booking,
    monkeypatch: pytest.MonkeyPatch,
    may_handle: bool,
) -> None:
    if not may_handle:
        monkeypatch.setitem(GRANTS, Role.MEDIATOR, GRANTS[Role.MEDIATOR] - {Permission.CASE_HANDLE})
    client = login_as(make_actor(session, tiny.street, Role.MEDIATOR))

    for path in paths(booking):
        page = client.get(path).text
        assert (NAME in page) is may_handle
        assert (MASKED in page) is not may_handle
        assert may_handle or PHONE not in page
    page = client.post("/receptions/search", data={"phone": PHONE}).text
    assert (NAME in page) is may_handle


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/receptions?show=coming",
        "/receptions?show=past",
        "/receptions?show=owed",
        "/receptions?show=untold",
        "/receptions?show=promised",
        "/receptions?show=nonsense",
        "/receptions/new",
        "/receptions/{coming}",
        "/receptions/{coming}/plan",
        "/receptions/{coming}/book?slot=2",
        "/receptions/{past}",
        "/bookings/{booking}",
    ],
)
def test_a_page_is_well_formed(
    leader: Actor, login_as: Login, booking: Booking, coming: Reception, path: str, language: str
) -> None:
    client = login_as(leader)
    client.post(f"/language/{language}")
    place = {"coming": coming.id, "past": booking.reception_id, "booking": booking.id}

    answer = client.get(path.format(**place))

    assert answer.status_code == 200
    assert faults(answer.text) == []
    assert ("领导接访" in answer.text) == (language == "zh")


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
    assert (booking.persons, booking.representatives, booking.is_collective) == (7, 5, True)
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


def test_a_mediator_of_the_street_reads_and_changes_nothing(
    session: Session, tiny: TinyStreet, login_as: Login, booking: Booking, coming: Reception
) -> None:
    client = login_as(make_actor(session, tiny.street, Role.MEDIATOR))

    page = client.get(f"/bookings/{booking.id}").text

    assert NAME in page
    assert f'action="/bookings/{booking.id}' not in page
    assert f"/receptions/{coming.id}/book" not in client.get(f"/receptions/{coming.id}").text
    assert client.post(f"/receptions/{coming.id}/cancel", data={"reason": "x"}).status_code == 403


def test_pages_take_few_statements_however_many_bookings_there_are(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, statements: list[str]
) -> None:
    client = login_as(leader)
    day = make_reception(session, tiny.street.id, leader, capacity=30)
    make_booking(session, day, leader, 1)
    pages = (f"/receptions/{day.id}", "/receptions?show=owed", "/receptions?show=past")
    few = [asked(session, client, path, statements) for path in pages]
    day = session.get_one(Reception, day.id)
    for slot in range(2, 31):
        make_booking(session, day, leader, slot)

    many = [asked(session, client, path, statements) for path in pages]

    assert few == many
    assert max(many) <= 12


def test_a_day_before_the_last_is_still_listed_as_past_and_today_as_coming(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login
) -> None:
    make_reception(session, tiny.street.id, leader, now=MORNING, place="旧址")
    client = login_as(leader)

    assert "旧址" in client.get("/receptions?show=past").text
    assert "旧址" not in client.get("/receptions?show=coming").text
    assert DAY.isoformat() in client.get("/receptions?show=past").text
