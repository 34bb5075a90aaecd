"""Orders of a dry run that a person wants as several cases, one for each matter, and their going so."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import AppError, Conflict, NotFound
from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.importing.outcome import Verdict
from petitions.models import Case, ImportLeftOut, ImportRow, ImportRun, ImportSplit
from petitions.models.imports import Mark, RunState
from petitions.office import load_office
from petitions.sameness.parts import Part
from petitions.sameness.several import Matter
from petitions.sameness.splitting import split

REASON = "split_on_import"
"""Put into words by the timeline of the case."""


def choose_split(session: Session, run: ImportRun, row: int, *, is_split: bool) -> None:
    """Let an order of the dry run, locked by the caller, become several cases when it goes, or one again.

    Raises Conflict where the run no longer waits for its going, NotFound for a row that is no new order with
    several matters.
    """
    if run.state is not RunState.TRIED:
        raise Conflict(_("This file no longer waits; its rows cannot be chosen any more."))
    session.execute(delete(ImportSplit).where(ImportSplit.run_id == run.id, ImportSplit.row == row))
    if not is_split:
        return
    found = session.get(ImportRow, (run.id, row))
    if found is None or found.verdict != Verdict.CREATED or Mark.SEVERAL not in found.marks:
        raise NotFound(_("There is no such row to be split."))
    session.add(ImportSplit(run_id=run.id, row=row))
    session.flush()


def count_splits(session: Session, run: ImportRun) -> int:
    """How many rows of the dry run are to be split when it goes; one that is left out does not go."""
    is_out = exists().where(ImportLeftOut.run_id == ImportSplit.run_id, ImportLeftOut.row == ImportSplit.row)
    query = select(func.count()).select_from(ImportSplit).where(ImportSplit.run_id == run.id, ~is_out)
    return session.scalar(query) or 0


def splits_between(session: Session, run: ImportRun, first: int, last: int) -> frozenset[int]:
    """The rows from `first` to `last` to be split, of the dry run which this run is the going of."""
    if run.rehearsal_id is None:
        return frozenset()
    return rows_to_split(session, run.rehearsal_id, first, last)


def rows_to_split(session: Session, run_id: int, first: int, last: int) -> frozenset[int]:
    """The rows from `first` to `last` of a dry run that are to be split."""
    query = select(ImportSplit.row).where(ImportSplit.run_id == run_id, ImportSplit.row.between(first, last))
    return frozenset(session.scalars(query))


def split_new(
    session: Session,
    orders: Mapping[int, tuple[int, Sequence[Matter]]],
    *,
    street_id: int,
    run_id: int,
    actor: Actor,
    now: datetime,
) -> dict[int, str]:
    """Split orders that have just been registered: by their row the key of the case and its matters.

    Returns what came of each as a sentence; where one is refused, the order stays as it is.
    """
    if not orders:
        return {}
    office = load_office(session, [street_id])
    told = {}
    for row, (case_id, matters) in orders.items():
        detail = {"import": run_id, "row": row}
        parts = [Part(matter.text, address=matter.address) for matter in matters]
        try:
            with session.begin_nested():
                case = _lock(session, case_id)
                numbers = split(
                    session, case, office, parts, reason=REASON, actor=actor, now=now, detail=detail
                )
        except AppError as error:
            told[row] = _not_split(_why(error))
        else:
            told[row] = str(
                _("Split into %(count)s cases: %(cases)s.", count=len(numbers), cases=listed(numbers))
            )
    return told


def not_new() -> str:
    """Why a chosen order is not split when it has come in by another way meanwhile."""
    return _not_split(_("The order was here already when the file went; split it on its own page."))


def _lock(session: Session, case_id: int) -> Case:
    query = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _not_split(why: object) -> str:
    return str(_("Not split: %(why)s", why=why))


def _why(error: AppError) -> str:
    """The faults of the parts, each once, or else what is wrong as a whole."""
    return " ".join(dict.fromkeys(map(str, error.fields.values()))) or error.message
