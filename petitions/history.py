"""The history of a case: every change is a step, every step an event chained to the one before.

Verbs are pure and return steps; `record` and `record_new` write any number of them with a handful of
statements, so one by one and in bulk are the same code.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from app.auth.actor import Actor
from app.core.bulk import insert_rows, update_rows
from app.core.canonical import canonical, json_text
from app.core.clock import utc_text
from app.core.secrecy import vault
from app.notices.models import Notice
from petitions.models import Case, CaseDismissal, CaseEnding, CaseEvent, CaseMove, CaseRepeat
from petitions.tenures import CaseTenure, since_column, tenure_row
from petitions.vocabulary import Verb

# Long or personal texts stand in the history as a keyed digest: provable, but not readable.
DIGESTED = frozenset({"title", "body", "address"})
GENESIS = bytes(32)
PLACE_COLUMNS = frozenset({"community_id", "grid_id"})


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice to a unit that belongs to a step; an urgent one is sent out by night as well."""

    unit_id: int
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did: the columns it sets, why, and who is told."""

    verb: Verb
    actor: Actor
    at: datetime
    changes: Mapping[str, Any]
    reason: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    tell: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Deed):
    """A deed done to a case that is already there."""

    case: Case


def record(session: Session, steps: Sequence[Step]) -> None:
    """Write steps on existing cases (each at most once, locked by the caller) and update the objects."""
    events = [_event(step, step.case.id, step.case.event_count + 1, step.case.head_hash) for step in steps]
    written = [_columns(step, event) for step, event in zip(steps, events, strict=True)]
    rows = defaultdict(list)
    for step, columns in zip(steps, written, strict=True):
        rows[frozenset(columns)].append({"id": step.case.id, **columns})
    for same_columns in rows.values():
        update_rows(session, Case, same_columns)
    insert_rows(session, CaseEvent, events)
    _write_endings(session, steps)
    _write_moves(session, steps)
    _write_tenures(session, steps)
    _write_repeats(session, steps)
    _write_dismissals(session, steps)
    _write_notices(session, [(step, step.case.id) for step in steps])
    for step, columns in zip(steps, written, strict=True):
        # Verbs are pure, so nothing else is pending on the object: what the row says now is what it says.
        instance_dict(step.case).update(columns)


def record_new(session: Session, rows: Sequence[dict[str, Any]], deeds: Sequence[Deed]) -> None:
    """Write new cases with their first event; `rows` are whole case rows, and the deeds stand in order."""
    events = []
    for row, deed in zip(rows, deeds, strict=True):
        event = _event(deed, row["id"], 1, GENESIS)
        row["event_count"], row["head_hash"], row["held_since"] = 1, event["hash"], deed.at
        events.append(event)
    insert_rows(session, Case, rows)
    insert_rows(session, CaseEvent, events)
    _write_notices(session, [(deed, row["id"]) for row, deed in zip(rows, deeds, strict=True)])


def event_hash(event: Mapping[str, Any]) -> bytes:
    """The link of the chain: SHA-256 over the previous link and everything the event says.

    `changes` and `detail` may be given as canonical JSON, as they are when they are about to be written.
    """
    who = [event["case_id"], event["seq"], plain("at", event["at"]), event["actor_id"], event["actor_name"]]
    said = [
        canonical([*who, event["verb"]])[1:-1],
        json_text(event["changes"]),
        json_text(event["detail"]),
        canonical(event["reason"]),
    ]
    return hashlib.sha256(event["previous_hash"] + f"[{','.join(said)}]".encode()).digest()


def plain(column: str, value: Any) -> Any:
    """A column's value as JSON keeps it; moments in UTC, points as text, long texts as a keyed digest."""
    if isinstance(value, datetime | date | WKBElement):
        return _form(value)
    if column in DIGESTED:
        return _digested(value)
    # The vocabularies are text too; this is quicker than asking an enum for its value.
    return str(value) if isinstance(value, str) else value


def _digested(value: str | None) -> str | None:
    return None if value is None else "hmac:" + vault().digest(value).hex()


def _form(value: Any) -> str:
    """What stands in the history for a value of a type that JSON has no form for."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, WKBElement):
        point = to_shape(value)
        return point_text(point.x, point.y)
    raise TypeError(f"the history has no form for {type(value).__name__}")


def point_text(lon: float, lat: float) -> str:
    """A point in degrees of WGS-84 in the one form the history and the writer use."""
    return f"SRID=4326;POINT({lon!r} {lat!r})"


def _event(deed: Deed, case_id: int, seq: int, previous: bytes) -> dict[str, Any]:
    event = {
        "case_id": case_id,
        "seq": seq,
        "at": deed.at,
        "actor_id": deed.actor.id,
        "actor_name": deed.actor.name,
        "verb": deed.verb,
        "changes": canonical(_changes(deed), _form),
        "detail": canonical(dict(deed.detail)),
        "reason": deed.reason,
        "previous_hash": previous,
    }
    event["hash"] = event_hash(event)
    return event


def _changes(deed: Deed) -> dict[str, list[Any]]:
    """What stood in each column before and what stands there now, with digests for the long texts."""
    before = deed.case if isinstance(deed, Step) else None
    changes = {name: [getattr(before, name, None), value] for name, value in deed.changes.items()}
    for name in DIGESTED & changes.keys():
        changes[name] = [_digested(value) for value in changes[name]]
    return changes


def _columns(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    """What the row of the case says after the step."""
    moved = {"moved_at": step.at} if _moves(step) else {}
    held = since_column(step.at, step.changes)
    return {**step.changes, **moved, **held, "event_count": event["seq"], "head_hash": event["hash"]}


def _write_endings(session: Session, steps: Sequence[Step]) -> None:
    ended = [
        {"case_id": step.case.id, "ending": step.changes["ending"], "ended_at": step.at}
        for step in steps
        if step.changes.get("ending")
    ]
    insert_rows(session, CaseEnding, ended)
    for step in steps:
        if "ending" in step.changes and step.changes["ending"] is None:
            session.execute(
                update(CaseEnding)
                .where(CaseEnding.case_id == step.case.id, CaseEnding.reopened_at.is_(None))
                .values(reopened_at=step.at)
            )


def _write_repeats(session: Session, steps: Sequence[Step]) -> None:
    linked = [step for step in steps if "repeat_of_id" in step.changes]
    for step in linked:
        session.execute(
            update(CaseRepeat)
            .where(CaseRepeat.case_id == step.case.id, CaseRepeat.unlinked_at.is_(None))
            .values(unlinked_at=step.at)
        )
    rows = [
        {"case_id": step.case.id, "first_id": step.changes["repeat_of_id"], "linked_at": step.at}
        for step in linked
        if step.changes["repeat_of_id"]
    ]
    insert_rows(session, CaseRepeat, rows)


def _write_dismissals(session: Session, steps: Sequence[Step]) -> None:
    rows = [
        {"case_id": step.case.id, "other_id": step.detail["other_id"], "dismissed_at": step.at}
        for step in steps
        if step.verb is Verb.DISMISS
    ]
    insert_rows(session, CaseDismissal, rows)


def _moves(step: Step) -> bool:
    return not PLACE_COLUMNS.isdisjoint(step.changes)


def _write_moves(session: Session, steps: Sequence[Step]) -> None:
    """Keep where each case that moves lay until now; called while the objects still say it."""
    rows = [
        {
            "case_id": step.case.id,
            "moved_at": step.at,
            "community_id": step.case.community_id,
            "grid_id": step.case.grid_id,
        }
        for step in steps
        if _moves(step)
    ]
    insert_rows(session, CaseMove, rows)


def _write_tenures(session: Session, steps: Sequence[Step]) -> None:
    """Keep the span of each holder that has the case no longer; called while the objects still name it."""
    rows = [tenure_row(step.case, step.verb, step.at, step.changes) for step in steps]
    insert_rows(session, CaseTenure, [row for row in rows if row])


def _write_notices(session: Session, told: Sequence[tuple[Deed, int]]) -> None:
    rows = [
        {
            "unit_id": telling.unit_id,
            "case_id": case_id,
            "kind": telling.kind,
            "params": dict(telling.params),
            "urgent": telling.urgent,
            "created_at": deed.at,
        }
        for deed, case_id in told
        for telling in deed.tell
    ]
    insert_rows(session, Notice, rows)
