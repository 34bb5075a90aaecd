"""What an upstream is told of an import that came of what it sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.pages import PAGE_SIZE, clamped
from petitions.importing.mending import number_of
from petitions.importing.outcome import Verdict
from petitions.importing.requests import verdicts
from petitions.importing.said import read_said
from petitions.importing.secrets import cells_of, said_of
from petitions.models import Case, ImportRow, ImportRun


def told_of(session: Session, run: ImportRun, page: int) -> dict[str, Any]:
    """How far the import is, and the verdicts on one page of its rows."""
    query = verdicts(run)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = clamped(page, total)
    rows = session.execute(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    orders = _orders(session, run, [row.row for row in rows])
    return {
        "id": run.id,
        "file": run.file_name,
        "state": run.state.value,
        "finished": run.finished_at is not None,
        "error": run.error,
        "rows": run.rows,
        **{verdict.value: getattr(run, verdict) for verdict in Verdict},
        "page": page,
        "pages": max(1, -(-total // PAGE_SIZE)),
        "verdicts": [
            {
                "row": row.row,
                "order": orders.get(row.row),
                "verdict": row.verdict,
                "case": None if row.verdict == Verdict.REFUSED else row.number,
                # What else is said of a row is for the office: suspicions, names of staff, its state here.
                "reason": row.reason if row.verdict == Verdict.REFUSED else None,
            }
            for row in rows
        ],
    }


def _orders(session: Session, run: ImportRun, rows: Sequence[int]) -> dict[int, str | None]:
    """The number that the upstream's order bears, by row: of the case, of what a trial keeps of a new order,
    or of a refused row as it was written."""
    known = (
        select(ImportRow.row, Case.source_number)
        .join(Case, Case.id == ImportRow.case_id)
        .where(ImportRow.run_id == run.id, ImportRow.row.in_(rows))
    )
    return {
        **dict(session.execute(known).all()),
        **{row: read_said(said).number for row, said in said_of(session, run, rows).items()},
        **{row: number_of(run, cells) for row, cells in cells_of(session, run, rows).items()},
    }
