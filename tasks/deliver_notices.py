"""The tick of notices: plan what is new, then send what is due, a message to a transaction."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from celery import shared_task
from flask import current_app

from app.core import clock
from app.core.calendar import WorkingCalendar
from app.core.calendar_store import load_calendar
from app.core.clock import local_day
from app.core.db import db, transaction
from app.core.logs import kind_and_place
from app.notices.couriers import Couriers
from app.notices.outbox import deliver_next, due_receivers
from app.notices.planning import plan
from app.notices.timing import is_office_time
from app.notices.turns import in_turns
from grid.postings import serving

_log = logging.getLogger(__name__)

# A worker has other ticks to run; what is left over is met by the next one.
SECONDS = 20.0


@shared_task(name="deliver_notices")
def deliver_notices() -> dict[str, int]:
    """Plan and send what is due; returns how many notices were planned and deliveries dealt with."""
    with transaction():
        calendar = load_calendar(db.session())
    return deliver(Couriers.from_config(current_app.config), calendar, clock.now)


def deliver(
    couriers: Couriers, calendar: WorkingCalendar, now: Callable[[], datetime], *, seconds: float = SECONDS
) -> dict[str, int]:
    """One tick of at most `seconds` and one message more; `now` is asked anew for every message."""
    planned, dealt, end = 0, 0, monotonic() + seconds
    while found := _plan(couriers, now()):
        planned += found
    with transaction():
        started = now()
        is_open = is_office_time(started, calendar)
        due = due_receivers(db.session(), couriers.kinds, started, is_office_time=is_open)
    for each in in_turns(due, monotonic):
        while monotonic() < end and (done := _deliver(each.receiver_id, couriers, calendar, now())):
            dealt += done
    return {"planned": planned, "dealt": dealt}


def _plan(couriers: Couriers, now: datetime) -> int:
    with transaction():
        return plan(db.session(), serving(local_day(now)), couriers.kinds, now=now)


def _deliver(receiver_id: int, couriers: Couriers, calendar: WorkingCalendar, now: datetime) -> int:
    people, is_open = serving(local_day(now)), is_office_time(now, calendar)
    try:
        with transaction():
            return deliver_next(db.session(), receiver_id, couriers, people, now=now, is_office_time=is_open)
    except Exception as error:
        _log.error("receiver %d keeps waiting: %s", receiver_id, kind_and_place(error))
        return 0
