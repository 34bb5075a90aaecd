"""The tick of imports: uploaded files, oldest first, a chunk of rows to a transaction."""

import logging
from collections.abc import Iterator
from datetime import datetime

from celery import shared_task

from app.auth.actor import Actor
from app.core.db import committed, database_now, db, transaction
from app.core.errors import AppError
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place
from petitions.importing.attending import attend
from petitions.importing.export_file import open_export
from petitions.importing.forgetting import forget, next_to_forget
from petitions.importing.pieces import open_kept
from petitions.importing.profiles import profile_of
from petitions.importing.requests import claim_next
from petitions.importing.run import Progress, break_off, fail, run_import
from petitions.models import ImportRun
from tasks.requester import requester

_log = logging.getLogger(__name__)


@shared_task(name="run_imports")
def run_imports() -> int:
    """Run every file that waits; returns how many were worked on."""
    return run_waiting()


@shared_task(name="forget_imports")
def forget_imports() -> int:
    """Delete what imports keep for a while only; returns of how many runs."""
    return forget_due()


def forget_due() -> int:
    """Forget every import whose time has come; returns how many there were."""
    forgotten = 0
    while True:
        with transaction():
            present = _now()
            run = next_to_forget(db.session(), present)
            if run is None:
                return forgotten
            forget(db.session(), run, present)
        forgotten += 1


def run_waiting() -> int:
    """Give every waiting file one turn; returns how many had theirs.

    A worker that dies leaves its run unfinished and unlocked, and the next tick goes on with it.
    """
    worked: set[int] = set()
    while True:
        with transaction():
            run = claim_next(db.session(), _now(), but_not=worked)
        if run is None:
            return len(worked)
        worked.add(run.id)
        _do(run)


def _do(run: ImportRun) -> None:
    try:
        for _step in committed(_steps(run)):
            pass
    except AppError as error:
        with transaction():
            fail(db.session(), run, error.message, _now())
    except Exception as error:
        # Where the database is away this fails as well, nothing is counted, and a later tick goes on.
        _log.error("import %d was broken off: %s", run.id, kind_and_place(error))
        reason = str(_("Something went wrong on our side. What was imported before stays."))
        with transaction():
            break_off(db.session(), run, reason, _now())


def _steps(run: ImportRun) -> Iterator[Progress]:
    # A large file takes a while to read; meanwhile it keeps other workers away, and nobody else.
    with transaction():
        if not attend(db.session(), run.id):
            return iter(())
        profile = profile_of(db.session(), run)
        stream = open_kept(db.session(), run.id)
        export = open_export(stream, run.file_name, profile.code, {profile.code: profile})
    return run_import(db.session(), run, export, actor=_actor(run), clock=_now)


def _now() -> datetime:
    return database_now(db.session())


def _actor(run: ImportRun) -> Actor:
    with transaction():
        return requester(db.session(), run.requested_by, _now(), name=run.requested_name)
