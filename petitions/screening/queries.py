"""Reading screening rounds: whoever sees an asked grid sees the round, and of it the grids in their reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from app.core.pages import PAGE_SIZE, Page, clamped
from grid.models import Unit
from grid.tree import in_scope
from petitions.models import Case
from petitions.queries import visible_cases
from petitions.screening.answers import SOURCE
from petitions.screening.coverage import Coverage
from petitions.screening.models import Screening, ScreeningEvent, ScreeningFinding, ScreeningGrid
from petitions.screening.tallies import IS_LATE, tallies


@dataclass(frozen=True, slots=True)
class GridRow:
    """One asked grid as the page shows it."""

    grid: Unit
    asked: ScreeningGrid
    is_late: bool
    coverage: Coverage


def visible_grids(actor: Actor) -> ColumnElement[bool]:
    """The predicate of asked grids in the actor's reach."""
    return in_scope(actor, ScreeningGrid.grid_id)


def get_screening(
    session: Session, actor: Actor, key: int, *, lock: bool = False, hold: bool = False
) -> Screening:
    """One round, locked where it is to be closed, held where it is answered; NotFound outside the scope."""
    query = _visible(actor).where(Screening.id == key)
    if lock or hold:
        query = query.with_for_update(read=not lock, of=Screening)
        query = query.execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such round in your area."))
    return found


def get_asked(
    session: Session, actor: Actor, screening: Screening, code: str, *, lock: bool = False
) -> ScreeningGrid:
    """One grid that the round asks, locked where it is to be answered; NotFound outside the scope."""
    query = select(ScreeningGrid).join(Unit, Unit.id == ScreeningGrid.grid_id)
    query = query.where(visible_grids(actor), ScreeningGrid.screening_id == screening.id, Unit.code == code)
    if lock:
        query = query.with_for_update(of=ScreeningGrid).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("The round asks no such grid in your area."))
    return found


def find_sent(session: Session, actor: Actor, key: str | None) -> Screening | None:
    """The round that the form with this key has opened already."""
    return session.scalar(_visible(actor).where(Screening.key == key)) if key else None


def find_reported(session: Session, screening: Screening, key: str | None) -> bool:
    """Whether the form with this key has reported its finding to the round already."""
    if not key:
        return False
    query = select(ScreeningFinding.id).join(Case, Case.id == ScreeningFinding.case_id)
    query = query.where(ScreeningFinding.screening_id == screening.id)
    return session.scalar(query.where(Case.source == SOURCE, Case.source_number == key)) is not None


def list_screenings(session: Session, actor: Actor, number: int, *, is_closed: bool) -> Page:
    """A page of (round, unit, coverage in the actor's reach), the next to end or the last closed first."""
    closed = Screening.closed_at.is_not(None) if is_closed else Screening.closed_at.is_(None)
    query = _visible(actor).where(closed)
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    number = clamped(number, total)
    order = (Screening.closed_at.desc(),) if is_closed else (Screening.last_day, Screening.id)
    rows = query.add_columns(Unit).join(Unit, Unit.id == Screening.unit_id).order_by(*order)
    found = session.execute(rows.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    keys = [screening.id for screening, _unit in found]
    covered = tallies(session, ("screening_id",), visible_grids(actor), ScreeningGrid.screening_id.in_(keys))
    return Page([(screening, unit, covered[screening.id,]) for screening, unit in found], total, number)


def owing_grids(session: Session, actor: Actor, screenings: Sequence[int]) -> dict[int, list[Unit]]:
    """The grids of the actor's own posting that owe these rounds an answer, by round."""
    query = select(ScreeningGrid.screening_id, Unit).join(Unit, Unit.id == ScreeningGrid.grid_id)
    owing = (
        ScreeningGrid.screening_id.in_(screenings),
        ScreeningGrid.grid_id.in_(sorted(actor.units)),
        ScreeningGrid.answered_at.is_(None),
    )
    found: dict[int, list[Unit]] = {}
    for key, unit in session.execute(query.where(*owing).order_by(Unit.code)):
        found.setdefault(key, []).append(unit)
    return found


def list_grids(session: Session, actor: Actor, screening: Screening) -> list[GridRow]:
    """The asked grids in the actor's reach, each with its own coverage, by code."""
    here = visible_grids(actor), ScreeningGrid.screening_id == screening.id
    covered = tallies(session, ("grid_id",), *here)
    query = select(ScreeningGrid, Unit, func.coalesce(IS_LATE, False))
    query = query.join(Screening, Screening.id == ScreeningGrid.screening_id)
    query = query.join(Unit, Unit.id == ScreeningGrid.grid_id).where(*here).order_by(Unit.code)
    return [
        GridRow(unit, asked, is_late, covered[asked.grid_id,])
        for asked, unit, is_late in session.execute(query)
    ]


def list_findings(
    session: Session, actor: Actor, screening: Screening, grid_id: int | None = None
) -> Sequence[Row[ScreeningFinding, Case]]:
    """What the grids in the actor's reach found, the latest first, as far as the actor may see the cases."""
    query = select(ScreeningFinding, Case).join(Case, Case.id == ScreeningFinding.case_id)
    query = query.where(
        Case.id.in_(visible_cases(actor).with_only_columns(Case.id)),
        in_scope(actor, ScreeningFinding.grid_id),
        ScreeningFinding.screening_id == screening.id,
    )
    if grid_id is not None:
        query = query.where(ScreeningFinding.grid_id == grid_id)
    return session.execute(query.order_by(ScreeningFinding.id.desc())).all()


def list_events(
    session: Session, actor: Actor, screening: Screening, grid_id: int | None = None
) -> Sequence[Row[ScreeningEvent, Unit | None]]:
    """The steps of a round, or of one grid's answer, with the grid; newest first, those in reach only."""
    query = select(ScreeningEvent, Unit).outerjoin(Unit, Unit.id == ScreeningEvent.grid_id)
    in_reach = in_scope(actor, ScreeningEvent.grid_id) | ScreeningEvent.grid_id.is_(None)
    query = query.where(ScreeningEvent.screening_id == screening.id, in_reach)
    if grid_id is not None:
        query = query.where(ScreeningEvent.grid_id == grid_id)
    return session.execute(query.order_by(ScreeningEvent.id.desc()).limit(PAGE_SIZE)).all()


def screening_of(session: Session, case: Case) -> Row[Screening, ScreeningFinding] | None:
    """The (round, finding) that this case, which the asker may see, comes from."""
    if case.source != SOURCE:
        return None
    query = select(Screening, ScreeningFinding).join(
        ScreeningFinding, ScreeningFinding.screening_id == Screening.id
    )
    return session.execute(query.where(ScreeningFinding.case_id == case.id)).one_or_none()


def _visible(actor: Actor) -> Select[Screening]:
    asks = exists().where(ScreeningGrid.screening_id == Screening.id, visible_grids(actor))
    return select(Screening).where(asks)
