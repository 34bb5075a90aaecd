"""What an import keeps for a while only, and when it is forgotten."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.core.keeping import import_keep_time
from petitions.importing import pieces
from petitions.models import ImportRun, ImportSecret
from petitions.models.imports import RunState


def next_to_forget(session: Session, now: datetime) -> ImportRun | None:
    """A run whose time has come and that nobody holds, locked.

    A file of which nobody has said what its columns mean is kept as long as one that was tried.
    """
    unsaid = (ImportRun.profile == "") & (ImportRun.requested_at <= now - import_keep_time())
    query = select(ImportRun).where(
        or_(ImportRun.kept_until <= now, ImportRun.finished_at.is_(None) & unsaid)
    )
    fresh = query.limit(1).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(fresh).first()


def forget(session: Session, run: ImportRun, now: datetime) -> None:
    """Delete the file and what is sealed of the rows; the verdicts stay. A dry run can go no more."""
    pieces.drop(session, run.id)
    session.execute(delete(ImportSecret).where(ImportSecret.run_id == run.id))
    run.kept_until = run.form = None
    if run.state is RunState.OPEN:
        run.state, run.finished_at = RunState.CANCELLED, now
    if run.state is RunState.TRIED:
        run.state = RunState.DROPPED
    session.flush()
