"""The tick that undoes whole imports, each in one transaction: all of it or nothing."""

import logging
from datetime import datetime

from celery import shared_task

from app.core.db import database_now, db, transaction
from app.core.errors import AppError
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place
from petitions.importing.undoings import break_off_undoing, carry_out_undoing, claim_undoing, refuse_undoing
from tasks.requester import requester

_log = logging.getLogger(__name__)


@shared_task(name="undo_imports")
def undo_imports() -> int:
    """Undo every import of which that was asked; returns how many wishes were worked on."""
    return undo_waiting()


def undo_waiting() -> int:
    """Give every wish one turn. A worker that dies leaves its wish open, and the next tick begins anew."""
    worked: set[int] = set()
    while True:
        wish_id = None
        try:
            with transaction():
                wish = claim_undoing(db.session(), worked)
                if wish is None:
                    return len(worked)
                wish_id = wish.id
                worked.add(wish_id)
                actor = requester(db.session(), wish.asked_by, _now())
                carry_out_undoing(db.session(), wish, actor=actor, clock=_now)
        except Exception as error:
            if wish_id is None:
                raise
            _end(wish_id, error)


def _end(wish_id: int, error: Exception) -> None:
    with transaction():
        session, present = db.session(), _now()
        if isinstance(error, AppError):
            refuse_undoing(session, wish_id, error.message, present)
            return
        # Where the database is away nothing is counted, and a later tick begins anew.
        _log.error("undoing %d was broken off: %s", wish_id, kind_and_place(error))
        reason = str(_("Something went wrong on our side. Nothing was undone."))
        break_off_undoing(session, wish_id, reason, present)


def _now() -> datetime:
    return database_now(db.session())
