"""Imports and their rows as pages show them: narrowed, counted by the same predicate, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, aliased, defer

from app.auth.actor import Actor
from app.auth.models import User
from app.core.pages import PAGE_SIZE, Page, clamped
from grid.tree import in_scope
from petitions.importing.differences import FieldChange, field_changes
from petitions.importing.leaving_out import rows_left_out
from petitions.importing.mending import refused_said
from petitions.importing.outcome import Verdict
from petitions.importing.pace import Pace, pace
from petitions.importing.said import Said, read_said, said_by
from petitions.importing.secrets import cells_of, differences_of, said_of
from petitions.importing.splits import rows_to_split
from petitions.models import Case, ImportRow, ImportRun
from petitions.models.imports import Mark, RunState
from petitions.queries import is_visible, may_read_names

SHOWN: tuple[Verdict | Mark, ...] = (
    Verdict.CREATED,
    Verdict.CHANGED,
    Verdict.UNCHANGED,
    Verdict.REFUSED,
    Mark.ALIKE,
    Mark.SEVERAL,
    Mark.DESK,
    Mark.STATUS,
    Mark.OTHERWISE,
    Mark.UNREAD,
    Mark.LEFT_OUT,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A run with who asked for it and who decided about it."""

    run: ImportRun
    by: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with the cases that it names, as far as they may be seen, which order it is, what it changes, and
    whether it is to be left out or split.

    `first` is where the row lies that bears the same number and came first.
    """

    row: ImportRow
    number: str | None
    alike: str | None
    said: Said | None
    changes: Sequence[FieldChange]
    is_out: bool
    is_split: bool
    first: str | None
    is_first_out: bool

    @property
    def is_unread(self) -> bool:
        """Whether another explanation of the columns may read it."""
        return Mark.UNREAD in self.row.marks


def chosen(word: str) -> Verdict | Mark | None:
    """The verdict or mark of that name, None for any other word."""
    return next((each for each in SHOWN if each.value == word), None)


def list_runs(session: Session, actor: Actor, state: RunState | None, number: int) -> Page:
    """One page of the runs for streets in the actor's reach, newest first."""
    where = [in_scope(actor, ImportRun.street_id)]
    where += [ImportRun.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(ImportRun).where(*where)) or 0
    number = clamped(number, total)
    rows = session.execute(_with_names(*where).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return Page([Listed(*row) for row in rows], total, number)


def listed_run(session: Session, run: ImportRun) -> Listed:
    """One run with its people."""
    return Listed(*session.execute(_with_names(ImportRun.id == run.id)).one())


def list_rows(
    session: Session, run: ImportRun, actor: Actor, only: Verdict | Mark | None, number: int
) -> Page:
    """One page of the run's rows in the file's order; the total is counted on the run itself."""
    total = count_of(run, only)
    number = clamped(number, total)
    query = _narrowed(run, only).order_by(ImportRow.row).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    rows = session.scalars(query).all()
    return Page(_shown(session, run, actor, rows) if rows else [], total, number)


def count_of(run: ImportRun, only: Verdict | Mark | None) -> int:
    """How many rows of the run have that verdict or mark."""
    if only is None:
        return run.rows
    return run.marked.get(only.value, 0) if isinstance(only, Mark) else int(getattr(run, only.value))


def pace_of(run: ImportRun, now: datetime) -> Pace | None:
    """How fast the run goes at `now`; None before it has begun."""
    if run.turn_at is None or run.last_row is None:
        return None
    seconds = (now - run.turn_at).total_seconds()
    return pace(reached=run.reached, last=run.last_row, turn_row=run.turn_row, seconds=seconds)


def _with_names(*where: object) -> Select[ImportRun, str, str]:
    asked, decided = aliased(User), aliased(User)
    return (
        select(ImportRun, func.coalesce(asked.name, ImportRun.requested_name), decided.name)
        .outerjoin(asked, asked.id == ImportRun.requested_by)
        .outerjoin(decided, decided.id == ImportRun.decided_by)
        .where(*where)  # type: ignore[arg-type]  # conditions of any kind
        .order_by(ImportRun.id.desc())
    )


def _narrowed(run: ImportRun, only: Verdict | Mark | None) -> Select[ImportRow]:
    query = select(ImportRow).where(ImportRow.run_id == run.id)
    if isinstance(only, Mark):
        # The first condition is that of the index, written as it is there.
        return query.where(text("import_rows.marks <> '{}'"), ImportRow.marks.contains([only.value]))
    return query.where(ImportRow.verdict == only) if only else query


def _shown(session: Session, run: ImportRun, actor: Actor, rows: Sequence[ImportRow]) -> list[ShownRow]:
    numbers = [row.row for row in rows]
    firsts = {row.first_row for row in rows if row.first_row}
    differences, said = differences_of(session, run, numbers), _said(session, run, numbers)
    out, places = rows_left_out(session, run.id, {*numbers, *firsts}), _places(session, run, firsts)
    to_split = rows_to_split(session, run.id, numbers[0], numbers[-1])
    wanted = {key for row in rows for key in (row.case_id, row.alike_id) if key}
    query = select(Case).where(Case.id.in_(wanted)).options(defer(Case.body), defer(Case.point))
    cases = {case.id: case for case in session.scalars(query)}
    shown = []
    for row in rows:
        case, alike = (_seen(cases.get(key) if key else None, actor) for key in (row.case_id, row.alike_id))
        shown.append(
            ShownRow(
                row=row,
                number=case.number if case else None,
                alike=alike.number if alike else None,
                said=said_by(case, actor) if case else said.get(row.row),
                changes=_changes(differences.get(row.row), case, actor),
                is_out=row.row in out,
                is_split=row.row in to_split,
                first=places.get(row.first_row),
                is_first_out=row.first_row in out,
            )
        )
    return shown


def _places(session: Session, run: ImportRun, rows: Collection[int]) -> dict[int | None, str]:
    query = select(ImportRow.row, ImportRow.place).where(ImportRow.run_id == run.id, ImportRow.row.in_(rows))
    return {row: place or str(row) for row, place in session.execute(query)} if rows else {}


def _said(session: Session, run: ImportRun, rows: Sequence[int]) -> dict[int, Said]:
    """Which orders the new rows of a dry run and the refused ones are, as far as that is not forgotten."""
    return {
        **{row: read_said(text) for row, text in said_of(session, run, rows).items()},
        **{row: refused_said(run, cells) for row, cells in cells_of(session, run, rows).items()},
    }


def _changes(difference: str | None, case: Case | None, actor: Actor) -> Sequence[FieldChange]:
    is_clear = case is not None and may_read_names(case, actor)
    return field_changes(difference, is_clear=is_clear) if difference else ()


def _seen(case: Case | None, actor: Actor) -> Case | None:
    return case if case and is_visible(case, actor) else None
