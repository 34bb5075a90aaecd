"""Seals: from time to time all events are closed together, so that a case that vanished whole is missed.

A chain of events proves one case and says nothing of others. A seal covers every event up to a key, of all
cases; no event of such a key may come, go or change afterwards.

Keys are given out before their transactions commit, so a lower key may become visible after a higher one.
`writers` are the transactions that may still hold such keys: PostgreSQL locks the table for a writer before
it gives out a key, so whoever has one below a key that is already visible either has ended or is among the
writers listed now. Once those have ended, nothing can come below that key any more. Nobody waits for
this but the tick: a SHARE lock would prove the same, and hold up everybody behind the slowest import.
"""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.canonical import canonical
from app.core.secrecy import vault
from petitions.history import GENESIS, plain
from petitions.models import CaseEvent, Seal

MOST_EVENTS = 10_000
"""How many events one seal covers at most, so that a broken one is named closely and memory is bounded."""

_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = 'case_events'::regclass AND granted"
)
_DIGEST = text(
    "SELECT count(*), max(id), sha256(string_agg(int8send(id) || hash, ''::bytea ORDER BY id)) FROM ("
    " SELECT id, hash FROM case_events WHERE id > :after AND id <= :last ORDER BY id LIMIT :most) AS events"
)


def newest_key(session: Session) -> int:
    """The highest key of an event that is visible now, 0 where there is none."""
    return session.scalar(select(func.max(CaseEvent.id))) or 0


def writers(session: Session) -> frozenset[str]:
    """The transactions that write events at this moment, without waiting for them."""
    return frozenset(session.scalars(_WRITERS))


def seal(session: Session, last: int, now: datetime) -> Seal | None:
    """Close the next events up to the key `last`, at most MOST_EVENTS; None where none is new.

    No event of a key up to `last` may still come. Two at once do not close the same events: the second
    waits for the first and goes on behind it.
    """
    session.execute(text("LOCK TABLE seals IN EXCLUSIVE MODE"))
    before = session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))
    after = before.last_event_id if before else 0
    count, reached, digest = digest_of(session, after, last, MOST_EVENTS)
    if not count:
        return None
    made = Seal(
        id=before.id + 1 if before else 1,
        sealed_at=now,
        last_event_id=reached,
        events=count,
        digest=digest,
        previous_hash=before.hash if before else GENESIS,
    )
    made.hash = seal_hash(made)
    session.add(made)
    session.flush()
    return made


def digest_of(session: Session, after: int, last: int, most: int) -> tuple[int, int, bytes]:
    """Count, highest key and SHA-256 of the first `most` events with keys after `after` and up to `last`."""
    count, reached, digest = session.execute(_DIGEST, {"after": after, "last": last, "most": most}).one()
    return count, reached or after, bytes(digest or b"")


def seal_hash(made: Seal) -> bytes:
    """The link of the chain of seals: everything the seal says and the link before, under the key."""
    said = [made.id, plain("sealed_at", made.sealed_at), made.last_event_id, made.events, made.digest]
    return vault().sign(made.previous_hash + canonical(said).encode())
