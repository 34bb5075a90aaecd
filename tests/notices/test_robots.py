"""The forms of the robots, their signatures, and what their answers mean."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from app.notices.message import Item, Message, compose
from app.notices.robots import TEXT_LIMIT, demand_taken, dingtalk_sign, request_for, sign
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault, ReceiverKind
from app.notices.webhook import Answer
from tests.factories.cases import MORNING
from tests.factories.notices import NUMBER

WECOM, DINGTALK, SIGNED = ReceiverKind.WECOM, ReceiverKind.DINGTALK, ReceiverKind.SIGNED_JSON
SECRET = "this is secret"


def test_wecom_is_given_text_under_the_key_in_its_address(message: Message) -> None:
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"
    made = request_for(WECOM, url, None, message, MORNING)
    assert made.url == url
    assert json.loads(made.body) == {"msgtype": "text", "text": {"content": message.text()}}


def test_wecom_is_given_no_more_than_it_takes() -> None:
    items = [Item(key, f"{NUMBER}{key}", "given", "新情况" * 9, False, MORNING) for key in range(100)]
    made = request_for(WECOM, "https://x/?key=k", None, compose(items, "zh"), MORNING)
    content = json.loads(made.body)["text"]["content"]
    assert len(content.encode()) <= TEXT_LIMIT[WECOM] == 2048


def test_dingtalk_is_given_time_and_signature_in_the_query(message: Message) -> None:
    made = request_for(
        DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t%2B1", SECRET, message, MORNING
    )
    asked = parse_qs(urlsplit(made.url).query)
    milliseconds = str(int(MORNING.timestamp()) * 1000)
    expected = hmac.new(SECRET.encode(), f"{milliseconds}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked == {
        "access_token": ["t+1"],
        "timestamp": [milliseconds],
        "sign": [base64.b64encode(expected).decode()],
    }
    assert json.loads(made.body)["text"]["content"] == message.text()


def test_the_plus_of_a_signature_is_escaped_and_survives_the_query(message: Message) -> None:
    url = request_for(DINGTALK, "https://x/?access_token=t", SECRET, message, MORNING).url
    raw = url.partition("sign=")[2]
    assert not set("+/=") & set(raw)


def test_a_signature_is_the_one_that_another_program_computes() -> None:
    # printf '1577262236757\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    assert dingtalk_sign(SECRET, "1577262236757") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


def test_the_signed_form_names_each_notice_and_is_signed_over_time_and_body(message: Message) -> None:
    made = request_for(SIGNED, "https://x/", SECRET, message, MORNING)
    said = json.loads(made.body)
    assert said["id"] == message.key
    assert said["notices"] == [
        {
            "id": 7,
            "case": NUMBER,
            "kind": "escalated",
            "urgent": False,
            "at": MORNING.isoformat(),
            "text": "东湖社区办理时限已过。",
        }
    ]
    timestamp = made.headers["X-Dingfen-Timestamp"]
    assert timestamp == str(int(MORNING.timestamp()))
    assert made.headers["X-Dingfen-Signature"] == f"sha256={sign(SECRET, timestamp, made.body)}"
    assert sign(SECRET, timestamp, made.body) != sign(SECRET, timestamp, made.body + b" ")
    assert sign(SECRET, timestamp, made.body) != sign(SECRET, str(int(timestamp) + 1), made.body)


@pytest.mark.parametrize("kind", [WECOM, DINGTALK, SIGNED])
@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (302, Fault.REFUSED),
        (400, Fault.REFUSED),
        (404, Fault.REFUSED),
        (408, Fault.BUSY),
        (429, Fault.BUSY),
        (499, Fault.REFUSED),
        (500, Fault.BUSY),
        (503, Fault.BUSY),
    ],
)
def test_a_status_says_whether_to_come_again(kind: ReceiverKind, status: int, fault: Fault) -> None:
    with pytest.raises(Undelivered) as refused:
        demand_taken(kind, Answer(status, b'{"errcode":0}'))
    assert (refused.value.fault, refused.value.code) == (fault, str(status))


@pytest.mark.parametrize(
    ("body", "fault", "code"),
    [
        (b'{"errcode":45009,"errmsg":"api freq out of limit"}', Fault.BUSY, "45009"),
        (b'{"errcode":-1,"errmsg":"system busy"}', Fault.BUSY, "-1"),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', Fault.REFUSED, "93000"),
        (b'{"errcode":310000,"errmsg":"sign not match"}', Fault.REFUSED, "310000"),
        (b"<html>portal</html>", Fault.UNEXPECTED, "200"),
        (b'{"err', Fault.UNEXPECTED, "200"),
        (b"[]", Fault.UNEXPECTED, "200"),
    ],
)
def test_a_robot_says_in_its_answer_what_became_of_it(body: bytes, fault: Fault, code: str) -> None:
    for kind in (WECOM, DINGTALK):
        demand_taken(kind, Answer(200, b'{"errcode":0,"errmsg":"ok"}'))
        with pytest.raises(Undelivered) as refused:
            demand_taken(kind, Answer(200, body))
        assert (refused.value.fault, refused.value.code) == (fault, code)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_program_takes_it_by_its_status_alone(status: int) -> None:
    demand_taken(SIGNED, Answer(status, b""))
