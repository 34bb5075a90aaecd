"""What notices say, and what the outbox calls its things; the one place for their words."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import lazy as _
from app.notices.vocabulary import Fault, ReceiverKind

SENTENCE = {
    "new_case": _("A new case has come to %(holder)s."),
    "given": _("%(from)s has given you this case."),
    "handed_back": _("%(from)s hands this case back; rule whose it is."),
    "escalated": _("The limit of %(from)s has passed; the case is yours now."),
    "warning": _("The limit of %(from)s ends soon."),
}

_ICON = {
    "new_case": "plus",
    "given": "arrow-down",
    "handed_back": "arrow-back-up",
    "escalated": "arrow-up",
    "warning": "clock",
}

RECEIVER_KIND = {
    ReceiverKind.MAIL: _("E-mail"),
    ReceiverKind.WECOM: _("WeCom group robot"),
    ReceiverKind.DINGTALK: _("DingTalk group robot"),
    ReceiverKind.SIGNED_JSON: _("Signed JSON"),
}

FAULT = {
    Fault.UNREACHABLE: _("The server was not reached."),
    Fault.TIMED_OUT: _("The server did not answer in time."),
    Fault.INSECURE: _("The server could not prove who it is."),
    Fault.LOGIN_REFUSED: _("The mail server did not accept our login or sender."),
    Fault.BUSY: _("The server asked to come again later."),
    Fault.UNEXPECTED: _("Something unforeseen happened; the log of the service says more."),
    Fault.REFUSED: _("The other side refused the message."),
    Fault.FORBIDDEN_ADDRESS: _("The address leads to the service's own machine or is not secure."),
    Fault.UNRENDERABLE: _("The message could not be put into words."),
}


def notice_text(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice in the language of the page."""
    words = {"holder": "", "from": "", "to": "", **params}
    return str(SENTENCE.get(kind, _("Something happened to this case."))) % words


def receiver_kind_label(kind: ReceiverKind) -> Any:
    """The lazy label of a kind of channel."""
    return RECEIVER_KIND[ReceiverKind(kind)]


def fault_label(fault: Fault) -> Any:
    """The lazy sentence that says why a message did not arrive."""
    return FAULT[fault]


def notice_icon(kind: str) -> str:
    """The symbol that stands before a notice."""
    return _ICON.get(kind, "inbox")
