"""The tick that compares imported cases with earlier matters, some hundreds to a transaction."""

import logging
from collections.abc import Callable
from time import monotonic

from celery import shared_task

from app.core.db import database_now, db, transaction
from app.core.logs import kind_and_place
from petitions.sameness.noticing import break_off_comparison, claim_comparison, compare_next

_log = logging.getLogger(__name__)

TURN = 5.0
"""Seconds of one tick, after which the chunk in hand is its last. What is left is done by the next, so that
comparing a year's orders keeps neither escalation nor somebody's file waiting."""


@shared_task(name="compare_imports")
def compare_imports() -> int:
    """Compare what has come in; returns how many rows were gone through."""
    return compare_waiting()


def compare_waiting(clock: Callable[[], float] = monotonic) -> int:
    """Compare what has come in for one turn by `clock`, in seconds; returns how many rows were gone through.

    The newest import first, because somebody waits for it. A worker that dies leaves its last chunk undone.
    """
    done, idle, end = 0, set[int](), clock() + TURN
    while clock() < end:
        count, run_id = _compare(idle)
        if run_id is None:
            break
        done += count
        if not count:
            idle.add(run_id)
    return done


def _compare(idle: set[int]) -> tuple[int, int | None]:
    """One chunk: its rows and its import, None where nothing waits. A fault stops no other import."""
    run_id = None
    try:
        with transaction():
            session = db.session()
            comparison = claim_comparison(session, idle)
            if comparison is None:
                return 0, None
            run_id = comparison.run_id
            return compare_next(session, comparison, database_now(session)), run_id
    except Exception as error:
        if run_id is None:
            raise
        # Where the database is away this fails as well, nothing is counted, and a later tick goes on.
        _log.error("import %d was not compared: %s", run_id, kind_and_place(error))
        with transaction():
            break_off_comparison(db.session(), run_id, database_now(db.session()))
        return 0, run_id
