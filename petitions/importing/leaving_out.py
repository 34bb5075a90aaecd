"""Rows of a dry run that a person does not want to be brought in.

A later row of the same number that says nothing more goes with the one left out; one that says something else
is looked at anew, for now it may be the first.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Conflict, NotFound
from app.core.i18n import lazy as _
from petitions.importing.outcome import Verdict
from petitions.models import ImportLeftOut, ImportRow, ImportRun
from petitions.models.imports import RunState


@dataclass(frozen=True, slots=True)
class Rest:
    """What would go in of a dry run without the rows that are left out.

    `left_out` were chosen, `with_them` say the same as one of those, and `anew` say something else: whether
    they are new, changed or refused is told when the file goes. The verdicts are counted without all three.
    """

    left_out: int
    with_them: int
    anew: int
    created: int
    changed: int
    unchanged: int
    refused: int


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


def rest_of(session: Session, run: ImportRun) -> Rest:
    """What would go in of a dry run as its rows are chosen now."""
    out, first = aliased(ImportLeftOut), aliased(ImportLeftOut)
    is_out = exists().where(out.run_id == ImportRow.run_id, out.row == ImportRow.row)
    chosen = _by_verdict(session, run, is_out)
    hanging = select(literal(1)).where(first.run_id == run.id, first.row == ImportRow.first_row).exists()
    hang = _by_verdict(session, run, hanging, ~is_out, ImportRow.first_row.is_not(None))
    counted = {
        verdict.value: getattr(run, verdict) - chosen.get(verdict, 0) - hang.get(verdict, 0)
        for verdict in Verdict
    }
    return Rest(
        left_out=sum(chosen.values()),
        with_them=hang.get(Verdict.UNCHANGED, 0),
        anew=hang.get(Verdict.REFUSED, 0),
        **counted,
    )


def leave_out_again(session: Session, run: ImportRun) -> int:
    """Leave out of a dry run that has ended what was left out of the latest one of the same bytes before it.

    What is refused now stays so. Returns how many rows there are.
    """
    earlier = (
        select(ImportRun.id)
        .where(ImportRun.sha256 == run.sha256, ImportRun.street_id == run.street_id, ImportRun.id < run.id)
        # A file that was dropped while its columns were asked about had nothing to be left out.
        .where(ImportRun.rows > 0, ImportRun.state.in_((RunState.GONE, RunState.DROPPED)))
        .order_by(ImportRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        select(literal(run.id), ImportLeftOut.row)
        .join(ImportRow, (ImportRow.run_id == run.id) & (ImportRow.row == ImportLeftOut.row))
        .where(ImportLeftOut.run_id == earlier, ImportRow.verdict != Verdict.REFUSED)
    )
    done = session.execute(
        insert(ImportLeftOut).from_select(["run_id", "row"], rows).returning(ImportLeftOut.row)
    )
    return len(done.all())


def left_out_between(session: Session, run: ImportRun, first: int, last: int) -> dict[int, int | None]:
    """The rows from `first` to `last` that do not go, of the dry run which this run is the going of.

    With each stands the row that it goes with, as the dry run told, or None where it was left out itself.
    """
    if run.rehearsal_id is None:
        return {}
    within = ImportRow.run_id == run.rehearsal_id, ImportRow.row.between(first, last)
    chosen = ImportLeftOut.row == ImportRow.row
    hanging = (ImportLeftOut.row == ImportRow.first_row) & (ImportRow.verdict == Verdict.UNCHANGED)
    found: dict[int, int | None] = {}
    for condition in (hanging, chosen):
        query = select(ImportRow.row, ImportLeftOut.row).join(
            ImportLeftOut, (ImportLeftOut.run_id == ImportRow.run_id) & condition
        )
        found |= {row: None if row == out else out for row, out in session.execute(query.where(*within))}
    return found


def rows_left_out(session: Session, run_id: int, rows: Collection[int]) -> frozenset[int]:
    """Which of `rows` of a dry run are to be left out."""
    query = select(ImportLeftOut.row).where(ImportLeftOut.run_id == run_id, ImportLeftOut.row.in_(rows))
    return frozenset(session.scalars(query))


def has_hanging(session: Session, run: ImportRun, row: int) -> bool:
    """Whether another row of the run bears the number of `row` and came later."""
    later = select(literal(1)).where(ImportRow.run_id == run.id, ImportRow.first_row == row)
    return bool(session.scalar(select(later.exists())))


def _by_verdict(session: Session, run: ImportRun, *where: ColumnElement[bool]) -> dict[str, int]:
    query = select(ImportRow.verdict, func.count()).where(ImportRow.run_id == run.id, *where)
    return {row[0]: row[1] for row in session.execute(query.group_by(ImportRow.verdict))}
