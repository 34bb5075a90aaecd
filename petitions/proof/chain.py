"""The events of a case: none missing, none changed, each after the one before."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from petitions.history import GENESIS, event_hash
from petitions.proof import Event, Fault, Span, orphans


def check(_session: Session, span: Span) -> Iterator[Fault]:
    """Prove the chain of each case, and that no chain has lost its case."""
    for case_id, case in span.cases.items():
        if what := _fault(case, span.events.get(case_id, ())):
            yield Fault(case_id, what)
    yield from orphans(span, span.events, "events")


def _fault(case: Row[Any], events: Sequence[Event]) -> str | None:
    previous, before = GENESIS, None
    for expected, event in enumerate(events, 1):
        if event["seq"] != expected:
            return f"event {expected} is missing"
        if bytes(event["previous_hash"]) != previous or bytes(event["hash"]) != event_hash(event):
            return f"event {expected} was changed"
        if before and event["at"] < before:
            return f"event {expected} is of an earlier moment than the one before"
        previous, before = bytes(event["hash"]), event["at"]
    if len(events) != case.event_count or previous != bytes(case.head_hash):
        return "the chain of events does not end where the case says"
    return None
