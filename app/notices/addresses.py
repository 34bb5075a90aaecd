"""Addresses as people type them: a mailbox, or a webhook with the key that its kind needs. Pure.

A fault is a sentence for the person at the field, None where there is none.
"""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from app.core.i18n import lazy as _
from app.notices.vocabulary import ReceiverKind
from app.notices.webhook import PORTS, is_foreign

MAX_ADDRESS = 1000
MAX_MAILBOX = 254
MIN_SECRET = 16

# What browsers take for a mailbox (HTML, "valid e-mail address"), without domains of one word.
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_MAILBOX = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")

# The parameter of the address by which a robot knows its group.
_KEY = {ReceiverKind.WECOM: "key", ReceiverKind.DINGTALK: "access_token"}


def mailbox_fault(address: str) -> Any:
    """What is wrong with the address of a mailbox."""
    if len(address) <= MAX_MAILBOX and _MAILBOX.fullmatch(address):
        return None
    return _("This is no e-mail address such as zhang@example.gov.cn.")


def webhook_fault(kind: ReceiverKind, address: str, *, allow_local: bool) -> Any:
    """What is wrong with the address of a webhook; where its name leads is looked at when it is used."""
    parts = _parts(address)
    if parts is None or not parts.hostname or parts.username or parts.fragment:
        return _("This is no web address such as https://qyapi.weixin.qq.com/….")
    if parts.scheme not in (PORTS if allow_local else {"https"}):
        return _("The address must begin with https://.")
    if not allow_local and _is_ours(parts.hostname):
        return _("This address leads to the service's own machine.")
    key = _KEY.get(kind)
    if key and not parse_qs(parts.query).get(key):
        return _("The address of such a robot holds %(key)s=…; copy all of it.", key=key)
    return None


def secret_fault(kind: ReceiverKind, secret: str | None) -> Any:
    """What is wrong with the secret by which messages are signed; WeCom's robots have none."""
    if kind is ReceiverKind.WECOM or (secret and len(secret) >= MIN_SECRET):
        return None
    if kind is ReceiverKind.DINGTALK:
        return _("Choose signing (加签) in the robot's security settings and copy the secret that it shows.")
    return _("The secret needs at least %(count)s characters.", count=MIN_SECRET)


def server_of(address: str) -> str:
    """The host of a webhook, with its port where that is not the usual one."""
    parts = urlsplit(address)
    usual = parts.port in (None, PORTS.get(parts.scheme))
    return str(parts.hostname) if usual else f"{parts.hostname}:{parts.port}"


def _parts(address: str) -> SplitResult | None:
    is_plain = 0 < len(address) <= MAX_ADDRESS and address.isascii() and address.isprintable()
    if not is_plain or " " in address:
        return None
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def _is_ours(host: str) -> bool:
    try:
        return not is_foreign(ip_address(host).compressed)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
