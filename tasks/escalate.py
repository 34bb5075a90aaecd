"""The tick of escalation: everything that is due, in due order, a chunk to a transaction.

What is due is told by the policy in force: where it has changed, the open cases are counted anew first, so
that nothing goes up by a limit that holds no more.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from celery import shared_task

from app.core.db import database_now, db, transaction
from grid.vocabulary import Tier
from petitions import escalation
from petitions.handling import helping, review, terms
from petitions.history import Step
from petitions.models import Case
from petitions.office import load_office
from petitions.waiting import count_waiting
from tasks.chunk import CHUNK, record_each
from tasks.replan import replan_stale

_log = logging.getLogger(__name__)


@shared_task(name="escalate")
def escalate(now: str | None = None) -> dict[str, Any]:
    """Warn and escalate what is due at `now` (ISO, with offset), by default the database's present moment."""
    return sweep(datetime.fromisoformat(now) if now else database_now(db.session()))


def sweep(now: datetime) -> dict[str, Any]:
    """One sweep; returns `now`, and how many cases were `replanned`, `due`, `escalated`, `skipped` and so on.

    Suspensions end first, so that a limit that passes in the same sweep is seen, and open cases follow their
    street's policy; then cases go up and holders are warned, late helpers are reminded, and what nobody asked
    to have reviewed becomes final.

    A case for which a step fails does not stop the others: its chunk is done one by one, it is skipped,
    and the next sweep meets it again. Skipped is also each open case with a clock that waits for a calendar.
    """
    resumed, asleep = _run(now, escalation.lock_to_resume, "suspended_until", terms.resume)
    replanned, unplanned = replan_stale(now)
    lifted, left = _lift(now)
    warned, unwarned = _run(now, escalation.lock_to_warn, "tier_warn_at", escalation.warn)
    reminded, unreminded = _run(now, escalation.lock_with_late_help, "assist_due_at", helping.remind_helper)
    lapsed, unlapsed = _run(now, escalation.lock_to_lapse, "after_due_at", review.lapse)
    failed = asleep + unplanned + left + unwarned + unreminded + unlapsed
    if failed:
        _log.error("%d cases could not be taken further at %s", failed, now.isoformat())
    with transaction():
        waiting = count_waiting(db.session())
    return {
        "now": now.isoformat(),
        "replanned": replanned,
        "due": lifted + left,
        "escalated": lifted,
        "warned": warned,
        "resumed": resumed,
        "reminded": reminded,
        "lapsed": lapsed,
        "skipped": failed + waiting,
    }


def _lift(now: datetime) -> tuple[int, int]:
    """Lift what is due until nothing is; what goes up at once is due again where it arrives.

    No case can be lifted more often than there are tiers above a grid, so the passes are as few.
    """
    lifted = 0
    for _tier in Tier:
        done, left = _run(now, escalation.lock_due, "tier_due_at", escalation.escalate)
        lifted += done
        if not done:
            break
    return lifted, left


def _run(
    now: datetime, lock: Callable[..., Sequence[Case]], moment: str, verb: Callable[..., Step]
) -> tuple[int, int]:
    done, skipped, after = 0, 0, None
    while True:
        with transaction():
            session = db.session()
            cases = lock(session, now, after, CHUNK)
            if not cases:
                return done, skipped
            marks = [(getattr(case, moment), case.id) for case in cases]
            office = load_office(session, {case.street_id for case in cases})
            failed = record_each(cases, verb, office, now)
        done, skipped, after = done + len(cases) - len(failed), skipped + len(failed), marks[-1]
