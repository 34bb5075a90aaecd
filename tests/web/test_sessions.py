"""A session ends: by logging out, with a new password, after ten hours or half an hour without a click."""

from datetime import timedelta

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth import session_life
from app.auth.actor import OPERATOR
from app.auth.models import User
from app.auth.people import create_user, reset_password
from tests.factories.cases import MORNING

PASSWORD = "Quiet-Harbour-7"
LONGEST, IDLE = timedelta(hours=10), timedelta(minutes=30)


@pytest.fixture
def user(session: Session) -> User:
    """An account without a posting."""
    found = create_user(
        session, username="zhao", name="赵某某", password=PASSWORD, actor=OPERATOR, now=MORNING
    )
    session.commit()
    return found


def enter(client: FlaskClient, password: str = PASSWORD) -> None:
    g.pop("_login_user", None)
    assert client.post("/login", data={"username": "zhao", "password": password}).location == "/start"


def is_in(client: FlaskClient) -> bool:
    g.pop("_login_user", None)
    return client.get("/password").status_code == 200


def test_logging_out_ends_the_session_on_every_device(client: FlaskClient, user: User) -> None:
    other = client.application.test_client()
    enter(client)
    enter(other)
    assert is_in(other)

    client.post("/logout")

    assert not is_in(client)
    assert not is_in(other)


def test_a_cookie_kept_from_before_the_logout_opens_nothing(client: FlaskClient, user: User) -> None:
    enter(client)
    kept = client.get_cookie("session")
    assert kept
    g.pop("_login_user", None)
    client.post("/logout")

    client.set_cookie("session", kept.value)

    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: FlaskClient, user: User) -> None:
    other = client.application.test_client()
    enter(other)
    enter(client)

    answer = client.post("/password", data={"old": PASSWORD, "password": "New-Harbour-8"})

    assert answer.status_code == 302
    assert is_in(client)
    assert not is_in(other)


def test_a_password_set_by_the_administrator_ends_every_session(
    session: Session, client: FlaskClient, user: User
) -> None:
    enter(client)
    reset_password(session, user.id, password="New-Harbour-8", actor=OPERATOR, now=MORNING)
    session.commit()

    assert not is_in(client)


@pytest.mark.parametrize(
    ("since_login", "since_click", "over"),
    [
        (timedelta(hours=10, seconds=-1), timedelta(0), False),
        (timedelta(hours=10), timedelta(0), True),
        (timedelta(hours=1), timedelta(minutes=30, seconds=-1), False),
        (timedelta(hours=1), timedelta(minutes=30), True),
    ],
)
def test_a_session_is_over_at_its_limits(since_login: timedelta, since_click: timedelta, over: bool) -> None:
    cookie: dict[str, int] = {}
    session_life.begin(cookie, MORNING - since_login)
    session_life.touch(cookie, MORNING - since_click)

    assert session_life.is_over(cookie, MORNING, longest=LONGEST, idle=IDLE) == over


def test_the_service_asks_the_limits_of_the_cookie(client: FlaskClient, user: User) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        cookie["seen"] -= 31 * 60

    assert not is_in(client)
