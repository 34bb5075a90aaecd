"""Guessing a password: every wrong guess counts, whoever guesses beside it and whatever it is asked by."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.auth import account_log
from app.auth.actor import OPERATOR
from app.auth.entry import MAX_REFUSED, WINDOW, Throttled, log_in
from app.auth.models import User
from app.auth.people import create_user, find_user
from app.auth.vocabulary import AccountAct
from app.core.db import db, transaction
from tests.factories.cases import MORNING
from tests.services import Services

PASSWORD = "Quiet-Harbour-7"
HERE = "10.0.0.7"


def open_zhao(session: Session) -> User:
    return create_user(
        session, username="zhao", name="赵某某", password=PASSWORD, actor=OPERATOR, now=MORNING
    )


@pytest.fixture
def elsewhere(services: Services, worker_id: str) -> Iterator[Flask]:
    """An application over a database of its own, where guesses can be made side by side."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": services.clone(f"guessing_{worker_id}"), "FIELD_KEY": "k"})
    with app.app_context(), transaction():
        open_zhao(db.session())
    yield app
    with app.app_context():
        db.engine.dispose()


def guess(app: Flask) -> None:
    with app.app_context(), transaction():
        assert log_in(db.session(), "zhao", "wrong", address=HERE, now=MORNING) is None


def test_guesses_made_side_by_side_are_all_counted(elsewhere: Flask) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(guess, [elsewhere] * 4))

    with elsewhere.app_context():
        user = find_user(db.session(), "zhao")
        assert user
        assert user.failed_logins == 4


def test_wrong_guesses_of_the_present_password_lock_the_account(
    session: Session, client: FlaskClient
) -> None:
    user = open_zhao(session)
    session.commit()
    client.post("/login", data={"username": "zhao", "password": PASSWORD})
    for _ in range(5):
        g.pop("_login_user", None)
        answer = client.post("/password", data={"old": "wrong", "password": "New-Harbour-8"})
        assert answer.status_code == 422

    session.refresh(user)
    assert user.locked_until is not None


@pytest.mark.parametrize(
    ("ago", "address", "number", "refused"),
    [
        (WINDOW - timedelta(seconds=1), HERE, MAX_REFUSED, True),
        (WINDOW - timedelta(seconds=1), HERE, MAX_REFUSED - 1, False),
        (WINDOW, HERE, MAX_REFUSED, False),
        (timedelta(0), "10.0.0.8", MAX_REFUSED, False),
    ],
)
def test_an_address_is_shut_out_while_too_many_of_its_logins_were_refused(
    session: Session, ago: timedelta, address: str, number: int, refused: bool
) -> None:
    open_zhao(session)
    for _ in range(number):
        account_log.write(
            session,
            AccountAct.LOGIN_REFUSED,
            user_id=None,
            actor=None,
            now=MORNING - ago,
            address=address,
        )
    session.flush()

    if refused:
        with pytest.raises(Throttled):
            log_in(session, "zhao", PASSWORD, address=HERE, now=MORNING)
    else:
        assert log_in(session, "zhao", PASSWORD, address=HERE, now=MORNING)
