"""What notices say; the one place for their sentences."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import now_text as _

_ICON = {
    "new_case": "plus",
    "given": "arrow-down",
    "handed_back": "arrow-back-up",
    "escalated": "arrow-up",
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
}


def notice_text(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice in the language of the page."""
    sentences = {
        "new_case": _("A new case has come to %(holder)s."),
        "given": _("%(from)s has given you this case."),
        "handed_back": _("%(from)s hands this case back; rule whose it is."),
        "escalated": _("The limit of %(from)s has passed; the case is yours now."),
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
    }
    words = {"holder": "", "from": "", **params}
    return (sentences.get(kind) or _("Something happened to this case.")) % words


def notice_icon(kind: str) -> str:
    """The symbol that stands before a notice."""
    return _ICON.get(kind, "inbox")
