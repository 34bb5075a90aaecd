"""Orders pushed by an upstream: signed, taken once, answered in JSON, and nothing for anybody else."""

import json
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

import tasks.imports
from app.auth.actor import OPERATOR
from app.core.clock import now
from petitions import push_web
from petitions.models import Case, ImportRun, PushDelivery, Upstream
from petitions.models.imports import RunState
from petitions.upstreams import keeping, throttle
from petitions.upstreams.signing import WINDOW_SECONDS
from tasks.imports import run_waiting
from tests.petitions.importing.files import csv_file, order
from tests.web.push.sending import ORDERS, PATH, count, sign


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
    assert [row["order"] for row in done["verdicts"]] == [order["工单编号"] for order in ORDERS]
    numbers = session.scalars(select(Case.source_number).order_by(Case.id)).all()
    assert numbers == ["4407200601090312001", "2"]


def test_the_same_again_gives_the_same_answer_and_no_second_run(session, send):
    first = send(ORDERS)
    assert send(ORDERS).json == first.json
    named = send(ORDERS, name="d1")
    assert named.json["delivery"] == "d1"
    assert send(ORDERS, name="d1").json == named.json
    for other in (send(ORDERS[:1], name="d1"), send(ORDERS, name="d1", path=f"{PATH}?dry_run=1")):
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
    ("body", "query", "name"),
    [
        ({"orders": ORDERS, "file": "早班.csv"}, "", "早班.csv"),
        ({"orders": ORDERS, "file": "早班.csv"}, "?name=b.csv", "早班.csv"),
        (ORDERS, "?name=b.csv", "b.csv"),
        (ORDERS, "", None),
    ],
)
def test_orders_are_called_as_the_upstream_says_or_by_its_name_and_the_moment(
    session, send, body, query, name
):
    assert send(body, path=PATH + query).status_code == 202
    called = session.scalars(select(ImportRun.file_name)).one()
    assert called == name or (
        name is None and re.fullmatch(r"市平台 20\d\d(-\d\d){2} \d\d(\.\d\d){2}\.csv", called)
    )


@pytest.mark.parametrize("name", ["../a.csv", "a%5Cb.csv", ".", "a" * 201])
def test_a_name_that_is_no_plain_one_is_refused_and_nothing_is_taken(session, send, name):
    plain = name.replace("%5C", "\\")
    form = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\na\r\n--x--\r\n'
    for answer in (
        send({"orders": ORDERS, "file": plain}),
        send(ORDERS, path=f"{PATH}?name={name}"),
        send(csv_file([order("1")]), path=f"{PATH}?name={name}", content_type="text/csv"),
        send(form.replace("%5C", "\\\\").encode(), content_type="multipart/form-data; boundary=x"),
    ):
        assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert (count(session, ImportRun), count(session, PushDelivery)) == (0, 0)


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


def test_whatever_is_changed_on_the_way_is_refused(client, session, secret):
    path, stamp = f"{PATH}?dry_run=1", int(now().timestamp())
    body = json.dumps(ORDERS).encode()
    headers = sign(body, path, "POST", secret, stamp, "d1")
    right = {"data": body, "headers": headers, "content_type": "application/json"}
    changed = [
        (path, right | {"data": body + b" "}),
        (PATH, right),
        (path, right | {"headers": headers | {"X-Dingfen-Delivery": "d2"}}),
        (path, right | {"content_type": "text/csv"}),
    ]
    assert [client.post(where, **given).status_code for where, given in changed] == [401] * 4
    assert client.post(path, **right).status_code == 202
    assert count(session, ImportRun) == 1


def test_a_trial_keeps_nothing_of_the_same_orders_in_earnest_out(session, send):
    tried = send(ORDERS, path=f"{PATH}?dry_run=1").json["runs"]
    run_waiting()
    told = send(ORDERS).json["runs"]
    run_waiting()
    assert tried != told
    assert count(session, Case) == 2


@pytest.mark.parametrize(
    ("state", "is_anew"),
    [
        (RunState.UNDONE, True),
        (RunState.CANCELLED, True),
        (RunState.FAILED, True),
        (RunState.OPEN, False),
        (RunState.ASKING, False),
        (RunState.DONE, False),
    ],
)
def test_orders_of_which_nothing_stands_are_taken_anew(session, send, state, is_anew):
    first = send(ORDERS, late=2).json
    run = session.scalars(select(ImportRun)).one()
    run.state, run.error = state, "x" if state is RunState.FAILED else None
    run.finished_at = None if state in (RunState.OPEN, RunState.ASKING) else now()
    session.commit()
    again = send(ORDERS).json
    assert (again["delivery"], again["runs"] != first["runs"]) == (first["delivery"], is_anew)
    assert send(ORDERS, late=1).json == again
    assert count(session, ImportRun) == 1 + is_anew


@pytest.mark.parametrize("change", [str, str.upper])
def test_a_request_that_was_overheard_starts_nothing_once_more(client, session, secret, change):
    body = json.dumps(ORDERS).encode()
    headers = sign(body, PATH, "POST", secret, int(now().timestamp()))
    given = {"data": body, "content_type": "application/json"}
    first = client.post(PATH, headers=headers, **given)
    run = session.scalars(select(ImportRun)).one()
    run.state, run.finished_at = RunState.UNDONE, now()
    session.commit()
    headers["X-Dingfen-Signature"] = change(headers["X-Dingfen-Signature"])
    again = client.post(PATH, headers=headers, **given)
    assert (again.status_code, again.json) == (202, first.json)
    assert count(session, ImportRun) == 1


def test_guessing_is_slowed_down_and_the_right_secret_never(session, send, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_REFUSED", 3)
    for _time in range(3):
        assert send(ORDERS, key="1" * 64).status_code == 401
    answer = send(ORDERS, key="1" * 64)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert send(ORDERS, path="/api/push/another").status_code == 401
    assert send(ORDERS).status_code == 202


def test_an_upstream_that_sends_too_often_is_told_to_wait(session, send, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_DELIVERIES", 1)
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
    assert send(b" " * 1_001).json["code"] == "too_large"
    assert send(b" " * 1_000).status_code == 422


def test_orders_as_json_have_a_limit_of_their_own(send, monkeypatch):
    monkeypatch.setattr(push_web, "MOST_JSON", 1_000)
    assert send(b" " * 1_001).status_code == 413
    content = csv_file([order("1")]) + b"\n" * 1_001
    assert send(content, path=f"{PATH}?name=o.csv", content_type="text/csv").status_code == 202


def test_nothing_personal_reaches_the_log(send, caplog, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError(ORDERS[0]["联系电话"])

    caplog.set_level(logging.DEBUG)
    send(ORDERS)
    monkeypatch.setattr(tasks.imports, "run_import", fail)
    run_waiting()
    assert "RuntimeError" in caplog.text
    assert not [text for text in ORDERS[0].values() if len(str(text)) > 6 and str(text) in caplog.text]
