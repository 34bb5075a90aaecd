"""The log of accounts: written with every act, read by the auditor alone, changed by nobody."""

from collections.abc import Callable

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.models import AccountEvent
from app.auth.people import create_user
from app.auth.vocabulary import AccountAct, Role
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet
from tests.web.parts import faults
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
PASSWORD = "Quiet-Harbour-7"


def acts(session: Session) -> list[AccountAct]:
    return list(session.scalars(select(AccountEvent.act).order_by(AccountEvent.id)))


def test_every_act_upon_an_account_is_written_down_without_a_password(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    me = make_admin(session, Role.SYSTEM_ADMIN)
    client = login_as(me)
    opened = client.post("/people/new", data={"username": "qian", "name": "钱某某", "password": PASSWORD})
    person = opened.location
    client.post(f"{person}/postings", data={"unit": tiny.a1.code, "role": "grid_worker"})
    client.post(f"{person}/password", data={"password": "New-Harbour-8"})
    client.post(f"{person}/close")

    assert acts(session) == ["opened", "posted", "password_reset", "closed"]
    for event in session.scalars(select(AccountEvent)):
        assert (event.actor_id, f"/people/{event.user_id}") == (me.id, person)
        assert "Harbour" not in str(event.detail)


def test_coming_in_going_out_and_failing_are_written_down(session: Session, client: FlaskClient) -> None:
    user = create_user(
        session, username="zhao", name="赵某某", password=PASSWORD, actor=OPERATOR, now=MORNING
    )
    session.commit()
    for username, password in (("zhao", "wrong"), ("nobody", "wrong"), ("zhao", PASSWORD)):
        client.post("/login", data={"username": username, "password": password})
    g.pop("_login_user", None)
    client.post("/logout")

    assert acts(session) == ["opened", "login_refused", "login_refused", "logged_in", "logged_out"]
    whose = list(session.scalars(select(AccountEvent.user_id).order_by(AccountEvent.id)))
    assert whose == [user.id, user.id, None, user.id, user.id]


def test_the_auditor_reads_the_log(session: Session, login_as: Login) -> None:
    create_user(
        session,
        username="guard",
        name="安全员",
        password=PASSWORD,
        office="security_admin",
        actor=OPERATOR,
        now=MORNING,
    )
    page = login_as(make_admin(session, Role.AUDIT_ADMIN)).get("/account-events").text

    assert faults(page) == []
    assert "guard" in page


@pytest.mark.parametrize("change", [update(AccountEvent).values(detail={}), delete(AccountEvent)])
def test_the_log_is_never_changed(session: Session, change: object) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(change)
