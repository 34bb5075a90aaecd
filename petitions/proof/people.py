"""The people of a case: each row has its digest in the events, and each digest its row."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import LargeBinary, String, select, type_coerce
from sqlalchemy.orm import Session

from app.core.secrecy import opened
from petitions.models import Party
from petitions.parties import COLUMNS, DETAIL, parties_said, party_digest
from petitions.proof import Fault, Finding, Span, Unproved, between, by_case, orphans

_SEALED = ("name", "phone", "identity_number")
# Read as they lie: what cannot be opened or is no word is a fault of its case and must not end the proof.
_RAW = {"role": String, **dict.fromkeys(_SEALED, LargeBinary)}
_READ = [
    type_coerce(column, _RAW[column.name]).label(column.name) if column.name in _RAW else column
    for column in Party.__table__.columns
    if column.name in COLUMNS
]


def check(session: Session, span: Span) -> Iterator[Finding]:
    """Prove the parties of each case; one registered before its events told of them is unproved."""
    query = select(Party.case_id, *_READ).where(between(Party.case_id, span.after, span.last))
    rows = by_case(session, query)
    for case_id in span.cases:
        details = [event["detail"] for event in span.events[case_id]]
        if DETAIL not in details[0]:
            yield Unproved(case_id)
            continue
        kept = (dict(row._mapping) for row in rows.get(case_id, ()))
        standing = Counter(
            party_digest({**row, **{name: opened(row[name]) for name in _SEALED}}) for row in kept
        )
        if standing != parties_said(details):
            yield Fault(case_id, "its parties are not what the events say")
    yield from orphans(span, rows, "parties")
