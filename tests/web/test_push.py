"""Orders pushed by an upstream: signed, taken once, answered in JSON, and nothing for anybody else."""

import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.clock import now
from petitions.models import Case, ImportRun, PushDelivery, Upstream
from petitions.upstreams import keeping, receiving
from petitions.upstreams.signing import WINDOW_SECONDS, signature
from tasks.imports import run_waiting
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import HEADINGS, csv_file, order
from tests.web.test_guards import make_admin

ORDERS = [dict(zip(HEADINGS, order(number), strict=True)) for number in ("4407200601090312001", "2")]


@pytest.fixture
def secret(session, tiny):
    made = keeping.create_upstream(
        session,
        code="city-12345",
        name="市平台",
        street_code=tiny.street.code,
        profile="wide",
        actor=OPERATOR,
        now=now(),
    )
    session.commit()
    return made[1]


@pytest.fixture
def send(client, secret):
    def send(
        body=b"", *, path="/api/push/city-12345", method="POST", key=secret, late=0, headers=None, **given
    ):
        body = json.dumps(body).encode() if isinstance(body, list | dict) else body
        stamp = str(int(now().timestamp()) - late)
        signed = {
            "X-Dingfen-Timestamp": stamp,
            "X-Dingfen-Signature": signature(key, stamp, method, path, body),
            **(headers or {}),
        }
        kind = {"content_type": "application/json"} | given
        return client.open(path, method=method, data=body, headers=signed, **kind)

    return send


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_orders_are_taken_and_what_came_of_them_can_be_asked(session, send):
    answer = send(ORDERS)
    assert answer.status_code == 202
    (told,) = answer.json["runs"]
    waiting = send(path=told["url"], method="GET").json
    assert (waiting["finished"], waiting["state"], waiting["rows"]) == (False, "open", 0)
    run_waiting()
    done = send(path=told["url"], method="GET").json
    assert (done["finished"], done["rows"], done["created"], done["pages"]) == (True, 2, 2, 1)
    assert [row["verdict"] for row in done["verdicts"]] == ["created", "created"]
    numbers = session.scalars(select(Case.source_number).order_by(Case.id)).all()
    assert numbers == ["4407200601090312001", "2"]


def test_the_same_again_gives_the_same_answer_and_no_second_run(session, send):
    first = send(ORDERS)
    assert send(ORDERS).json == first.json
    named = send(ORDERS, headers={"X-Dingfen-Delivery": "d1"})
    assert named.json["delivery"] == "d1"
    assert send(ORDERS, headers={"X-Dingfen-Delivery": "d1"}).json == named.json
    other = send(ORDERS[:1], headers={"X-Dingfen-Delivery": "d1"})
    assert (other.status_code, other.json["code"]) == (409, "conflict")
    assert (count(session, ImportRun), count(session, PushDelivery)) == (2, 2)


def test_a_file_comes_as_the_body_or_in_a_form(session, send):
    content = csv_file([order("1")])
    raw = send(content, path="/api/push/city-12345?name=orders.csv", content_type="text/csv")
    assert raw.status_code == 202
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="o.csv"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    sent = send(form, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 202
    assert session.scalars(select(ImportRun.file_name).order_by(ImportRun.id)).all() == [
        "orders.csv",
        "o.csv",
    ]
    assert send(content, content_type="text/csv").status_code == 422
    assert send(b"--x--\r\n", content_type="multipart/form-data; boundary=x").status_code == 422


@pytest.mark.parametrize(
    "given",
    [
        {"key": "0" * 64},
        {"late": WINDOW_SECONDS + 2},
        {"late": -WINDOW_SECONDS - 2},
        {"path": "/api/push/nobody"},
        {"headers": {"X-Dingfen-Signature": ""}},
        {"headers": {"X-Dingfen-Signature": "ä"}},
        {"headers": {"X-Dingfen-Timestamp": ""}},
        {"headers": {"X-Dingfen-Timestamp": "9" * 40}},
        {"headers": {"X-Dingfen-Timestamp": "-1"}},
    ],
)
def test_what_nobody_known_has_signed_just_now_is_refused(session, send, given):
    answer = send(ORDERS, **given)
    assert (answer.status_code, answer.json["code"]) == (401, "unsigned")
    assert count(session, ImportRun) == 0


def test_a_body_or_an_address_changed_on_the_way_is_refused(client, session, secret):
    stamp = str(int(now().timestamp()))
    path = "/api/push/city-12345?dry_run=1"
    headers = {
        "X-Dingfen-Timestamp": stamp,
        "X-Dingfen-Signature": signature(secret, stamp, "POST", path, b"[]"),
    }
    assert client.post(path, data=b"[ ]", headers=headers).status_code == 401
    assert client.post("/api/push/city-12345", data=b"[]", headers=headers).status_code == 401
    assert client.post(path, data=b"[]", headers=headers, content_type="application/json").status_code == 422


def test_guessing_is_slowed_down_and_then_even_the_right_secret_waits(session, send, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_REFUSED", 3)
    for _time in range(3):
        assert send(ORDERS, key="1" * 64).status_code == 401
    answer = send(ORDERS)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (
        429,
        "throttled",
        "60",
    )


def test_an_upstream_that_sends_too_often_is_told_to_wait(session, send, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_DELIVERIES", 1)
    assert send(ORDERS).status_code == 202
    assert send(ORDERS[:1]).status_code == 429
    assert send(ORDERS).status_code == 202
    assert count(session, ImportRun) == 1


def test_a_new_secret_signs_at_once_and_the_former_for_a_day(session, send, secret, monkeypatch):
    fresh = keeping.rotate(session, "city-12345", actor=OPERATOR, now=now())
    session.commit()
    assert send(ORDERS, key=fresh).status_code == 202
    assert send(ORDERS[:1], key=secret).status_code == 202
    row = session.scalars(select(Upstream)).one()
    row.former_until = now() - timedelta(seconds=1)
    session.commit()
    assert send(ORDERS[1:], key=secret).status_code == 401


def test_one_that_is_turned_off_is_nobody(session, send):
    keeping.turn(session, "city-12345", is_on=False, actor=OPERATOR, now=now())
    session.commit()
    assert send(ORDERS).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[1]", [{"甲": "1"}], [{"工单编号": "1", "主要内容": "x" * 10_000_000}]]
)
def test_bad_orders_get_one_clear_answer_and_leave_nothing(session, send, body):
    answer = send(body)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert answer.json["message"]
    assert (count(session, ImportRun), count(session, PushDelivery)) == (0, 0)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(app, session, send, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    answer = send(b" " * 1_001)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_nobody_asks_for_what_another_sent(session, client, send, tiny):
    (told,) = send(ORDERS).json["runs"]
    far = make_street(session, code="440799002", name="乙街道")
    _row, other = keeping.create_upstream(
        session,
        code="other",
        name="别的",
        street_code=far.street.code,
        profile=None,
        actor=OPERATOR,
        now=now(),
    )
    session.commit()
    path = f"/api/push/other/runs/{told['id']}"
    assert send(path=path, method="GET", key=other).status_code == 404
    assert client.get(told["url"]).status_code == 401


def test_the_secret_is_kept_sealed_and_shown_once(session, tiny, login_as):
    client = login_as(make_admin(session, Role.SYSTEM_ADMIN))
    session.commit()
    form = {"code": "p-1", "name": "平台", "street": tiny.street.code, "profile": ""}
    page = client.post("/upstreams", data=form).text
    secret = session.scalars(select(Upstream)).one().secret
    assert secret in page
    assert secret not in client.get("/upstreams").text
    raw = session.connection().exec_driver_sql("SELECT secret FROM upstreams").scalar_one()
    assert secret.encode() not in bytes(raw)
    again = client.post("/upstreams/p-1/rotate").text
    assert secret not in again
    assert client.post("/upstreams", data=form).status_code == 422
    assert client.post("/upstreams", data={**form, "code": "A B", "street": "1"}).status_code == 422
    assert client.post("/upstreams/nobody/rotate").status_code == 404


def test_a_clerk_keeps_no_upstreams(session, tiny, login_as):
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    assert client.get("/upstreams").status_code == 403


def test_nothing_personal_reaches_the_log(send, caplog):
    send([{"工单编号": "1", "联系电话": "10000000077", "主要内容": ["x"]}])
    send(io.BytesIO(b'[{"a"').read())
    assert "10000000077" not in caplog.text
