"""The proof: every chain of events is whole, and what the events add up to is the row that stands there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.history import GENESIS, PLACE_COLUMNS, event_hash, plain
from petitions.models import Case, CaseEnding, CaseEvent, CaseMove

Event = Mapping[Any, Any]
Kept = TypeVar("Kept", CaseEnding, CaseMove)

CHUNK = 500
# Not said by events: the key, the end of the chain itself, and what follows from the events' moments.
UNSAID = frozenset({"id", "event_count", "head_hash", "moved_at"})
# What a case begins with and its registration does not say.
UNTOUCHED = {"extensions": 0, "reopenings": 0, "redos": 0, "assists": [], "assist_ids": []}
SAID = [column.name for column in Case.__table__.columns if column.name not in UNSAID]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many cases and events were proved, and the first that does not hold, in words."""

    cases: int
    events: int
    first_bad: str | None

    @property
    def ok(self) -> bool:
        """Whether all held."""
        return self.first_bad is None


def hold_still(session: Session) -> None:
    """Let the session's transaction, not begun yet, see one moment of the database and write nothing.

    Otherwise a case would be compared with events that were written after it was read.
    """
    session.connection(
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    )


def verify(session: Session) -> Verdict:
    """Replay every case and compare; stops at the first that does not hold. Memory is bounded by a chunk."""
    cases = events = 0
    for chunk in _chunks(session):
        ids = [case.id for case in chunk]
        said = _events(session, ids)
        endings = _of_cases(session, CaseEnding, ids)
        moves = _of_cases(session, CaseMove, ids)
        for case in chunk:
            own = said.get(case.id, [])
            fault = (
                _chain_fault(case, own)
                or _state_fault(case, own)
                or _ending_fault(own, endings.get(case.id, []))
                or _move_fault(case, own, moves.get(case.id, []))
            )
            if fault:
                return Verdict(cases, events, f"{case.number}: {fault}")
            cases, events = cases + 1, events + len(own)
        session.expunge_all()
    return Verdict(cases, events, None)


def _chunks(session: Session) -> Iterator[list[Case]]:
    last = 0
    while chunk := list(session.scalars(select(Case).where(Case.id > last).order_by(Case.id).limit(CHUNK))):
        last = chunk[-1].id
        yield chunk


def _events(session: Session, ids: list[int]) -> dict[int, list[Event]]:
    rows = session.execute(
        select(CaseEvent.__table__)
        .where(CaseEvent.case_id.in_(ids))
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    ).mappings()
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row["case_id"])}


def _of_cases(session: Session, model: type[Kept], ids: list[int]) -> dict[int, list[Kept]]:
    """What is kept beside the events in a form that indexes answer, in the order in which it was written."""
    rows = session.scalars(select(model).where(model.case_id.in_(ids)).order_by(model.case_id, model.id))
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.case_id)}


def _chain_fault(case: Case, events: list[Event]) -> str | None:
    previous = GENESIS
    for expected, event in enumerate(events, 1):
        if event["seq"] != expected:
            return f"event {expected} is missing"
        if bytes(event["previous_hash"]) != previous or bytes(event["hash"]) != event_hash(event):
            return f"event {expected} was changed"
        if expected > 1 and event["at"] < events[expected - 2]["at"]:
            return f"event {expected} is of an earlier moment than the one before"
        previous = bytes(event["hash"])
    if len(events) != case.event_count or previous != bytes(case.head_hash):
        return "the chain of events does not end where the case says"
    return None


def _state_fault(case: Case, events: list[Event]) -> str | None:
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


def _ending_fault(events: list[Event], endings: list[CaseEnding]) -> str | None:
    periods: list[list[Any]] = []
    for event in events:
        _, ending = event["changes"].get("ending", (None, None))
        if ending:
            periods.append([ending, event["at"], None])
        elif "ending" in event["changes"]:
            periods[-1][2] = event["at"]
    if [[e.ending.value, e.ended_at, e.reopened_at] for e in endings] != periods:
        return "its endings are not what the events say"
    return None


def _move_fault(case: Case, events: list[Event], moves: list[CaseMove]) -> str | None:
    place: dict[str, Any] = dict.fromkeys(PLACE_COLUMNS)
    said = []
    for event in events:
        changed = {name: change[1] for name, change in event["changes"].items() if name in PLACE_COLUMNS}
        if changed and event["seq"] > 1:
            said.append((event["at"], place["community_id"], place["grid_id"]))
        place |= changed
    if [(move.moved_at, move.community_id, move.grid_id) for move in moves] != said:
        return "where it lay before is not what the events say"
    if case.moved_at != (said[-1][0] if said else None):
        return "moved_at is not what the events say"
    return None
