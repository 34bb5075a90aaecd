"""The proof: every chain of events is whole, and what the events add up to is the row that stands there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.history import GENESIS, event_hash, plain
from petitions.models import Case, CaseEnding, CaseEvent

Event = Mapping[Any, Any]

CHUNK = 500
# Not said by events: the key, and the end of the chain itself.
UNSAID = frozenset({"id", "event_count", "head_hash"})
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


def verify(session: Session) -> Verdict:
    """Replay every case and compare; stops at the first that does not hold. Memory is bounded by a chunk."""
    cases = events = 0
    for chunk in _chunks(session):
        ids = [case.id for case in chunk]
        said = _events(session, ids)
        endings = _endings(session, ids)
        for case in chunk:
            own = said.get(case.id, [])
            fault = _chain_fault(case, own) or _state_fault(case, own, endings.get(case.id, []))
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


def _endings(session: Session, ids: list[int]) -> dict[int, list[CaseEnding]]:
    rows = session.scalars(
        select(CaseEnding)
        .where(CaseEnding.case_id.in_(ids))
        .order_by(CaseEnding.case_id, CaseEnding.ended_at)
    )
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.case_id)}


def _chain_fault(case: Case, events: list[Event]) -> str | None:
    previous = GENESIS
    for expected, event in enumerate(events, 1):
        if event["seq"] != expected:
            return f"event {expected} is missing"
        if bytes(event["previous_hash"]) != previous or bytes(event["hash"]) != event_hash(event):
            return f"event {expected} was changed"
        previous = bytes(event["hash"])
    if len(events) != case.event_count or previous != bytes(case.head_hash):
        return "the chain of events does not end where the case says"
    return None


def _state_fault(case: Case, events: list[Event], endings: list[CaseEnding]) -> str | None:
    state: dict[str, Any] = {}
    periods: list[list[Any]] = []
    for event in events:
        for name, (before, after) in event["changes"].items():
            if state.get(name) != before:
                return f"event {event['seq']} starts from another {name}"
            state[name] = after
        if "ending" in event["changes"]:
            _mark(periods, state["ending"], event["at"])
    for name in SAID:
        if plain(name, getattr(case, name)) != state.get(name):
            return f"{name} is not what the events say"
    if [[e.ending.value, e.ended_at, e.reopened_at] for e in endings] != periods:
        return "its endings are not what the events say"
    return None


def _mark(periods: list[list[Any]], ending: str | None, at: Any) -> None:
    if ending is None:
        periods[-1][2] = at
    else:
        periods.append([ending, at, None])
