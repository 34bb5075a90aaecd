"""The account's page: where a person's own mail goes."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AccountEvent
from app.auth.vocabulary import Role
from app.notices.models import Receiver
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]
CHOICE = {"address": "zhang@example.gov.cn", "language": "en", "is_on": "1"}


@pytest.fixture
def lead(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.a, Role.COMMUNITY_LEAD)


def test_a_choice_is_kept_shown_and_sealed(session: Session, lead: Actor, login_as: Login) -> None:
    client = login_as(lead)
    assert client.post("/password/mail", data=CHOICE).status_code == 302
    page = client.get("/password").text
    assert faults(page) == []
    assert 'value="zhang@example.gov.cn"' in page

    box = session.scalars(select(Receiver)).one()
    assert (box.user_id, box.address, box.language, box.is_on) == (lead.id, CHOICE["address"], "en", True)
    sealed = session.scalars(text("SELECT address FROM receivers")).one()
    assert b"zhang" not in bytes(sealed)
    [event] = session.scalars(select(AccountEvent).where(AccountEvent.act == "mail_changed"))
    assert (event.user_id, event.detail) == (lead.id, {"is_on": True})


def test_an_address_is_taken_back_with_its_mail(session: Session, lead: Actor, login_as: Login) -> None:
    client = login_as(lead)
    client.post("/password/mail", data=CHOICE)
    assert client.post("/password/mail", data={"address": "", "language": "zh"}).status_code == 302
    session.expire_all()
    box = session.scalars(select(Receiver)).one()
    assert (box.address, box.is_on) == ("", False)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zhang",
        "zhang@",
        "zhang@street",
        "张@example.cn",
        "a@b.cn,c@d.cn",
        "a b@example.cn",
        "a@-x.cn",
        "x" * 250 + "@b.cn",
    ],
)
def test_what_is_no_address_is_refused_at_its_field_and_nothing_is_kept(
    session: Session, lead: Actor, login_as: Login, address: str
) -> None:
    answer = login_as(lead).post("/password/mail", data={**CHOICE, "address": address})
    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert 'id="address-fault"' in answer.text
    assert session.scalars(select(Receiver)).all() == []


@pytest.mark.parametrize("address", ["a@b.cn", "zhang.san+1@mail.street-office.gov.cn", f"{'x' * 64}@b.cn"])
def test_what_is_an_address_is_taken(session: Session, lead: Actor, login_as: Login, address: str) -> None:
    assert login_as(lead).post("/password/mail", data={**CHOICE, "address": address}).status_code == 302


def test_a_line_break_in_an_address_is_no_address(session: Session, lead: Actor, login_as: Login) -> None:
    address = "a@b.cn\r\nBcc: c@d.cn"
    assert login_as(lead).post("/password/mail", data={**CHOICE, "address": address}).status_code == 422


def test_an_unknown_language_is_refused(session: Session, lead: Actor, login_as: Login) -> None:
    assert login_as(lead).post("/password/mail", data={**CHOICE, "language": "fr"}).status_code == 422


@pytest.mark.parametrize(("host", "is_said"), [("", True), ("mail.test", False)])
def test_the_page_says_when_this_service_sends_no_mail(
    app: Flask, lead: Actor, login_as: Login, monkeypatch: pytest.MonkeyPatch, host: str, is_said: bool
) -> None:
    monkeypatch.setitem(app.config, "SMTP_HOST", host)
    assert ("尚未配置邮件服务器" in login_as(lead).get("/password").text) is is_said
