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
    "handed_up": _("%(from)s hands this case up to you; it is yours now."),
    "gone_up": _("A case of %(from)s has gone up to %(to)s."),
    "moved_here": _("New boundaries were published: a case of %(from)s lies in your area and is yours now."),
    "moved_away": _("New boundaries were published: a case of yours lies in %(to)s now and has gone there."),
    "warning": _("The limit of %(from)s ends soon."),
    "reminded": _("You are reminded of this case; somebody waits for it."),
    "supervised": _("This case is under supervision now; a report is owed."),
    "leader_in_charge": _("A leader of the street is in charge of this case now."),
    "urgent": _("This case of %(from)s is urgent or major."),
    "help_asked": _("%(from)s asks you to help with this case."),
    "help_given": _("%(from)s has done its part."),
    "help_owed": _("The limit for your part in this case has passed."),
    "help_late": _("%(from)s has not done its part in time."),
    "extension_requested": _("%(from)s asks for an extension; decide on it."),
    "extension_approved": _("The extension was approved."),
    "extension_refused": _("The extension was refused; the limit stays."),
    "resumed": _("The suspension has ended; the limits run again."),
    "submitted": _("%(from)s has submitted its answer; look at it."),
    "sent_back": _("The answer was not enough; the case is yours again."),
    "to_call_back": _("The answer of %(from)s is approved; call the citizen back."),
    "reopened": _("This case is open again."),
    "revoked": _("The opinion was revoked; the case is to be handled again."),
    "screening_open": _("A screening asks for your answer by %(last_day)s, even where nothing was found."),
    "screening_due": _("A screening ends on %(last_day)s, and your grid has not answered."),
    "reception_cancelled": _(
        "The leaders' reception of %(day)s is cancelled; %(count)s visitors are to be told and moved."
    ),
    "merged": _("This case is answered with %(from)s now; tell its citizen when that has ended."),
    "merged_into": _("%(from)s was merged under this case; its reporter is answered with it."),
    "separated": _("This case is no longer merged under %(from)s; its limit runs."),
    "ended_along": _("%(from)s has ended, and this case with it: answer its reporter."),
    "opened_along": _("%(from)s is open again, and this case with it."),
    "parts_ended": _("All parts of this order have ended: answer the citizen."),
}

_ICON = {
    "new_case": "plus",
    "given": "arrow-down",
    "handed_back": "arrow-back-up",
    "escalated": "arrow-up",
    "handed_up": "arrow-up",
    "gone_up": "arrow-up",
    "moved_here": "map-2",
    "moved_away": "map-2",
    "warning": "clock",
    "reminded": "inbox",
    "supervised": "scale",
    "leader_in_charge": "user",
    "urgent": "alert-triangle",
    "help_asked": "users",
    "help_given": "users",
    "help_owed": "clock",
    "help_late": "clock",
    "extension_requested": "clock",
    "extension_approved": "check",
    "extension_refused": "ban",
    "resumed": "refresh",
    "submitted": "circle-check",
    "sent_back": "arrow-back-up",
    "to_call_back": "phone",
    "reopened": "refresh",
    "revoked": "refresh",
    "screening_open": "list-check",
    "screening_due": "list-check",
    "reception_cancelled": "calendar-event",
    "merged": "route",
    "merged_into": "route",
    "separated": "arrow-back-up",
    "ended_along": "circle-check",
    "opened_along": "refresh",
    "parts_ended": "circle-check",
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
