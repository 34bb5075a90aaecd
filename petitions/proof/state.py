"""The row of a case: each column is what the events add up to."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from petitions.history import plain
from petitions.models import Case
from petitions.proof import Event, Fault, Span

# Not said by events: the key, the end of the chain itself, and what follows from the events' moments.
UNSAID = frozenset({"id", "event_count", "head_hash", "moved_at", "held_since", "address_key"})
# What a case begins with and its registration does not say.
UNTOUCHED = {"extensions": 0, "reopenings": 0, "redos": 0, "assists": [], "assist_ids": [], "part_count": 0}
SAID = [column.name for column in Case.__table__.columns if column.name not in UNSAID]


def check(_session: Session, span: Span) -> Iterator[Fault]:
    """Replay the events of each case and compare."""
    for case_id, case in span.cases.items():
        if what := _fault(case, span.events[case_id]):
            yield Fault(case_id, what)


def _fault(case: Row[Any], events: Sequence[Event]) -> str | None:
    state: dict[str, Any] = dict(UNTOUCHED)
    for event in events:
        for name, (before, after) in event["changes"].items():
            if state.get(name) != before:
                return f"event {event['seq']} starts from another {name}"
            state[name] = after
    for name in SAID:
        if plain(name, getattr(case, name)) != state.get(name):
            return f"{name} is not what the events say"
    return None
