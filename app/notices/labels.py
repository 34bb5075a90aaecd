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
}


def notice_text(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice in the language of the page."""
    sentences = {
        "new_case": _("A new case has come to %(holder)s."),
        "given": _("%(from)s has given you this case."),
        "handed_back": _("%(from)s hands this case back; rule whose it is."),
        "escalated": _("The limit of %(from)s has passed; the case is yours now."),
        "warning": _("The limit of %(from)s ends soon."),
    }
    words = {"holder": "", "from": "", **params}
    return (sentences.get(kind) or _("Something happened to this case.")) % words


def notice_icon(kind: str) -> str:
    """The symbol that stands before a notice."""
    return _ICON.get(kind, "inbox")
