"""The verbs that change the hierarchy and its boundaries; the edge commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.bulk import insert_rows
from app.core.errors import NotFound
from app.core.formats import listed
from app.core.i18n import lazy as _
from app.core.types import WGS84
from grid.checking.refusal import blocking_defects
from grid.geometry.reference import Reference
from grid.locating.gazetteer import touch
from grid.material.defects import Defect, Defective, demand_none
from grid.material.hierarchy import hierarchy_defects
from grid.material.rows import OutlineRow, UnitRow
from grid.material.tiers import completed
from grid.models import Boundary, Revision, Unit, UnitEnd
from grid.vocabulary import CODE_LENGTH, Tier

_STREET_DIGITS = CODE_LENGTH[Tier.STREET]
_TIERS = (Tier.STREET, Tier.COMMUNITY, Tier.GRID)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows were new, different or the same; created + changed + unchanged are all of them."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


def apply_hierarchy(
    session: Session, rows: Sequence[UnitRow], *, actor: Actor, now: datetime, source: str = ""
) -> Outcome:
    """Create or rename units by code; a unit that the rows do not name stays as it is.

    Raises Defective, naming every row at fault, before anything is changed.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(_in_streets(rows)))}
    demand_none(source, [*_ended(session, rows), *hierarchy_defects(rows, _tiers(units))])
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for tier in _TIERS:
        for row in rows:
            if row.tier is tier:
                counts[_apply_unit(session, units, row)] += 1
        session.flush()
    for street_code in sorted({row.code[:_STREET_DIGITS] for row in rows}):
        touch(session, street_code, now)
    return Outcome(**counts)


def publish_boundaries(
    session: Session,
    rows: Sequence[OutlineRow],
    *,
    datum: Reference,
    source: str,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Publish a new revision of one street at `now`: the outlines of all its grids, in degrees of WGS-84.

    Outlines of communities and of the street may be left out; they are the union of their grids. `datum` is
    what the file declared. Raises Defective for an unknown unit, a unit without an outline, and every gap
    and overlap; nothing is published then.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    street = _street_of(session, [row.code for row in rows], source)
    units = {unit.code: unit for unit in session.scalars(standing_units(street.code))}
    unknown = [
        Defect(row.row, "code", _("unit %(code)s is unknown; import the hierarchy first", code=row.code))
        for row in rows
        if row.code not in units
    ]
    demand_none(source, unknown)
    demand_none(source, blocking_defects(rows, _tiers(units)))
    given = {row.code: row.given for row in rows if row.given}
    drawings = [
        Drawing(datum.value, given.get(code)).of(units[code], shape)
        for code, shape in sorted(completed({row.code: row.shape for row in rows}, street.code).items())
    ]
    return write_revision(session, street.id, drawings, source=source, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How an outline was given: in which system, and its coordinates there where they differ."""

    datum: str
    given: dict[str, Any] | None = None

    def of(self, unit: Unit, outline: BaseGeometry) -> dict[str, Any]:
        """The row of a boundary, with what the unit is called at its publication."""
        return {
            "unit_id": unit.id,
            "outline": ewkt(_multi(outline)),
            "datum": self.datum,
            "given": self.given,
            "facts": {"name": unit.name, "households": unit.households, "residents": unit.residents},
        }


def write_revision(
    session: Session,
    street_id: int,
    drawings: Sequence[dict[str, Any]],
    *,
    source: str,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Write a revision with the boundaries of `Drawing.of`, in force from `now` on.

    The caller has checked them and holds the street locked. Whoever waited for the lock, or has a slow clock,
    publishes just after the last revision: the newest is the one in force.
    """
    last = session.scalar(select(func.max(Revision.published_at)).where(Revision.street_id == street_id))
    if last is not None and last >= now:
        now = last + timedelta(microseconds=1)
    revision = Revision(
        street_id=street_id, published_at=now, published_by=actor.id, source_file=source[-200:]
    )
    session.add(revision)
    session.flush()
    insert_rows(session, Boundary, [{"revision_id": revision.id, **drawing} for drawing in drawings])
    return revision


def standing_units(street_code: str) -> Select[Unit]:
    """The units of a street that are still there, as a query."""
    ended = exists().where(UnitEnd.unit_id == Unit.id)
    return select(Unit).where(Unit.street_code == street_code, ~ended).order_by(Unit.code)


def street_of(session: Session, unit: Unit) -> Unit:
    """The street of a unit."""
    return session.scalars(select(Unit).where(Unit.code == unit.street_code)).one()


def street_by_id(session: Session, street_id: int) -> Unit:
    """The street of this id; raises NotFound for a unit of another tier, or none."""
    street = session.get(Unit, street_id)
    if street is None or street.tier is not Tier.STREET:
        raise NotFound(_("There is no street with the id %(id)s.", id=street_id))
    return street


def _apply_unit(session: Session, units: dict[str, Unit], row: UnitRow) -> str:
    unit = units.get(row.code)
    if unit is None:
        parent = units.get(row.parent_code or "")
        unit = Unit(tier=row.tier, code=row.code, name=row.name)
        unit.parent_id, unit.parent_code = (parent.id, parent.code) if parent else (None, None)
        unit.households, unit.residents = row.households, row.residents
        session.add(unit)
        units[row.code] = unit
        return "created"
    if (unit.name, unit.households, unit.residents) == (row.name, row.households, row.residents):
        return "unchanged"
    unit.name, unit.households, unit.residents = row.name, row.households, row.residents
    return "changed"


def _tiers(units: Mapping[str, Unit]) -> dict[str, Tier]:
    return {code: unit.tier for code, unit in units.items()}


def _ended(session: Session, rows: Iterable[UnitRow]) -> list[Defect]:
    """The rows of units that are there no more: a code is never given again."""
    query = select(Unit.code).join(UnitEnd, UnitEnd.unit_id == Unit.id).where(_in_streets(rows))
    ended = set(session.scalars(query))
    return [
        Defect(row.row, "code", _("unit %(code)s is there no more; give it a new code", code=row.code))
        for row in rows
        if row.code in ended
    ]


def _in_streets(rows: Iterable[UnitRow]) -> ColumnElement[bool]:
    return Unit.street_code.in_({row.code[:_STREET_DIGITS] for row in rows})


def _street_of(session: Session, codes: Iterable[str], source: str) -> Unit:
    """The one street whose units `codes` are."""
    streets = sorted({code[:_STREET_DIGITS] for code in codes})
    if len(streets) != 1:
        found = listed(streets)
        message = _("boundaries are published for one street at a time; found %(codes)s", codes=found)
        raise Defective(source, [Defect(0, "code", message)])
    # The lock keeps two publications of one street apart.
    street = session.scalar(select(Unit).where(Unit.code == streets[0]).with_for_update(key_share=True))
    if street is None:
        message = _("street %(code)s is unknown; import the hierarchy first", code=streets[0])
        raise Defective(source, [Defect(0, "code", message)])
    return street


def _multi(shape: BaseGeometry) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])


def ewkt(shape: BaseGeometry) -> str:
    """A shape in degrees of WGS-84 as the database reads it, to the last bit."""
    return f"SRID={WGS84};{shapely.to_wkt(shape, rounding_precision=-1)}"
