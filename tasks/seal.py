"""The tick of seals: what has been written and can no longer change its surroundings is closed."""

import logging
import time

from celery import shared_task

from app.core.db import database_now, db, transaction
from petitions import seals

_log = logging.getLogger(__name__)

LOOKS = 100
PAUSE_SECONDS = 0.1


@shared_task(name="seal")
def seal() -> int:
    """Close all events that are new and settled; returns how many."""
    with transaction():
        last = seals.newest_key(db.session())
    if not _is_settled():
        _log.warning("no seal: somebody has been writing events for long; the next tick tries again")
        return 0
    closed = 0
    while count := _close(last):
        closed += count
    return closed


def _close(last: int) -> int:
    with transaction():
        made = seals.seal(db.session(), last, database_now(db.session()))
    if made is None:
        return 0
    # Kept where the database's owner cannot reach it, a line of this log proves that the seal was there.
    _log.info(
        "seal %d closes %d events up to %d: %s", made.id, made.events, made.last_event_id, made.hash.hex()
    )
    return made.events


def _is_settled() -> bool:
    """Whether those who write at the beginning have ended before the patience does."""
    open_still = None
    for _ in range(LOOKS):
        with transaction():
            now_open = seals.writers(db.session())
        open_still = now_open if open_still is None else open_still & now_open
        if not open_still:
            return True
        time.sleep(PAUSE_SECONDS)
    return False
