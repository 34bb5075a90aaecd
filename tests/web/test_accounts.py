"""Logging in, passwords, accounts and postings."""

from collections.abc import Callable

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.models import User
from app.auth.people import create_user, find_user
from app.auth.vocabulary import Role
from grid.roster import postings_of
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet, make_actor
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
PASSWORD = "Quiet-Harbour-7"
WRONG = "Loud-Harbour-77"


@pytest.fixture
def user(session: Session) -> User:
    """An account without a posting."""
    found = create_user(
        session, username="zhao", name="赵某某", password=PASSWORD, actor=OPERATOR, now=MORNING
    )
    session.commit()
    return found


@pytest.fixture
def admin(session: Session, login_as: Login) -> FlaskClient:
    """The browser of the system administrator."""
    return login_as(make_admin(session, Role.SYSTEM_ADMIN))


def enter(client: FlaskClient, password: str, onward: str = "") -> tuple[int, str | None]:
    """Log in; status and where it leads."""
    g.pop("_login_user", None)
    answer = client.post(f"/login{onward}", data={"username": "zhao", "password": password})
    return answer.status_code, answer.location


def test_the_right_password_opens_and_the_wrong_one_does_not(client: FlaskClient, user: User) -> None:
    assert enter(client, WRONG) == (422, None)
    assert enter(client, PASSWORD) == (302, "/start")


def test_the_fifth_failure_locks_even_the_right_password_out(client: FlaskClient, user: User) -> None:
    for _ in range(5):
        enter(client, WRONG)

    assert enter(client, PASSWORD) == (422, None)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/cases", "/cases"),
        ("//evil.example", "/start"),
        ("https://evil.example/", "/start"),
        ("/\\evil.example", "/start"),
    ],
)
def test_the_login_leads_on_inside_this_service_only(
    client: FlaskClient, user: User, asked: str, led: str
) -> None:
    assert enter(client, PASSWORD, f"?next={asked}") == (302, led)


def test_a_closed_account_is_out_with_the_next_click(
    session: Session, client: FlaskClient, user: User
) -> None:
    enter(client, PASSWORD)
    user.is_active = False
    session.commit()
    g.pop("_login_user", None)

    assert client.get("/password").status_code == 302


def test_a_person_changes_their_own_password_with_the_old_one(client: FlaskClient, user: User) -> None:
    enter(client, PASSWORD)

    assert client.post("/password", data={"old": WRONG, "password": "New-Harbour-8"}).status_code == 422
    assert client.post("/password", data={"old": PASSWORD, "password": "short"}).status_code == 422
    assert client.post("/password", data={"old": PASSWORD, "password": "New-Harbour-8"}).status_code == 302
    assert enter(client, "New-Harbour-8") == (302, "/start")


def test_an_account_is_opened_posted_and_closed(
    admin: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    opened = admin.post("/people/new", data={"username": "qian", "name": "钱某某", "password": PASSWORD})
    user = find_user(session, "qian")
    assert user is not None
    assert opened.location == f"/people/{user.id}"

    days = {"first_day": "2020-01-01", "last_day": "2020-12-31"}
    posting = {"unit": f"{tiny.a1.code} {tiny.a1.name}", "role": "grid_worker", **days}
    assert admin.post(f"/people/{user.id}/postings", data=posting).status_code == 302
    session.commit()
    assert admin.post(f"/people/{user.id}/postings", data=posting).status_code == 409
    ((held, unit),) = postings_of(session, user.id)
    assert (unit.id, str(held.days.lower), str(held.days.upper)) == (tiny.a1.id, "2020-01-01", "2021-01-01")

    assert admin.post(f"/people/{user.id}/close").status_code == 302
    assert find_user(session, "qian").is_active is False


def test_a_taken_name_is_refused_at_its_field(admin: FlaskClient, user: User) -> None:
    answer = admin.post("/people/new", data={"username": "zhao", "name": "另一人", "password": PASSWORD})

    assert answer.status_code == 409
    assert 'id="username-fault"' in answer.text


def test_an_administrator_cannot_close_their_own_account(session: Session, login_as: Login) -> None:
    me = make_admin(session, Role.SYSTEM_ADMIN)

    assert login_as(me).post(f"/people/{me.id}/close").status_code == 409


def test_an_account_of_an_administrator_is_out_of_reach_of_another(session: Session, login_as: Login) -> None:
    auditor = make_admin(session, Role.AUDIT_ADMIN)
    client = login_as(make_admin(session, Role.SYSTEM_ADMIN))
    session.commit()

    assert (
        client.post(f"/people/{auditor.id}/password", data={"password": "New-Harbour-8"}).status_code == 403
    )
    assert client.post(f"/people/{auditor.id}/close").status_code == 403
    assert session.get_one(User, auditor.id).password_hash == "none"


@pytest.mark.parametrize("office", ["security_admin", "system_admin", "grid_worker", "nonsense"])
def test_no_office_is_given_on_the_page(admin: FlaskClient, session: Session, office: str) -> None:
    fields = {"username": "qian", "name": "钱某某", "password": PASSWORD, "office": office}

    assert admin.post("/people/new", data=fields).status_code == 422
    assert find_user(session, "qian") is None


def test_an_administrator_is_posted_nowhere_by_nobody(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    me, auditor = make_admin(session, Role.SYSTEM_ADMIN), make_admin(session, Role.AUDIT_ADMIN)
    client = login_as(me)
    session.commit()

    for person in (me, auditor):
        posting = {"unit": tiny.street.code, "role": "street_leader"}
        assert client.post(f"/people/{person.id}/postings", data=posting).status_code == 403
        assert postings_of(session, person.id) == []


def test_a_posting_is_ended_at_its_own_person_and_once(
    session: Session, tiny: TinyStreet, admin: FlaskClient, user: User
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    ((held, _unit),) = postings_of(session, worker.id or 0)
    session.commit()

    assert admin.post(f"/people/{user.id}/postings/{held.id}/end").status_code == 404
    first = admin.post(f"/people/{worker.id}/postings/{held.id}/end", data={"last_day": "2020-06-30"})
    again = admin.post(f"/people/{worker.id}/postings/{held.id}/end", data={"last_day": "2026-06-30"})

    assert (first.status_code, again.status_code) == (302, 409)
    session.refresh(held)
    assert str(held.days.upper) == "2020-07-01"


@pytest.mark.parametrize("typed", ["ZHAO", "Zhao", " zhao ", "ｚｈａｏ"])
def test_a_login_name_is_one_name_however_it_is_typed(admin: FlaskClient, user: User, typed: str) -> None:
    fields = {"username": typed, "name": "另一人", "password": PASSWORD}

    assert admin.post("/people/new", data=fields).status_code == 409


@pytest.mark.parametrize("typed", ["zh\u200bao", "zh ao", "zhao\u202e", "\u00adzhao"])
def test_a_login_name_holds_nothing_invisible(admin: FlaskClient, user: User, typed: str) -> None:
    fields = {"username": typed, "name": "另一人", "password": PASSWORD}

    assert admin.post("/people/new", data=fields).status_code == 422


def test_a_form_without_its_token_is_refused(client: FlaskClient, user: User) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    try:
        assert enter(client, PASSWORD) == (400, None)
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = False
