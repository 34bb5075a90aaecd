"""The tick of calendars: clocks that waited for a year start once its calendar is there."""

from dataclasses import replace
from datetime import datetime

from celery import shared_task

from app.auth.actor import SERVICE
from app.core import clock
from app.core.calendar import WorkingCalendar
from app.core.db import db, transaction
from petitions.history import record
from petitions.office import load_office
from petitions.waiting import lock_waiting, start_clock

CHUNK = 500


@shared_task(name="start_clocks")
def start_clocks() -> int:
    """Start what waits for a calendar that the program has; returns how many cases."""
    return start_waiting(WorkingCalendar.shipped(), clock.now())


def start_waiting(calendar: WorkingCalendar, now: datetime) -> int:
    """Start what waits for a year of `calendar`, a chunk to a transaction; returns how many cases."""
    started = 0
    while True:
        with transaction():
            session = db.session()
            cases = lock_waiting(session, calendar, now, CHUNK)
            if not cases:
                return started
            office = replace(load_office(session, {case.street_id for case in cases}), calendar=calendar)
            record(
                session,
                [start_clock(case, office, actor=SERVICE, now=now) for case in cases],
            )
        started += len(cases)
