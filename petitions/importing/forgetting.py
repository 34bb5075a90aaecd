"""What an import keeps for a while only, and when it is forgotten."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from petitions.importing import pieces
from petitions.models import ImportRun, ImportSecret
from petitions.models.imports import RunState


def next_to_forget(session: Session, now: datetime) -> ImportRun | None:
    """A run whose time has come and that nobody holds, locked."""
    query = select(ImportRun).where(ImportRun.kept_until <= now).order_by(ImportRun.kept_until).limit(1)
    fresh = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(fresh).first()


def forget(session: Session, run: ImportRun, now: datetime) -> None:
    """Delete the file and what is sealed of the rows; the verdicts stay.

    A dry run can go no more, and a file whose columns nobody has explained is cancelled.
    """
    pieces.drop(session, run.id)
    session.execute(delete(ImportSecret).where(ImportSecret.run_id == run.id))
    run.kept_until = run.form = None
    if run.state is RunState.TRIED:
        run.state = RunState.DROPPED
    elif run.state is RunState.ASKING:
        run.state, run.finished_at = RunState.CANCELLED, now
    session.flush()
