"""The first part of a sweep: open cases are counted by the version of the policy that is in force."""

from datetime import datetime
from functools import partial

from app.core.db import db, transaction
from petitions.office import load_office
from petitions.replanning import lock_stale, replan
from petitions.stays import load_stays
from tasks.chunk import CHUNK, record_each


def replan_stale(now: datetime) -> tuple[int, int]:
    """Re-plan everything that is stale at `now`, nearest limit first, a chunk to a transaction.

    Returns how many cases, and how many could not be re-planned and stay as they are.
    """
    done, failed = 0, list[int]()
    while True:
        with transaction():
            session = db.session()
            cases = lock_stale(session, now, CHUNK, failed)
            if not cases:
                return done, len(failed)
            office = load_office(session, {case.street_id for case in cases})
            stays = load_stays(session, cases, office.calendar)
            left = record_each(cases, partial(replan, stays=stays), office, now)
        done, failed = done + len(cases) - len(left), failed + left
