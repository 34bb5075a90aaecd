"""The proof: every chain of events is whole, and what the events add up to are the rows that stand there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Enum, String, select, type_coerce
from sqlalchemy.orm import Session

from app.core.db import Base
from petitions.models import Case, CaseEvent, Seal
from petitions.proof import (
    Event,
    Fault,
    Proof,
    Span,
    Unproved,
    between,
    chain,
    held,
    pairs,
    people,
    periods,
    sealed,
    series,
    state,
)

CHUNK = 500
OWN = Proof(
    checks=(
        state.check,
        periods.check_endings,
        periods.check_moves,
        held.check,
        people.check,
        pairs.check_repeats,
        pairs.check_dismissals,
    ),
    totals=(series.check, sealed.check),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many cases and events were proved, and the first that does not hold, in words.

    `unproved` are cases of which something was written before the events kept a digest of it; `seals` is
    how many seals there are and `last_seal` the newest's hash, which can be kept elsewhere.
    """

    cases: int
    events: int
    first_bad: str | None
    unproved: int = 0
    seals: int = 0
    last_seal: str | None = None

    @property
    def ok(self) -> bool:
        """Whether all held."""
        return self.first_bad is None


def init_app(app: Flask, proofs: Sequence[Proof]) -> None:
    """Give the application what other packages prove of a case."""
    app.extensions["proofs"] = (OWN, *proofs)


def hold_still(session: Session) -> None:
    """Let the session's transaction, not begun yet, see one moment of the database and write nothing.

    Otherwise a case would be compared with events that were written after it was read.
    """
    session.connection(
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    )


def verify(session: Session) -> Verdict:
    """Replay every case and compare; stops at the first that does not hold. Memory is bounded by a chunk."""
    proofs: Sequence[Proof] = current_app.extensions["proofs"]
    cases = events = unproved = 0
    for span in _spans(session):
        bad, doubtful = _examine(session, span, proofs)
        if bad:
            return Verdict(cases, events, bad, unproved)
        cases, unproved = cases + len(span.cases), unproved + doubtful
        events += sum(map(len, span.events.values()))
    bad = next((what for proof in proofs for total in proof.totals for what in total(session)), None)
    last = session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))
    return Verdict(cases, events, bad, unproved, last.id if last else 0, last.hash.hex() if last else None)


def _examine(session: Session, span: Span, proofs: Sequence[Proof]) -> tuple[str | None, int]:
    """The first fault of the span in words, and of how many cases something is unproved.

    What the events say is looked at only of cases whose chain holds.
    """
    faults = list(chain.check(session, span))
    sound = span.without(fault.case_id for fault in faults)
    found = [finding for proof in proofs for check in proof.checks for finding in check(session, sound)]
    faults += [finding for finding in found if isinstance(finding, Fault)]
    unproved = {finding.case_id for finding in found if isinstance(finding, Unproved)}
    first = min(faults, key=lambda fault: fault.case_id, default=None)
    return (f"{_name(span, sound, first.case_id)}: {first.what}" if first else None), len(unproved)


def _read(model: type[Base]) -> list[ColumnElement[Any]]:
    """The columns of a table, closed vocabularies as the text they are, which may be no word of theirs."""
    columns = model.__table__.columns
    return [type_coerce(c, String).label(c.name) if isinstance(c.type, Enum) else c for c in columns]


def _spans(session: Session) -> Iterator[Span]:
    """Chunk by chunk all cases; the last span goes on to any id, so that what has lost its case is met."""
    columns, after = _read(Case), 0
    last: int | None = 0
    while last is not None:
        query = select(*columns).where(Case.id > after).order_by(Case.id).limit(CHUNK)
        cases = {row.id: row for row in session.execute(query)}
        last = max(cases) if len(cases) == CHUNK else None
        yield Span(after, last, cases, _events(session, after, last))
        after = last or after


def _events(session: Session, after: int, last: int | None) -> Mapping[int, Sequence[Event]]:
    query = select(*_read(CaseEvent)).where(between(CaseEvent.case_id, after, last))
    rows = session.execute(query.order_by(CaseEvent.case_id, CaseEvent.seq)).mappings()
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row["case_id"])}


def _name(span: Span, sound: Span, case_id: int) -> str:
    """The number of a case, from its history where that holds or is all there is, else from its row."""
    if case_id in sound.cases or case_id not in span.cases:
        said = (event["changes"].get("number") for event in span.events.get(case_id, ())[:1])
        return next((str(pair[1]) for pair in said if pair), f"case {case_id}")
    return str(span.cases[case_id].number)
