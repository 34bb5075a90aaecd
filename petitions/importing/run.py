"""Running an import: chunk by chunk, each a transaction of the edge's, resumable at any of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import chunks, insert_rows
from petitions.importing import pieces
from petitions.importing.chunk import Importer
from petitions.importing.export_file import ExportFile
from petitions.importing.known import lock_source
from petitions.importing.outcome import Outcome
from petitions.importing.reading import RowReader
from petitions.importing.table import Table
from petitions.models import ImportRow, ImportRun

CHUNK = 1_000

MOST_FAILURES = 5
"""In a row, without a chunk done between them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: the last row of the file with a verdict, and the file's last row."""

    reached: int
    last: int


def run_import(
    session: Session, run: ImportRun, export: ExportFile, *, actor: Actor, clock: Callable[[], datetime]
) -> Iterator[Progress]:
    """Do one chunk of `run` each time the caller asks, who commits before asking again.

    A run that was broken off goes on behind its last verdict. It ends early where somebody else has the run,
    whose row is locked for each chunk. A dry run writes verdicts and no case.

    `clock` is asked in every chunk once its locks are held, so that a figure printed while a long file comes
    in is not contradicted later by orders registered at a moment before it.
    """
    layout = export.layout
    reader = RowReader(layout)
    repeated = _repeated(reader, clock()) if run.is_dry_run else frozenset()
    importer = Importer(run.id, layout, run.street_id, actor, clock(), repeated)
    done = _last_row(session, run)
    # A dry run has no cases to compare repeated numbers with, so it goes through the rows above again.
    for chunk in chunks(reader.rows(0 if run.is_dry_run else done), CHUNK):
        if not _lock(session, run):
            return
        lock_source(session, importer.source)
        now = clock()
        rows = [reader.read(number, cells, now) for number, cells in chunk]
        present = replace(importer, now=now)
        outcomes = present.rehearse(session, rows) if run.is_dry_run else present.take(session, rows)
        fresh = [outcome for outcome in outcomes if outcome.row > done]
        _write(session, run, layout.table, fresh, now)
        yield Progress(rows[-1].row, layout.table.size)
    if _lock(session, run):
        _finish(session, run, clock())
        yield Progress(layout.table.size, layout.table.size)


def break_off(session: Session, run: ImportRun, reason: str, now: datetime) -> None:
    """Count a failure that is not the file's; the last of several in a row ends the run for `reason`.

    Until then the run keeps its file, and whoever takes it up goes on behind its last verdict.
    """
    run.failures += 1
    if run.failures >= MOST_FAILURES:
        fail(session, run, reason, now)
    session.flush()


def fail(session: Session, run: ImportRun, reason: str, now: datetime) -> None:
    """End a run that cannot go on, for `reason`; what it has done stays, and one that has ended as it is."""
    if not _lock_open(session, run):
        return
    run.error = reason
    _finish(session, run, now)


def _repeated(reader: RowReader, now: datetime) -> frozenset[str]:
    rows = (reader.read(number, cells, now) for number, cells in reader.rows())
    counts = Counter(row.number for row in rows if row.number)
    return frozenset(number for number, count in counts.items() if count > 1)


def _last_row(session: Session, run: ImportRun) -> int:
    return session.scalar(select(func.max(ImportRow.row)).where(ImportRow.run_id == run.id)) or 0


def _lock(session: Session, run: ImportRun) -> bool:
    """Take the run for this transaction; false where another has it, or has brought it further."""
    query = select(ImportRun.rows).where(ImportRun.id == run.id, ImportRun.finished_at.is_(None))
    return session.scalar(query.with_for_update(skip_locked=True)) == run.rows


def _lock_open(session: Session, run: ImportRun) -> bool:
    """Take the run, waiting for whoever has it; false where it has ended."""
    query = select(ImportRun).where(ImportRun.id == run.id, ImportRun.finished_at.is_(None))
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).first() is not None


def _write(
    session: Session, run: ImportRun, table: Table, outcomes: Sequence[Outcome], now: datetime
) -> None:
    rows = [
        {
            "run_id": run.id,
            "row": outcome.row,
            "place": table.place(outcome.row),
            "verdict": outcome.verdict,
            "case_id": outcome.case_id,
            "reason": outcome.reason,
        }
        for outcome in outcomes
    ]
    insert_rows(session, ImportRow, rows)
    run.started_at = run.started_at or now
    for verdict, count in Counter(outcome.verdict for outcome in outcomes).items():
        setattr(run, verdict, getattr(run, verdict) + count)
    run.rows += len(outcomes)
    run.failures = 0
    session.flush()


def _finish(session: Session, run: ImportRun, now: datetime) -> None:
    run.started_at = run.started_at or now
    run.finished_at = now
    session.flush()
    # The file's personal fields are sealed in the cases now; its checksum stays.
    pieces.drop(session, run.id)
