"""The tick of escalation: everything that is due, in due order, a chunk to a transaction."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from celery import shared_task

from app.auth.actor import SERVICE
from app.core.db import database_now, db, is_lost, transaction
from app.core.logs import kind_and_place
from petitions import escalation
from petitions.handling import helping, review, terms
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.waiting import count_waiting

_log = logging.getLogger(__name__)

CHUNK = 500


@shared_task(name="escalate")
def escalate(now: str | None = None) -> dict[str, Any]:
    """Warn and escalate what is due at `now` (ISO, with offset), by default the database's present moment."""
    return sweep(datetime.fromisoformat(now) if now else database_now(db.session()))


def sweep(now: datetime) -> dict[str, Any]:
    """One sweep; returns `now`, `due`, `escalated`, `warned`, `resumed`, `reminded`, `lapsed` and `skipped`.

    Suspensions end first, so that a limit that passes in the same sweep is seen; then cases go up and holders
    are warned, late helpers are reminded, and what nobody asked to have reviewed becomes final.

    A case for which a step fails does not stop the others: its chunk is done one by one, it is skipped,
    and the next sweep meets it again. Skipped is also each open case with a clock that waits for a calendar.
    """
    resumed, asleep = _run(now, escalation.lock_to_resume, "suspended_until", terms.resume)
    lifted, left = _run(now, escalation.lock_due, "tier_due_at", escalation.escalate)
    warned, unwarned = _run(now, escalation.lock_to_warn, "tier_warn_at", escalation.warn)
    reminded, unreminded = _run(now, escalation.lock_with_late_help, "assist_due_at", helping.remind_helper)
    lapsed, unlapsed = _run(now, escalation.lock_to_lapse, "after_due_at", review.lapse)
    failed = asleep + left + unwarned + unreminded + unlapsed
    if failed:
        _log.error("%d cases could not be escalated or warned at %s", failed, now.isoformat())
    with transaction():
        waiting = count_waiting(db.session())
    return {
        "now": now.isoformat(),
        "due": lifted + left,
        "escalated": lifted,
        "warned": warned,
        "resumed": resumed,
        "reminded": reminded,
        "lapsed": lapsed,
        "skipped": failed + waiting,
    }


def _run(
    now: datetime, lock: Callable[..., Sequence[Case]], moment: str, verb: Callable[..., Any]
) -> tuple[int, int]:
    done, skipped, after = 0, 0, None
    while True:
        with transaction():
            cases = lock(db.session(), now, after, CHUNK)
            if not cases:
                return done, skipped
            marks = [(getattr(case, moment), case.id) for case in cases]
            failed = _chunk(cases, verb, now)
        done, skipped, after = done + len(cases) - failed, skipped + failed, marks[-1]


def _chunk(cases: Sequence[Case], verb: Callable[..., Any], now: datetime) -> int:
    session = db.session()
    office = load_office(session, {case.holder_id for case in cases})
    try:
        with session.begin_nested():
            record(session, [verb(case, office, actor=SERVICE, now=now) for case in cases])
    except Exception as error:
        if is_lost(error):
            raise
        if len(cases) == 1:
            _log.error("case %d stays where it is: %s", cases[0].id, kind_and_place(error))
            return 1
        return sum(_chunk([case], verb, now) for case in cases)
    return 0
