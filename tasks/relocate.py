"""The tick of boundaries: after a publication, open cases whose land has come to another unit follow it."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from app.core.db import database_now, db, transaction
from app.core.settings import get_setting, put_setting
from grid.locating.gazetteer import current_revision
from grid.locating.locate import Locator
from grid.models import Revision
from petitions.models import Case
from petitions.office import Office, load_office
from petitions.relocating import count_open, is_elsewhere, last_open, lock_open, places_now, relocate
from tasks.chunk import CHUNK, record_each

_log = logging.getLogger(__name__)

SETTLING = timedelta(minutes=10)
"""For so long a matter may still be on its way into the tables that was placed before a publication."""

_DONE = "relocated:"


@shared_task(name="relocate")
def relocate_cases() -> int:
    """Move what lies elsewhere since the last publications; returns how many cases."""
    return relocate_all(database_now(db.session()))


def relocate_all(now: datetime) -> int:
    """Move the open cases of every street whose publication has not been followed to the end yet."""
    with transaction():
        due = [row for row in _in_force(db.session()) if _is_due(db.session(), row, now)]
    moved = 0
    for street_id, revision_id, published_at in due:
        done, is_whole = _street(street_id, now)
        moved += done
        if is_whole and now >= published_at + SETTLING:
            with transaction():
                put_setting(db.session(), f"{_DONE}{street_id}", revision_id)
    return moved


def _street(street_id: int, now: datetime) -> tuple[int, bool]:
    """How many cases moved, and whether every open case was met and moved where it had to.

    A case that somebody works on, or that another worker has, is passed over; the next pass meets it.
    """
    moved, met, after = 0, 0, 0
    with transaction():
        last = last_open(db.session(), street_id)
    while True:
        with transaction():
            session = db.session()
            cases = lock_open(session, street_id, now, after, CHUNK)
            if not cases:
                return moved, met >= count_open(session, street_id, last)
            after = cases[-1].id
            done, failed = _chunk(session, street_id, cases, now)
        moved, met = moved + done, met + sum(1 for case in cases if case.id <= last) - failed


def _chunk(session: Session, street_id: int, cases: Sequence[Case], now: datetime) -> tuple[int, int]:
    # The locator first: a publication in between gives it no unit that the office does not know.
    locator = Locator.load(session, street_id)
    office: Office = load_office(session, [street_id])
    places = places_now(cases, locator, office)
    elsewhere = [case for case in cases if is_elsewhere(case, places[case.id], office)]
    failed = record_each(elsewhere, partial(relocate, places=places), office, now)
    return len(elsewhere) - len(failed), len(failed)


def _in_force(session: Session) -> Iterable[Row[int, int, datetime]]:
    """The revision in force of every street: street, revision and when it was published."""
    revision = aliased(Revision)
    query = select(revision.street_id, revision.id, revision.published_at)
    return session.execute(
        query.where(revision.id == current_revision(revision.street_id).scalar_subquery())
    ).all()


def _is_due(session: Session, row: Row[int, int, datetime], now: datetime) -> bool:
    street_id, revision_id, published_at = row
    return published_at <= now and get_setting(session, f"{_DONE}{street_id}") != revision_id
