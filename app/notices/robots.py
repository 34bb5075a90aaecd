"""The forms in which webhooks take a message, and how each says that it has. Pure.

WeCom's robot takes a key within its address and at most 2048 bytes of text
(developer.work.weixin.qq.com/document/path/91770). DingTalk's takes a time and its signature in the query
(open.dingtalk.com/document/robots/custom-robot-access). Both answer 200 whatever happens and say in
`errcode` what it was; both take 20 messages a minute. The signed form is for a program of the office's own:
it may see a notice twice and tells by its `id`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from app.notices.message import Message
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault, ReceiverKind
from app.notices.webhook import Answer, Request

# Bytes of text; DingTalk names none below 20,000.
TEXT_LIMIT = {ReceiverKind.WECOM: 2048, ReceiverKind.DINGTALK: 18_000}

# The system is busy (both); too many messages or calls (WeCom 45009, 45033; DingTalk 130101, 410100).
COME_AGAIN = frozenset({-1, 45009, 45033, 130101, 410100})
COME_AGAIN_STATUS = frozenset({408, 425, 429})

TIMESTAMP = "X-Dingfen-Timestamp"
SIGNATURE = "X-Dingfen-Signature"

Form = Callable[[str, str | None, Message, datetime], Request]


def request_for(
    kind: ReceiverKind, address: str, secret: str | None, message: Message, now: datetime
) -> Request:
    """The request by which a webhook of `kind` is given the message at `now`."""
    return _FORM[kind](address, secret, message, now)


def demand_taken(kind: ReceiverKind, answer: Answer) -> None:
    """Raise Undelivered unless the answer says that the message was taken; a redirect says it was not."""
    if answer.status >= 500 or answer.status in COME_AGAIN_STATUS:
        raise Undelivered(Fault.BUSY, answer.status)
    if not 200 <= answer.status < 300:
        raise Undelivered(Fault.REFUSED, answer.status)
    if kind is not ReceiverKind.SIGNED_JSON:
        _demand_no_error(answer)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of the signed form: HMAC-SHA256 over the time in seconds, a dot and the body, in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def dingtalk_sign(secret: str, milliseconds: str) -> str:
    """The signature that DingTalk asks for: of the time and the secret, under the secret, in Base64."""
    said = f"{milliseconds}\n{secret}"
    return base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()).decode()


def _wecom(address: str, _secret: str | None, message: Message, _now: datetime) -> Request:
    return _text(address, ReceiverKind.WECOM, message)


def _dingtalk(address: str, secret: str | None, message: Message, now: datetime) -> Request:
    milliseconds = str(int(now.timestamp() * 1000))
    parts = urlsplit(address)
    signed = [
        *parse_qsl(parts.query, keep_blank_values=True),
        ("timestamp", milliseconds),
        ("sign", dingtalk_sign(secret or "", milliseconds)),
    ]
    url = parts._replace(query=urlencode(signed, quote_via=quote, safe="")).geturl()
    return _text(url, ReceiverKind.DINGTALK, message)


def _signed_json(address: str, secret: str | None, message: Message, now: datetime) -> Request:
    said = {
        "id": message.key,
        "sent_at": now.isoformat(),
        "urgent": message.urgent,
        "notices": [
            {
                "id": item.notice_id,
                "case": item.number or None,
                "kind": item.kind,
                "urgent": item.urgent,
                "at": item.at.isoformat(),
                "text": item.text,
            }
            for item in message.items
        ],
    }
    body, timestamp = _json(said), str(int(now.timestamp()))
    headers = {TIMESTAMP: timestamp, SIGNATURE: f"sha256={sign(secret or '', timestamp, body)}"}
    return Request(address, body, {**_PLAIN, **headers})


def _text(url: str, kind: ReceiverKind, message: Message) -> Request:
    said = {"msgtype": "text", "text": {"content": message.text(TEXT_LIMIT[kind])}}
    return Request(url, _json(said), _PLAIN)


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _demand_no_error(answer: Answer) -> None:
    try:
        code = json.loads(answer.body)["errcode"]
    except (ValueError, KeyError, TypeError):
        # A portal's page or half an answer: the robot itself has said nothing yet.
        raise Undelivered(Fault.UNEXPECTED, answer.status) from None
    if code in COME_AGAIN:
        raise Undelivered(Fault.BUSY, code)
    if code != 0:
        raise Undelivered(Fault.REFUSED, code)


_PLAIN = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Dingfen"}

_FORM: dict[ReceiverKind, Form] = {
    ReceiverKind.WECOM: _wecom,
    ReceiverKind.DINGTALK: _dingtalk,
    ReceiverKind.SIGNED_JSON: _signed_json,
}
