"""The tick of calendars: clocks that waited for a year start once its calendar is there."""

import logging
from collections.abc import Sequence
from datetime import datetime

from celery import shared_task

from app.auth.actor import SERVICE
from app.core.calendar_store import load_calendar
from app.core.db import database_now, db, is_lost, transaction
from app.core.logs import kind_and_place
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.waiting import lock_waiting, start_clock

CHUNK = 500

_log = logging.getLogger(__name__)


@shared_task(name="start_clocks")
def start_clocks() -> int:
    """Start what waits for a calendar that is loaded by now; returns how many cases."""
    return start_waiting(database_now(db.session()))


def start_waiting(now: datetime) -> int:
    """Start what waits for a year that is loaded, a chunk to a transaction; returns how many cases.

    A case whose clock cannot be started does not stop the others; the next tick meets it again.
    """
    started, after = 0, 0
    while True:
        with transaction():
            session = db.session()
            cases = lock_waiting(session, load_calendar(session), now, after, CHUNK)
            if not cases:
                return started
            after = cases[-1].id
            started += _chunk(cases, now)


def _chunk(cases: Sequence[Case], now: datetime) -> int:
    session = db.session()
    office = load_office(session, {case.street_id for case in cases})
    try:
        with session.begin_nested():
            record(
                session,
                [start_clock(case, office, actor=SERVICE, now=now) for case in cases],
            )
    except Exception as error:
        if is_lost(error):
            raise
        if len(cases) == 1:
            _log.error("the clock of case %d goes on waiting: %s", cases[0].id, kind_and_place(error))
            return 0
        return sum(_chunk([case], now) for case in cases)
    return len(cases)
