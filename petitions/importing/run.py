"""Running an import: chunk by chunk, each a transaction of the edge's, resumable at any of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import chunks, insert_rows
from app.core.keeping import import_keep_time
from petitions.importing import mending, pieces
from petitions.importing.attending import attend
from petitions.importing.chunk import Importer
from petitions.importing.export_file import ExportFile
from petitions.importing.known import lock_source
from petitions.importing.layout import Layout
from petitions.importing.leaving_out import leave_out_again, left_out_between
from petitions.importing.outcome import Outcome, Verdict, left_out, left_out_with
from petitions.importing.reading import RowReader
from petitions.importing.splits import splits_between
from petitions.importing.suspecting import Suspicions
from petitions.models import ImportRow, ImportRun, ImportSecret
from petitions.models.imports import Mark, RunState

CHUNK = 1_000

MOST_FAILURES = 5
"""In a row, without a chunk done between them."""

Chunk = Sequence[tuple[int, Sequence[Any]]]


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
    whose row is locked for each chunk, and where it was cancelled meanwhile. A dry run writes verdicts and no
    case, and locks its row only while it writes them: whoever has to do with one of its cases, takes an order
    in or cancels it need not wait until a chunk is compared.

    `clock` is asked in every chunk once its locks are held, so that a figure printed while a long file comes
    in is not contradicted later by orders registered at a moment before it.
    """
    layout = export.layout
    reader = RowReader(layout)
    # The table is read once at a time, so what is told of its headings is read before the rows.
    form, done = mending.form_of(layout), _last_row(session, run)
    if (run.is_dry_run and not attend(session, run.id)) or not _lock(session, run):
        return
    _begin_turn(run, layout, done, clock())
    run.form = form
    session.flush()
    yield Progress(run.reached, layout.table.size)
    if run.is_dry_run and not attend(session, run.id):
        return
    repeated = _repeated(reader, clock()) if run.is_dry_run else frozenset()
    suspicions = Suspicions(layout.table)
    importer = Importer(run.id, layout, run.street_id, actor, clock(), suspicions, repeated)
    # A dry run has no cases to compare repeated numbers with, so it goes through the rows above again.
    for chunk in chunks(reader.rows(0 if run.is_dry_run else done), CHUNK):
        if not _take(session, run, importer.source):
            return
        outcomes = _outcomes(session, run, replace(importer, now=clock()), reader, chunk)
        if run.is_dry_run and not _lock(session, run):
            return
        _write(session, run, layout, [outcome for outcome in outcomes if outcome.row > done], dict(chunk))
        run.reached = max(run.reached, chunk[-1][0])
        session.flush()
        yield Progress(chunk[-1][0], layout.table.size)
    if _lock(session, run):
        run.last_row = run.reached = layout.table.size
        _finish(session, run, RunState.TRIED if run.is_dry_run else RunState.DONE, clock())
        if run.is_dry_run:
            leave_out_again(session, run)
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
    if lock_open(session, run):
        run.error = reason
        _finish(session, run, RunState.FAILED, now)


def cancel(session: Session, run: ImportRun, now: datetime) -> bool:
    """End an open run between two of its chunks; what it has done stays. False where it has ended already.

    Each chunk holds the run, so this waits for the one that is being done, and no other begins.
    """
    if not lock_open(session, run):
        return False
    _finish(session, run, RunState.CANCELLED, now)
    return True


def lock_open(session: Session, run: ImportRun) -> bool:
    """Take the run, waiting for whoever has it; false where it has ended."""
    query = select(ImportRun).where(ImportRun.id == run.id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one().finished_at is None


def _outcomes(
    session: Session, run: ImportRun, importer: Importer, reader: RowReader, chunk: Chunk
) -> list[Outcome]:
    between = chunk[0][0], chunk[-1][0]
    out, splits = left_out_between(session, run, *between), splits_between(session, run, *between)
    rows = [reader.read(number, cells, importer.now) for number, cells in chunk if number not in out]
    importer = replace(importer, splits=splits)
    found = importer.rehearse(session, rows) if run.is_dry_run else importer.take(session, rows)
    return found + [_out(row, first, importer) for row, first in out.items()]


def _out(row: int, first: int | None, importer: Importer) -> Outcome:
    by = importer.actor.name
    return left_out_with(row, first, importer.layout.table.told(first), by) if first else left_out(row, by)


def _begin_turn(run: ImportRun, layout: Layout, done: int, now: datetime) -> None:
    """Note from where and when the pace is counted."""
    run.started_at = run.started_at or now
    run.last_row = layout.table.size
    run.turn_at = now
    run.turn_row = 0 if run.is_dry_run else max(done, layout.row)


def _repeated(reader: RowReader, now: datetime) -> frozenset[str]:
    """The numbers that come more than once. A million of them are known by their hashes, to save memory."""
    seen: set[int] = set()
    twice: set[str] = set()
    for row, cells in reader.rows():
        if number := reader.read(row, cells, now).number:
            known = hash(number)
            if known in seen:
                twice.add(number)
            seen.add(known)
    return frozenset(twice)


def _last_row(session: Session, run: ImportRun) -> int:
    return session.scalar(select(func.max(ImportRow.row)).where(ImportRow.run_id == run.id)) or 0


def _take(session: Session, run: ImportRun, source: str) -> bool:
    """Hold what a chunk needs while it is worked out; false where another has the run, or it has ended.

    A dry run holds what only another worker at it asks for.
    """
    if run.is_dry_run:
        return attend(session, run.id)
    if not _lock(session, run):
        return False
    lock_source(session, source)
    return True


def _lock(session: Session, run: ImportRun) -> bool:
    """Take the run for this transaction; false where another has it, or has brought it further.

    A trial waits for its row, which no other worker holds and nobody holds for long.
    """
    query = select(ImportRun.rows).where(ImportRun.id == run.id, ImportRun.finished_at.is_(None))
    # What is written beside the run meanwhile names it only, which is no reason to leave it alone.
    locked = query.with_for_update(key_share=True, skip_locked=not run.is_dry_run)
    return session.scalar(locked) == run.rows


def _write(
    session: Session,
    run: ImportRun,
    layout: Layout,
    outcomes: Sequence[Outcome],
    cells: Mapping[int, Sequence[Any]],
) -> None:
    rows = [
        {
            "run_id": run.id,
            "row": outcome.row,
            "place": layout.table.place(outcome.row),
            "verdict": outcome.verdict,
            "case_id": outcome.case_id,
            "reason": outcome.reason,
            "marks": list(outcome.marks),
            "alike_id": outcome.alike_id,
            "first_row": outcome.first_row,
        }
        for outcome in sorted(outcomes, key=lambda outcome: outcome.row)
    ]
    insert_rows(session, ImportRow, rows)
    _write_secrets(session, run, outcomes, cells)
    for verdict, count in Counter(outcome.verdict for outcome in outcomes).items():
        setattr(run, verdict, getattr(run, verdict) + count)
    run.rows += len(outcomes)
    marks = Counter(mark.value for outcome in outcomes for mark in outcome.marks)
    run.marked = dict(Counter(run.marked) + marks)
    run.failures = 0


def _write_secrets(
    session: Session, run: ImportRun, outcomes: Sequence[Outcome], cells: Mapping[int, Sequence[Any]]
) -> None:
    kept = [
        {
            "run_id": run.id,
            "row": outcome.row,
            "difference": outcome.difference,
            "cells": mending.cells_text(cells[outcome.row]) if _is_to_be_mended(outcome) else None,
            "said": outcome.said,
        }
        for outcome in outcomes
        if outcome.difference or outcome.said or _is_to_be_mended(outcome)
    ]
    insert_rows(session, ImportSecret, kept)


def _is_to_be_mended(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.REFUSED and Mark.LEFT_OUT not in outcome.marks


def _finish(session: Session, run: ImportRun, state: RunState, now: datetime) -> None:
    run.started_at = run.started_at or now
    run.state, run.finished_at = state, now
    run.kept_until = now + import_keep_time()
    session.flush()
    # The file's personal fields are sealed in the cases now; its checksum stays, and a dry run may go yet.
    if state is not RunState.TRIED:
        pieces.drop(session, run.id)
