"""What repeats the events in a form that an index answers: when a case stood ended, and where it lay."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from petitions.history import PLACE_COLUMNS
from petitions.models import CaseEnding, CaseMove
from petitions.proof import Event, Fault, Span, between, by_case, orphans

Period = tuple[str, datetime, datetime | None]
Move = tuple[datetime, int | None, int | None]


def check_endings(session: Session, span: Span) -> Iterator[Fault]:
    """Prove the periods for which each case stood ended."""
    query = select(
        CaseEnding.case_id,
        type_coerce(CaseEnding.ending, String).label("ending"),
        CaseEnding.ended_at,
        CaseEnding.reopened_at,
    )
    query = query.where(between(CaseEnding.case_id, span.after, span.last)).order_by(CaseEnding.id)
    rows = by_case(session, query)
    for case_id in span.cases:
        kept = [(row.ending, row.ended_at, row.reopened_at) for row in rows.get(case_id, ())]
        if kept != _periods(span.events[case_id]):
            yield Fault(case_id, "its endings are not what the events say")
    yield from orphans(span, rows, "endings")


def check_moves(session: Session, span: Span) -> Iterator[Fault]:
    """Prove where each case lay before it moved, and since when it lies where it does."""
    query = select(CaseMove.case_id, CaseMove.moved_at, CaseMove.community_id, CaseMove.grid_id)
    query = query.where(between(CaseMove.case_id, span.after, span.last)).order_by(CaseMove.id)
    rows = by_case(session, query)
    for case_id, case in span.cases.items():
        said = _moves(span.events[case_id])
        if [tuple(row[1:]) for row in rows.get(case_id, ())] != said:
            yield Fault(case_id, "where it lay before is not what the events say")
        if case.moved_at != (said[-1][0] if said else None):
            yield Fault(case_id, "moved_at is not what the events say")
    yield from orphans(span, rows, "moves")


def _periods(events: Sequence[Event]) -> list[Period]:
    periods: list[Period] = []
    for event in events:
        _, ending = event["changes"].get("ending", (None, None))
        if ending:
            periods.append((ending, event["at"], None))
        elif "ending" in event["changes"]:
            periods[-1] = (*periods[-1][:2], event["at"])
    return periods


def _moves(events: Sequence[Event]) -> list[Move]:
    place: dict[str, Any] = dict.fromkeys(PLACE_COLUMNS)
    said: list[Move] = []
    for event in events:
        changed = {name: change[1] for name, change in event["changes"].items() if name in PLACE_COLUMNS}
        if changed and event["seq"] > 1:
            said.append((event["at"], place["community_id"], place["grid_id"]))
        place |= changed
    return said
