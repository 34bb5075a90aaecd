"""What changed from what, field by field: as it is sealed, and as a person reads it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.canonical import canonical
from app.core.secrecy import mask_numbers
from petitions.clocks import deadline_text
from petitions.importing.compare import LABELS, MASKS, REPORTER, Difference, Facts
from petitions.labels import label
from petitions.vocabulary import OrderType, Urgency

CODES = {"urgency": Urgency, "order_type": OrderType}
SHORT, AROUND = 60, 12
"""Characters: a text of no more is shown whole; of a longer one so many around what differs."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with what stood and what stands there now, as a person reads them; blank is None."""

    label: str
    old: str | None
    new: str | None


def difference_text(difference: Difference, kept: Facts) -> str:
    """The fields with their old and new values in clear, as JSON; it is kept sealed only."""
    changed = {**difference.case, **difference.reporter}
    return canonical({name: [_plain(getattr(kept, name)), _plain(new)] for name, new in changed.items()})


def old_values(text: str) -> dict[str, str | None]:
    """What the fields of a sealed difference said before."""
    return {name: old for name, (old, _new) in json.loads(text).items()}


def field_changes(text: str, *, is_clear: bool) -> list[FieldChange]:
    """The fields of a sealed difference in words; people and numbers are masked unless `is_clear`."""
    shown = {
        name: (_shown(name, old, is_clear), _shown(name, new, is_clear))
        for name, (old, new) in json.loads(text).items()
    }
    return [FieldChange(str(LABELS[name]), *without_what_is_alike(*pair)) for name, pair in shown.items()]


def without_what_is_alike(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two texts, long ones without most of their common beginning and end, for which … stands. Pure."""
    if not old or not new or max(len(old), len(new)) <= SHORT:
        return old, new
    first = _alike(old, new)
    rest = min(len(old), len(new)) - first
    last = _alike(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1])
    start, end = max(first - AROUND, 0), max(last - AROUND, 0)
    return tuple(_cut(text, start, end) for text in (old, new))  # type: ignore[return-value]  # two of them


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    return f"{'…' if start else ''}{middle}{'…' if end else ''}"


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _shown(name: str, value: str | None, is_clear: bool) -> str | None:
    if value is None or value == "":
        return None
    if name in CODES:
        return str(label(CODES[name](value)))
    if name == "due_at":
        return deadline_text(datetime.fromisoformat(value))
    if is_clear:
        return value
    return MASKS[name](value) if name in REPORTER else mask_numbers(value)
