"""The tick of imports: uploaded files, oldest first, a chunk of rows to a transaction."""

import io
import logging

from celery import shared_task
from sqlalchemy.exc import OperationalError

from app.auth.actor import SERVICE, Actor
from app.auth.models import User
from app.core import clock
from app.core.db import db, transaction
from app.core.errors import AppError
from app.core.i18n import lazy as _
from petitions.importing.requests import claim_next
from petitions.importing.run import fail, run_import
from petitions.models import ImportRun

_log = logging.getLogger(__name__)


@shared_task(name="run_imports")
def run_imports() -> int:
    """Run every file that waits; returns how many were worked on."""
    return run_waiting()


def run_waiting() -> int:
    """Work on waiting files until none is left.

    A worker that dies leaves its run unfinished and unlocked, and the next tick goes on with it.
    """
    worked = 0
    while True:
        with transaction():
            run = claim_next(db.session())
        if run is None:
            return worked
        _do(run)
        worked += 1


def _do(run: ImportRun) -> None:
    stream = io.BytesIO(run.content or b"")
    steps = run_import(db.session(), run, stream, actor=_actor(run), now=clock.now())
    try:
        reached = True
        while reached:
            with transaction():
                reached = next(steps, None) is not None
    except AppError as error:
        _give_up(run, error.message)
    except OperationalError:
        # The database went away: the run is as it was committed, and the next tick goes on with it.
        raise
    except Exception as error:
        # The message may quote a person's words, so only its kind is logged.
        _log.error("import %d ended with %s", run.id, type(error).__name__)
        _give_up(run, str(_("Something went wrong on our side. What was imported before stays.")))


def _give_up(run: ImportRun, reason: str) -> None:
    with transaction():
        fail(db.session(), run, reason, clock.now())


def _actor(run: ImportRun) -> Actor:
    """Who asked for the run; what they may do was looked at then."""
    user = db.session.get(User, run.requested_by) if run.requested_by else None
    return Actor(user.id, user.name) if user else SERVICE
