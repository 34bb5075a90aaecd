"""The pages of channels: set by the system administrator, secret from everybody, without any case."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AccountEvent
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI
from app.notices.models import Delivery, Receiver
from app.notices.vocabulary import DeliveryState, Fault, ReceiverKind
from grid import channels_web
from tests.factories.cases import MORNING
from tests.factories.notices import (
    NUMBER,
    make_mailbox,
    make_user,
    make_webhook,
    plan_all,
    write_notice,
)
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
DINGTALK = {
    "unit": "440799001101 东湖社区",
    "kind": "dingtalk",
    "address": "https://oapi.dingtalk.com/robot/send?access_token=very-secret-token",
    "secret": "SEC0123456789abcdef",
    "language": "zh",
}


@pytest.fixture
def admin(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the system administrator."""
    return login_as(make_admin(session, Role.SYSTEM_ADMIN))


def one(session: Session) -> Receiver:
    session.expire_all()
    return session.scalars(select(Receiver)).one()


def test_a_channel_is_set_and_its_address_and_secret_are_sealed_and_never_shown(
    session: Session, tiny: TinyStreet, admin: FlaskClient
) -> None:
    assert admin.post("/channels", data=DINGTALK).status_code == 302
    kept = one(session)
    assert (kept.unit_id, kept.kind, kept.is_on) == (tiny.a.id, ReceiverKind.DINGTALK, True)
    assert (kept.address, kept.secret, kept.server) == (
        DINGTALK["address"],
        DINGTALK["secret"],
        "oapi.dingtalk.com",
    )
    [sealed] = session.execute(text("SELECT address, secret FROM receivers"))
    assert b"oapi" not in bytes(sealed.address)
    assert b"SEC" not in bytes(sealed.secret)
    page = admin.get("/channels").text
    assert faults(page) == []
    assert "东湖社区" in page
    assert "oapi.dingtalk.com" in page
    assert "very-secret-token" not in page
    assert DINGTALK["secret"] not in page
    [event] = session.scalars(select(AccountEvent))
    assert (event.act, event.detail) == ("channel_set", {"channel": "dingtalk", "place": "440799001101"})


def test_the_auditor_reads_who_set_it(session: Session, admin: FlaskClient, login_as: Login) -> None:
    admin.post("/channels", data=DINGTALK)
    page = login_as(make_admin(session, Role.AUDIT_ADMIN)).get("/account-events").text
    assert "设置了通知渠道" in page
    assert "440799001101 钉钉群机器人" in page


def test_a_channel_is_replaced_and_a_blank_secret_stays(session: Session, admin: FlaskClient) -> None:
    admin.post("/channels", data=DINGTALK)
    other = DINGTALK["address"] + "2"
    assert admin.post("/channels", data={**DINGTALK, "address": other, "secret": ""}).status_code == 302
    assert (one(session).address, one(session).secret) == (other, DINGTALK["secret"])
    # A secret of DingTalk's is none of our own form's.
    signed = {**DINGTALK, "kind": "signed_json", "address": "https://office.test/", "secret": ""}
    assert admin.post("/channels", data=signed).status_code == 422
    wecom = {**DINGTALK, "kind": "wecom", "address": "https://qyapi.weixin.qq.com/send?key=k"}
    assert admin.post("/channels", data=wecom).status_code == 302
    assert one(session).secret is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unit": "440799001999"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"kind": "mail"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"address": "oapi.dingtalk.com/robot"}, "address"),
        ({"address": "http://oapi.dingtalk.com/robot/send?access_token=t"}, "address"),
        ({"address": "https://oapi.dingtalk.com/robot/send"}, "address"),
        ({"address": "https://user:pw@oapi.dingtalk.com/?access_token=t"}, "address"),
        ({"address": "https://127.0.0.1/?access_token=t"}, "address"),
        ({"address": "https://[::1]/?access_token=t"}, "address"),
        ({"address": "https://localhost/?access_token=t"}, "address"),
        ({"address": "https://169.254.169.254/?access_token=t"}, "address"),
        ({"address": "https://x.test:99999/?access_token=t"}, "address"),
        ({"address": "https://x.test/ ?access_token=t"}, "address"),
        ({"address": "https://x.test/?access_token=t\r\nHost: y"}, "address"),
        ({"address": "https:///?access_token=t"}, "address"),
        ({"secret": ""}, "secret"),
        ({"secret": "x" * 15}, "secret"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session, admin: FlaskClient, changed: dict[str, str], field: str
) -> None:
    answer = admin.post("/channels", data={**DINGTALK, **changed})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert faults(answer.text) == []
    assert DINGTALK["secret"] not in answer.text
    assert session.scalars(select(Receiver)).all() == []


@pytest.mark.parametrize(("allowed", "status"), [(False, 422), (True, 302)])
def test_this_machine_is_taken_where_the_setting_allows_it(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, allowed: bool, status: int
) -> None:
    monkeypatch.setitem(app.config, "WEBHOOK_LOCAL", allowed)
    local = {**DINGTALK, "address": "http://127.0.0.1:9/?access_token=t"}
    assert admin.post("/channels", data=local).status_code == status


def test_a_channel_that_is_turned_off_keeps_its_place_and_withdraws_what_waits(
    session: Session, tiny: TinyStreet, admin: FlaskClient
) -> None:
    admin.post("/channels", data=DINGTALK)
    write_notice(session, tiny.a)
    plan_all(session)
    assert admin.post(f"/channels/{one(session).id}/off").status_code == 302
    assert one(session).is_on is False
    assert session.scalars(select(Delivery.state)).one() is DeliveryState.WITHDRAWN
    page = admin.get("/channels").text
    assert "停用</button>" not in page


def test_the_mailbox_of_a_person_is_no_channel_to_be_turned_off(session: Session, admin: FlaskClient) -> None:
    box = make_mailbox(session, make_user(session, "one").id)
    assert admin.post(f"/channels/{box.id}/off").status_code == 404


@pytest.fixture
def parked(session: Session, tiny: TinyStreet) -> list[int]:
    """Two deliveries of community A that nobody could bring: to its webhook, and to its lead."""
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    assert lead.id is not None
    make_webhook(session, tiny.a, "https://hook.test/")
    make_mailbox(session, lead.id, "private@example.test")
    write_notice(session, tiny.a)
    plan_all(session)
    gone = {"state": DeliveryState.PARKED, "fault": Fault.REFUSED, "fault_code": "550", "attempts": 1}
    session.execute(Delivery.__table__.update().values(**gone, settled_at=MORNING))
    session.commit()
    return list(session.scalars(select(Delivery.id).order_by(Delivery.id)))


@pytest.mark.parametrize(
    ("language", "why"), [("zh", "对方拒收。"), ("en", "The other side refused the message.")]
)
def test_what_is_parked_is_shown_with_its_reason_and_without_case_or_address(
    session: Session, admin: FlaskClient, parked: list[int], language: str, why: str
) -> None:
    admin.post(f"/language/{language}")
    page = admin.get("/channels/parked").text
    assert faults(page) == []
    assert page.count(why) == 2
    assert page.count("(550)") == 2
    assert "东湖社区" in page
    assert "测试员" in page
    assert NUMBER not in page
    assert "private@example.test" not in page
    assert '<b class="count ms-2">2</b>' in admin.get("/channels").text


def test_one_is_sent_again_or_all_of_them(session: Session, admin: FlaskClient, parked: list[int]) -> None:
    def waiting() -> list[int]:
        session.expire_all()
        query = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING).order_by(Delivery.id)
        return list(session.scalars(query))

    assert admin.post("/channels/parked/again", data={"delivery": parked[0]}).status_code == 302
    assert waiting() == parked[:1]
    session.execute(text("UPDATE receivers SET is_on = false WHERE user_id IS NOT NULL"))
    session.commit()
    admin.post("/channels/parked/again")
    assert waiting() == parked[:1]
    session.execute(text("UPDATE receivers SET is_on = true"))
    session.commit()
    admin.post("/channels/parked/again")
    assert waiting() == parked


def test_the_page_says_when_nobody_knows_the_days_off(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year, is_said in ((2020, False), (2099, True)):
        moment = datetime(year, 1, 2, tzinfo=SHANGHAI)
        monkeypatch.setattr(channels_web, "now", lambda moment=moment: moment)
        assert ("工作日历尚未导入" in admin.get("/channels").text) is is_said
