"""The tick of the watched folder: files that have come to rest are handed in and put away.

A file is known by its checksum, written in the transaction that hands it in; whoever dies before it is put
away finds it again and only puts it away.
"""

import hashlib
import logging
import os
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path

from celery import shared_task
from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.auth.actor import SERVICE
from app.core.db import database_now, db, transaction
from app.core.errors import AppError
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing.requests import request_imports
from petitions.models import ImportRun, InboxFile, InboxRun
from petitions.models.imports import CAME_TO_NOTHING, RunState
from tasks.inbox_folder import (
    REFUSED,
    TAKEN,
    Lying,
    Unmovable,
    claim,
    delete,
    lying_in,
    opened,
    put_away,
    strangers_in,
)

_log = logging.getLogger(__name__)

QUIET_SECONDS = 10.0
"""A file that has stayed as it is for so long is no longer written."""
_WAITING = frozenset({RunState.ASKING, RunState.OPEN, RunState.TRIED})
_HERE_ALREADY = _(
    "This file was handed in before and its import waits or stands, so it was not taken once more."
)


class Changed(Exception):
    """The file was written on while it was read."""


@dataclass(slots=True)
class Watch:
    """Since when each file has stayed as it is, by this process's own clock; `refused` cannot be moved.

    Of the `strangers`, which lie there beside the folders of streets, was told.
    """

    resting: dict[Lying, float] = field(default_factory=dict)
    refused: set[Lying] = field(default_factory=set)
    strangers: frozenset[str] = frozenset()

    def has_rested(self, file: Lying, moment: float) -> bool:
        """Whether the file is as it was QUIET_SECONDS ago; the first look begins to count."""
        return moment - self.resting.setdefault(file, moment) >= QUIET_SECONDS

    def forget_all_but(self, lying: Collection[Lying]) -> None:
        """Nothing is kept of what lies there no longer, or not as it was."""
        self.resting = {file: since for file, since in self.resting.items() if file in lying}
        self.refused.intersection_update(lying)


_WATCH = Watch()


@shared_task(name="take_inbox")
def take_inbox() -> int:
    """Hand in what has come to rest in DINGFEN_INBOX; returns how many files were put away."""
    folder = current_app.config["INBOX"]
    return take_from(Path(folder), _WATCH, time.monotonic()) if folder else 0


def take_from(folder: Path, watch: Watch, moment: float) -> int:
    """One look at the folders of all streets at `moment` of the watch's clock."""
    streets = _streets()
    done, found = 0, dict(_files(folder, streets))
    watch.forget_all_but(found)
    _tell_strangers(folder, streets, watch)
    for file, street_id in found.items():
        if file in watch.refused or not watch.has_rested(file, moment):
            continue
        try:
            done += _take(street_id, file)
        except Unmovable as error:
            # It stays where it is and is not tried again until it changes.
            watch.refused.add(file)
            _complain(file, error.__cause__ or error)
        except Exception as error:
            # The database may be away or the disk full: it has to rest again and is then tried again.
            _complain(file, error)
        watch.resting.pop(file, None)
    return done


def _complain(file: Lying, error: BaseException) -> None:
    # Its name may be that of a person; its size and age tell it from others.
    told = (file.folder.name, file.size, file.changed_ns // 1_000_000_000, kind_and_place(error))
    _log.error("a file of street %s stays in its folder (%d bytes, changed at %d): %s", *told)


def _tell_strangers(folder: Path, streets: Mapping[str, int], watch: Watch) -> None:
    """Say once of what nobody will ever take that it lies there: a wrong number is soon put right."""
    lying = frozenset(strangers_in(folder, streets))
    for name in sorted(lying - watch.strangers):
        _log.warning("%r in the watched folder is no folder of a street known here and is passed over", name)
    watch.strangers = lying


def _streets() -> dict[str, int]:
    query = select(Unit.code, Unit.id).where(Unit.tier == Tier.STREET).order_by(Unit.code)
    return {row.code: row.id for row in db.session().execute(query)}


def _files(folder: Path, streets: Mapping[str, int]) -> Iterator[tuple[Lying, int]]:
    for code, street_id in streets.items():
        try:
            for file in lying_in(folder / code):
                yield file, street_id
        except OSError as error:
            _log.error("the folder of street %s cannot be read: %s", code, kind_and_place(error))


def _take(street_id: int, found: Lying) -> bool:
    """Hand one file in and put it away, or away as refused with the reason; false where it changed."""
    file = claim(found)
    if file is None:
        return False
    try:
        is_new = _read_and_hand_in(street_id, file)
    except (Changed, FileNotFoundError):
        return False
    except AppError as error:
        return put_away(file, REFUSED, error.message) is not None
    if current_app.config["INBOX_AFTER"] == "delete":
        delete(file)
        return True
    # One that was claimed before was handed in by a worker that died, so that nothing is to be explained.
    is_told = is_new or found.is_claimed
    return put_away(file, TAKEN, None if is_told else str(_HERE_ALREADY)) is not None


def _read_and_hand_in(street_id: int, file: Lying) -> bool:
    if not file.is_plain:
        raise AppError(_("This is a link or no plain file; put the file itself here."))
    if file.size > current_app.config["MAX_CONTENT_LENGTH"]:
        raise AppError(_("The file is larger than this service takes."))
    try:
        stream = opened(file)
    except PermissionError:
        raise AppError(_("The service may not read this file. Give it the permission.")) from None
    with stream, transaction():
        is_new = _hand_in(street_id, file, stream)
        # Whoever still had it open may have gone on writing; then nothing of it counts.
        if not file.is_still(os.fstat(stream.fileno())):
            raise Changed
    return is_new


def _hand_in(street_id: int, file: Lying, stream: BufferedReader) -> bool:
    """Hand the file in unless its bytes were before and something of them stands or waits."""
    session, sha256 = db.session(), hashlib.file_digest(stream, "sha256").hexdigest()
    present = database_now(session)
    if not _is_wanted(street_id, file, sha256, present):
        return False
    stream.seek(0)
    runs = request_imports(
        session,
        street_id=street_id,
        file_name=file.shown,
        content=stream,
        profile=None,
        dry_run=False,
        actor=SERVICE,
        now=present,
        may_ask=True,
    )
    session.add_all(InboxRun(run_id=run.id, street_id=street_id, sha256=sha256) for run in runs)
    session.flush()
    return True


def _is_wanted(street_id: int, file: Lying, sha256: str, present: datetime) -> bool:
    """Note the file as taken now; false where it was before. Another worker with the same waits here."""
    session = db.session()
    said = {"file_name": file.shown, "taken_at": present}
    new = insert(InboxFile).values(street_id=street_id, sha256=sha256, **said)
    if session.scalar(new.on_conflict_do_nothing().returning(InboxFile.sha256)) is not None:
        return True
    known = session.get_one(InboxFile, (street_id, sha256), with_for_update=True, populate_existing=True)
    runs = (
        select(ImportRun.state)
        .join(InboxRun, InboxRun.run_id == ImportRun.id)
        .where(InboxRun.street_id == street_id, InboxRun.sha256 == sha256)
        .where(ImportRun.requested_at == known.taken_at)
    )
    states = set(session.scalars(runs))
    if states & _WAITING or not states & CAME_TO_NOTHING:
        return False
    known.file_name, known.taken_at = file.shown, present
    return True
