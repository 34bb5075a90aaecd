"""Counting a round: one set of expressions, whichever axis it is counted on."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, cast, func, select
from sqlalchemy.orm import Session

from petitions.screening.coverage import Coverage
from petitions.screening.models import Screening, ScreeningFinding, ScreeningGrid

# The day of the answer is that of Asia/Shanghai; the UTC day is wrong until 08:00.
IS_LATE: ColumnElement[bool] = (
    cast(func.timezone("Asia/Shanghai", ScreeningGrid.answered_at), Date) > Screening.last_day
)


def tally(session: Session, screening_id: int) -> Coverage:
    """The coverage of a whole round."""
    return tallies(session, ("screening_id",), ScreeningGrid.screening_id == screening_id)[(screening_id,)]


def tallies(
    session: Session, by: tuple[str, ...], *conditions: ColumnElement[bool]
) -> dict[tuple[Any, ...], Coverage]:
    """The coverage of the asked grids that meet `conditions`, by columns of theirs."""
    grids = _grids(*conditions)
    keys = [grids.c[name] for name in by]
    counts = {
        "asked": func.count(),
        "answered": func.count().filter(grids.c.is_answered),
        "late": func.count().filter(grids.c.is_late),
        "found": func.count().filter(grids.c.findings > 0),
        "findings": func.sum(grids.c.findings),
    }
    rows = session.execute(select(*keys, *counts.values()).group_by(*keys))
    size = len(keys)
    return {tuple(row[:size]): Coverage(*(int(count) for count in row[size:])) for row in rows}


def _grids(*conditions: ColumnElement[bool]) -> Subquery:
    live = (
        select(func.count())
        .where(
            ScreeningFinding.screening_id == ScreeningGrid.screening_id,
            ScreeningFinding.grid_id == ScreeningGrid.grid_id,
            ScreeningFinding.retracted_at.is_(None),
        )
        .correlate(ScreeningGrid)
        .scalar_subquery()
    )
    query = select(
        ScreeningGrid.screening_id,
        ScreeningGrid.community_id,
        ScreeningGrid.grid_id,
        ScreeningGrid.answered_at.is_not(None).label("is_answered"),
        IS_LATE.label("is_late"),
        live.label("findings"),
    )
    return query.join(Screening, Screening.id == ScreeningGrid.screening_id).where(*conditions).subquery()
