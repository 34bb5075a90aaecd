"""What leaves the house: case numbers and what happened, in the receiver's language, and nothing personal.

Only the parameters named here reach an outgoing sentence, so a notice that a verb fills with more says
less outside than it does in the inbox, or is parked where its sentence cannot do without.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import force_locale

from app.core.formats import moment
from app.core.i18n import now_text as _
from app.core.i18n import plural
from app.core.secrecy import mask_numbers
from app.notices.labels import notice_text

# Numbers, days and the names of units; what people are called and what they wrote stays inside.
OUTGOING = ("number", "from", "to", "holder", "day", "last_day", "count")


class Unrenderable(ValueError):
    """A notice cannot be put into words."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as the outbox reads it."""

    delivery_id: int
    notice_id: int
    has_case: bool
    kind: str
    params: Mapping[str, Any]
    urgent: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in words; `number` is that of its case, empty where it has none."""

    notice_id: int
    number: str
    kind: str
    text: str
    urgent: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What one receiver is sent at once. `key` is the same whenever the same notices are sent again."""

    key: str
    subject: str
    urgent: bool
    items: tuple[Item, ...]
    closing: str
    language: str

    def text(self, limit: int | None = None) -> str:
        """The whole message in words, in at most `limit` bytes of UTF-8; says how much is left out."""
        lines = list(_lines(self.items))
        body = self._joined(lines, 0)
        while limit is not None and len(body.encode()) > limit and lines:
            lines.pop()
            while lines and not lines[-1].startswith(_INDENT):
                lines.pop()
            shown = sum(1 for line in lines if line.startswith(_INDENT))
            body = self._joined(lines, len(self.items) - shown)
        return body

    def _joined(self, lines: Sequence[str], left_out: int) -> str:
        more = []
        if left_out:
            with force_locale(self.language):
                more = [plural("… and %(num)s more", "… and %(num)s more", left_out)]
        return "\n".join([self.subject, "", *lines, *more, "", self.closing])


_INDENT = "  "


def in_words(told: Told, language: str) -> Item:
    """The notice in `language`; raises Unrenderable where its number is missing or its words do not fit."""
    number = told.params.get("number", "")
    if told.has_case and not number:
        raise Unrenderable(f"notice {told.notice_id} does not name its case")
    known = {name: told.params[name] for name in OUTGOING if name in told.params}
    try:
        with force_locale(language):
            text = mask_numbers(notice_text(told.kind, known))
    except (KeyError, TypeError, ValueError) as error:
        raise Unrenderable(f"notice {told.notice_id} has no words") from error
    return Item(told.notice_id, number, told.kind, text, told.urgent, told.at)


def compose(items: Sequence[Item], language: str) -> Message:
    """One message of `items`, which are in the order of their notices."""
    urgent = any(item.urgent for item in items)
    cases = len({item.number for item in items if item.number})
    with force_locale(language):
        subject = _subject(urgent, cases)
        closing = _("Log in to Dingfen for the rest. Dingfen wrote this by itself; nobody reads replies.")
    said = ",".join(str(item.notice_id) for item in items)
    key = hashlib.sha256(said.encode()).hexdigest()[:32]
    return Message(key, subject, urgent, tuple(items), closing, language)


def _subject(urgent: bool, cases: int) -> str:
    if not cases:
        return _("Urgent notice from Dingfen") if urgent else _("Notice from Dingfen")
    if urgent:
        return plural(
            "Urgent, from Dingfen: news of %(num)s case", "Urgent, from Dingfen: news of %(num)s cases", cases
        )
    return plural("From Dingfen: news of %(num)s case", "From Dingfen: news of %(num)s cases", cases)


def _lines(items: Iterable[Item]) -> Iterable[str]:
    """The items by case, the cases in the order in which they are first named."""
    first: dict[str, int] = {}
    for item in items:
        first.setdefault(item.number, item.notice_id)
    for number, of_case in groupby(
        sorted(items, key=lambda item: (first[item.number], item.notice_id)), key=lambda item: item.number
    ):
        if number:
            yield number
        for item in of_case:
            yield f"{_INDENT}{moment(item.at)}  {item.text}"
