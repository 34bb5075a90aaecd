"""Rows of a dry run that a person does not want to be brought in."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.i18n import lazy as _
from petitions.importing.outcome import Verdict
from petitions.models import ImportLeftOut, ImportRow, ImportRun
from petitions.models.imports import RunState


def leave_out(session: Session, run: ImportRun, row: int, *, is_out: bool) -> None:
    """Leave a row of the dry run, locked by the caller, out of its going, or take it in again.

    An unchanged row can be left out as well: it may be the first of two with one number, of which the other
    is right. Raises Conflict where the run no longer waits for its going, NotFound for a row that is refused.
    """
    if run.state is not RunState.TRIED:
        raise Conflict(_("This file no longer waits; its rows cannot be chosen any more."))
    session.execute(delete(ImportLeftOut).where(ImportLeftOut.run_id == run.id, ImportLeftOut.row == row))
    if not is_out:
        return
    verdict = session.scalar(
        select(ImportRow.verdict).where(ImportRow.run_id == run.id, ImportRow.row == row)
    )
    if verdict is None or verdict == Verdict.REFUSED:
        raise NotFound(_("There is no such row to be left out."))
    session.add(ImportLeftOut(run_id=run.id, row=row))
    session.flush()


def count_left_out(session: Session, run: ImportRun) -> int:
    """How many rows of the dry run are to be left out."""
    query = select(func.count()).select_from(ImportLeftOut).where(ImportLeftOut.run_id == run.id)
    return session.scalar(query) or 0


def left_out_between(session: Session, run: ImportRun, first: int, last: int) -> frozenset[int]:
    """The rows from `first` to `last` that were left out of the dry run which this run is the going of."""
    if run.rehearsal_id is None:
        return frozenset()
    return rows_left_out(session, run.rehearsal_id, first, last)


def rows_left_out(session: Session, run_id: int, first: int, last: int) -> frozenset[int]:
    """The rows from `first` to `last` of a dry run that are to be left out."""
    query = select(ImportLeftOut.row).where(
        ImportLeftOut.run_id == run_id, ImportLeftOut.row.between(first, last)
    )
    return frozenset(session.scalars(query))
