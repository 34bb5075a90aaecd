"""The seals: each as it was made, one after the other, and every event that it covers is still there."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.history import GENESIS
from petitions.models import Seal
from petitions.seals import digest_of, seal_hash

PAGE = 1000


def check(session: Session) -> Iterator[str]:
    """Prove the chain of seals and what each covers; the first that does not hold is named."""
    previous, after, expected = GENESIS, 0, 1
    for made in _seals(session):
        if what := _fault(session, made, previous, after, expected):
            yield what
            return
        previous, after, expected = made.hash, made.last_event_id, expected + 1


def _seals(session: Session) -> Iterator[Seal]:
    last, page = None, select(Seal).order_by(Seal.id).limit(PAGE)
    while found := session.scalars(page if last is None else page.where(Seal.id > last)).all():
        yield from found
        last = found[-1].id


def _fault(session: Session, made: Seal, previous: bytes, after: int, expected: int) -> str | None:
    if made.id != expected:
        return f"seal {expected} is missing"
    if made.previous_hash != previous or made.hash != seal_hash(made):
        return f"seal {expected} was changed"
    # One more than it covers, so that an event put in between is met and the memory is bounded.
    count, _reached, digest = digest_of(session, after, made.last_event_id, made.events + 1)
    if (count, digest) == (made.events, made.digest):
        return None
    now_there = "others stand" if count == made.events else f"{count} stand"
    return (
        f"seal {made.id} of {made.sealed_at.isoformat()}: it closed {made.events} events with the keys "
        f"{after + 1} to {made.last_event_id}, and {now_there} there now"
    )
