"""The four principles on the revision in force of each street."""

from collections.abc import Sequence
from datetime import date

import shapely
from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grid.checking.borders import Border, borders
from grid.checking.finding import Finding
from grid.checking.ground import Ground, GroundUnit, Held, NamedLane, OpenDraft
from grid.checking.principles import check
from grid.checking.standards import Standards
from grid.locating.gazetteer import current_revision
from grid.models import Boundary, Lane, LaneSegment, Posting, Unit
from grid.service import standing_units
from grid.vocabulary import Tier


def streets(session: Session) -> Sequence[Unit]:
    """Every street, by code."""
    return session.scalars(select(Unit).where(Unit.tier == Tier.STREET).order_by(Unit.code)).all()


def borders_in_force(session: Session, today: date) -> dict[str, Border]:
    """How far the border of each grid follows lanes, and which on which side, by code."""
    found: dict[str, Border] = {}
    for street in streets(session):
        found |= borders(ground_in_force(session, street, today))
    return found


def check_street(
    session: Session, street: Unit, today: date, drafts: Sequence[OpenDraft] = ()
) -> list[Finding]:
    """The findings of one street on its revision in force, blocking ones first; `drafts` are those open."""
    return check(ground_in_force(session, street, today, drafts))


def ground_in_force(session: Session, street: Unit, today: date, drafts: Sequence[OpenDraft] = ()) -> Ground:
    """The street as it is published, with its lanes and the postings of `today` and after."""
    units = session.scalars(standing_units(street.code)).all()
    return Ground(
        units={unit.code: ground_unit(unit) for unit in units},
        outlines=_outlines(session, street.id),
        lanes=named_lanes(session, street.id),
        postings=held_units(session, street, today),
        drafts=drafts,
        day=today,
        standards=local_standards(),
    )


def local_standards() -> Standards:
    """The numbers that this installation holds its grids to, see `app/config.py`."""
    return Standards(**current_app.config["GRID_STANDARDS"])


def ground_unit(unit: Unit) -> GroundUnit:
    """A unit as the checks see it."""
    return GroundUnit(unit.tier, unit.parent_code, unit.name, unit.households, unit.residents)


def named_lanes(session: Session, street_id: int) -> list[NamedLane]:
    """Every stretch of every lane of a street."""
    query = (
        select(Lane.name, func.ST_AsBinary(LaneSegment.line))
        .join(LaneSegment, LaneSegment.lane_id == Lane.id)
        .where(Lane.street_id == street_id)
        .order_by(LaneSegment.id)
    )
    return [NamedLane(name, shapely.from_wkb(bytes(line))) for name, line in session.execute(query)]


def held_units(session: Session, street: Unit, today: date) -> list[Held]:
    """Who serves the units of a street on `today` or later, backups left out."""
    query = (
        select(Unit.code, Posting.days)
        .join(Posting, Posting.unit_id == Unit.id)
        .where(
            Unit.street_code == street.code,
            Posting.is_backup.is_(False),
            or_(func.upper_inf(Posting.days), func.upper(Posting.days) > today),
        )
    )
    # The database keeps half-open periods.
    return [Held(code, days.lower or date.min, days.upper) for code, days in session.execute(query)]


def _outlines(session: Session, street_id: int) -> dict[str, shapely.MultiPolygon]:
    query = (
        select(Unit.code, func.ST_AsBinary(Boundary.outline))
        .join(Boundary, Boundary.unit_id == Unit.id)
        .where(Boundary.revision_id == current_revision(street_id).scalar_subquery())
    )
    return {code: shapely.from_wkb(bytes(outline)) for code, outline in session.execute(query)}
