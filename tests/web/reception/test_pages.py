"""The pages of receptions: seen from the street's office alone, masked where one handles no cases."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import GRANTS, Permission, Role
from app.core.clock import now
from petitions.reception.models import Booking, Reception
from tests.factories.cases import MORNING
from tests.factories.receptions import DAY, PHONE, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults
from tests.web.test_pages import asked

Login = Callable[[Actor], FlaskClient]

NAME, MASKED = "赵某某", "赵**"


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


@pytest.mark.parametrize(
    ("persons", "threshold", "is_marked"),
    [(4, 5, False), (5, 5, True), (6, 5, True), (6, 7, False), (7, 7, True)],
)
def test_from_how_many_persons_a_visit_is_collective_is_a_setting(
    session: Session,
    app: Flask,
    leader: Actor,
    login_as: Login,
    coming: Reception,
    monkeypatch: pytest.MonkeyPatch,
    persons: int,
    threshold: int,
    is_marked: bool,
) -> None:
    monkeypatch.setitem(app.config, "COLLECTIVE_FROM", threshold)
    booking = make_booking(session, coming, leader, persons=persons, now=now())
    client = login_as(leader)

    for path in (f"/bookings/{booking.id}", f"/receptions/{coming.id}"):
        assert ("集体访" in client.get(path).text) is is_marked
