"""Files that are handed in, tried and let go as on the page, by the ticks that do it there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from petitions.importing import going
from petitions.importing.requests import request_import
from petitions.models import Case, CaseEvent, ImportRow, ImportRun
from tasks.imports import run_waiting
from tests.petitions.importing.files import NOW, csv_file


def hand_in(
    session: Session,
    street_id: int,
    content: bytes,
    *,
    dry_run: bool = True,
    actor: Actor = OPERATOR,
    profile: str | None = None,
    file_name: str = "orders.csv",
) -> ImportRun:
    """Hand a file in and let the tick do it."""
    run = request_import(
        session,
        street_id=street_id,
        file_name=file_name,
        content=content,
        profile=profile,
        dry_run=dry_run,
        actor=actor,
        now=NOW,
    )
    run_waiting()
    session.refresh(run)
    return run


def tried(session: Session, street_id: int, rows: Sequence[Sequence[Any]], **given: Any) -> ImportRun:
    """A dry run of a file with these rows."""
    return hand_in(session, street_id, csv_file(rows), **given)


def brought(session: Session, street_id: int, rows: Sequence[Sequence[Any]], **given: Any) -> ImportRun:
    """An import of a file with these rows."""
    return hand_in(session, street_id, csv_file(rows), dry_run=False, **given)


def went(session: Session, run: ImportRun, actor: Actor = OPERATOR) -> ImportRun:
    """The import by which a dry run goes."""
    going_run = going.let_go(session, going.lock_run(session, run.id, actor), actor=actor, now=NOW)
    run_waiting()
    session.refresh(going_run)
    return going_run


def rows_of(session: Session, run: ImportRun) -> list[ImportRow]:
    """The rows of a run as they stand."""
    query = select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.row)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def cases(session: Session) -> list[Case]:
    """All cases as they stand, oldest first."""
    return list(session.scalars(select(Case).order_by(Case.id).execution_options(populate_existing=True)))


def events_of(session: Session, case: Case) -> list[CaseEvent]:
    """The history of a case, oldest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    return list(session.scalars(query.execution_options(populate_existing=True)))
