"""The tick of the watched folder: files that have come to rest are handed in and put away.

A file is known by its checksum, written in the transaction that hands it in; whoever dies before it is moved
finds it again and only moves it.
"""

import hashlib
import logging
import time
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
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
from petitions.models import InboxFile
from tasks.inbox_folder import REFUSED, TAKEN, Lying, explain, lying_in, put_away, read

_log = logging.getLogger(__name__)

QUIET_SECONDS = 10.0
"""A file that has stayed as it is for so long is no longer written."""
MOST_WATCHED = 10_000


@dataclass(slots=True)
class Watch:
    """Since when each file has stayed as it is, by this process's own clock; `refused` cannot be moved."""

    resting: MutableMapping[Lying, float] = field(default_factory=dict)
    refused: set[Lying] = field(default_factory=set)

    def has_rested(self, file: Lying, moment: float) -> bool:
        """Whether the file is as it was QUIET_SECONDS ago; the first look begins to count."""
        if len(self.resting) > MOST_WATCHED:
            self.resting.clear()
        return moment - self.resting.setdefault(file, moment) >= QUIET_SECONDS


_WATCH = Watch()


@shared_task(name="take_inbox")
def take_inbox() -> int:
    """Hand in what has come to rest in DINGFEN_INBOX; returns how many files were put away."""
    folder = current_app.config["INBOX"]
    return take_from(Path(folder), _WATCH, time.monotonic()) if folder else 0


def take_from(folder: Path, watch: Watch, moment: float) -> int:
    """One look at the folders of all streets at `moment` of the watch's clock."""
    done = 0
    for street_id, file in _files(folder):
        if file in watch.refused or not watch.has_rested(file, moment):
            continue
        try:
            done += _take(street_id, file)
        except Exception as error:
            # One that cannot even be moved stays where it is and is not tried again until it changes.
            watch.refused.add(file)
            _log.error("a file of street %d stays in its folder: %s", street_id, kind_and_place(error))
        watch.resting.pop(file, None)
    return done


def _files(folder: Path) -> Iterator[tuple[int, Lying]]:
    streets = select(Unit.code, Unit.id).where(Unit.tier == Tier.STREET).order_by(Unit.code)
    for code, street_id in db.session().execute(streets).all():
        for file in lying_in(folder / code):
            yield street_id, file


def _take(street_id: int, file: Lying) -> bool:
    """Hand one file in and put it away, or away as refused with the reason; false where it changed."""
    try:
        content = _content(file)
        if content is None:
            return False
        sha256 = hashlib.sha256(content).hexdigest()
        with transaction():
            _hand_in(street_id, file, content, sha256)
    except AppError as error:
        explain(file, error.message)
        put_away(file, REFUSED, f"{file.changed_ns}")
        return True
    if current_app.config["INBOX_AFTER"] == "delete":
        file.path.unlink(missing_ok=True)
    else:
        put_away(file, TAKEN, sha256[:8])
    return True


def _content(file: Lying) -> bytes | None:
    if not file.is_plain:
        raise AppError(_("This is a link or no plain file; put the file itself here."))
    if file.size > current_app.config["MAX_CONTENT_LENGTH"]:
        raise AppError(_("The file is larger than this service takes."))
    try:
        return read(file)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise AppError(_("The service may not read this file. Give it the permission.")) from None


def _hand_in(street_id: int, file: Lying, content: bytes, sha256: str) -> None:
    """Hand the bytes in unless they were before; another worker with the same waits here."""
    session = db.session()
    now = database_now(session)
    known = insert(InboxFile).values(street_id=street_id, sha256=sha256, file_name=file.shown, taken_at=now)
    if session.scalar(known.on_conflict_do_nothing().returning(InboxFile.sha256)) is None:
        return
    request_imports(
        session,
        street_id=street_id,
        file_name=file.shown,
        content=content,
        profile=None,
        dry_run=False,
        actor=SERVICE,
        now=now,
        may_ask=True,
    )
