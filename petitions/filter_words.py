"""What a list was narrowed by, as a person reads it."""

from collections.abc import Mapping

from app.core.i18n import lazy as _
from petitions.labels import label
from petitions.vocabulary import CaseKind, Channel, ChannelGroup

_STANDINGS = {
    "open": _("Open"),
    "mine": _("Held by my unit"),
    "overdue": _("Overdue"),
    "gone_up": _("Gone up from us"),
    "ended": _("Ended"),
    "all": _("All"),
}
_NARROWED = {"from": _("Received from"), "to": _("to before"), "unit": _("Unit"), "month": _("Month")}


def filter_words(given: Mapping[str, str]) -> list[str]:
    """What a list was narrowed by, from the arguments of its page; one that has no word stays as it was."""
    codes = {code.value: str(label(code)) for kind in (CaseKind, Channel, ChannelGroup) for code in kind}
    shown = []
    for name, text in given.items():
        if name == "standing":
            shown.append(str(_STANDINGS.get(text, text)))
        elif name in ("kind", "channel"):
            shown.append(codes.get(text, text))
        else:
            shown.append(f"{_NARROWED.get(name, name)}: {text}")
    return shown
