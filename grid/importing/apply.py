"""Putting the material of one file into one street: the right verb, and whether it lies there."""

from datetime import datetime

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.geometry.plane import Plane
from grid.importing.reading import Material, Subject
from grid.landmarks import load_lanes, load_places
from grid.locating.gazetteer import current_revision
from grid.material.defects import Defect, demand_none
from grid.material.rows import LaneRow, PlaceRow
from grid.models import Boundary, Unit
from grid.service import Outcome, apply_hierarchy, publish_boundaries
from grid.vocabulary import CODE_LENGTH, Datum, Tier

FARTHEST = 300.0
"""Metres beyond its street from which a lane or place counts as misplaced; a wrong datum moves it further."""

LEAST_SHIFT, SAME_SIZE = 100.0, 0.01
"""Metres and share of the area: further with less change than this, the whole street cannot have moved."""


def apply(
    session: Session,
    material: Material,
    *,
    datum: Datum,
    street_code: str | None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Do what the file asks for, all of it or nothing.

    `street_code` names the street of lanes and places; it may be left out where there is one street only.
    Raises Defective or Invalid with what to mend.
    """
    if material.subject is Subject.HIERARCHY:
        return apply_hierarchy(session, material.rows, source=material.source, actor=actor, now=now)
    if material.subject is Subject.BOUNDARIES:
        demand_none(material.source, _shifted(session, material))
        publish_boundaries(session, material.rows, datum=datum, source=material.source, actor=actor, now=now)
        return Outcome(created=len(material.rows))
    street = find_street(session, street_code)
    demand_none(material.source, _far_away(session, street, material))
    verb = load_lanes if material.subject is Subject.LANES else load_places
    return verb(session, street.id, material.rows, actor=actor, now=now)


def find_street(session: Session, code: str | None) -> Unit:
    """The street of `code`, or the only one there is; raises NotFound or Invalid with what to do."""
    query = select(Unit).where(Unit.tier == Tier.STREET)
    if code is not None:
        street = session.scalar(query.where(Unit.code == code))
        if street is None:
            raise NotFound(_("There is no street %(code)s; import its hierarchy first.", code=code))
        return street
    streets = session.scalars(query.order_by(Unit.code).limit(2)).all()
    if not streets:
        raise NotFound(_("There is no street yet; import a hierarchy first."))
    if len(streets) > 1:
        raise Invalid(_("There are several streets; say which with --street CODE."))
    return streets[0]


def _shifted(session: Session, material: Material) -> list[Defect]:
    """Whether the street keeps its size and moves as a whole: a datum declared wrongly, not a new border."""
    codes = {row.code[: CODE_LENGTH[Tier.STREET]] for row in material.rows}
    street = session.scalar(select(Unit).where(Unit.code.in_(codes)).limit(1))
    before = _published(session, street.id) if street else None
    if before is None:
        return []
    plane = Plane.around(before)
    old = plane.to_metres(before)
    new = shapely.union_all([plane.to_metres(row.shape) for row in material.rows])
    moved = shapely.distance(shapely.centroid(old), shapely.centroid(new))
    if moved < LEAST_SHIFT or abs(new.area / old.area - 1) > SAME_SIZE:
        return []
    message = _(
        "the street keeps its size but lies %(distance)s m from where it was; check the datum",
        distance=f"{moved:.0f}",
    )
    return [Defect(0, "", message)]


def _published(session: Session, street_id: int) -> shapely.MultiPolygon | None:
    """The outline of the street in the revision in force."""
    outline = session.scalar(
        select(func.ST_AsBinary(Boundary.outline)).where(
            Boundary.unit_id == street_id,
            Boundary.revision_id == current_revision(street_id).scalar_subquery(),
        )
    )
    return None if outline is None else shapely.from_wkb(bytes(outline))


def _far_away(session: Session, street: Unit, material: Material) -> list[Defect]:
    """Rows beyond the published outline of the street; nothing is known before the first publication."""
    border = _published(session, street.id)
    if border is None:
        return []
    plane = Plane.around(border)
    shapes = np.array([_shape(row) for row in material.rows], dtype=object)
    distance = shapely.distance(plane.to_metres(shapes), plane.to_metres(border))
    column = "geometry" if material.subject is Subject.LANES else "lon"
    return [
        Defect(
            row.row,
            column,
            _(
                "lies %(distance)s m outside %(street)s; check the datum and the order of the coordinates",
                distance=f"{away:.0f}",
                street=street.code,
            ),
        )
        for row, away in zip(material.rows, distance.tolist(), strict=True)
        if away > FARTHEST
    ]


def _shape(row: LaneRow | PlaceRow) -> shapely.LineString | shapely.Point:
    return row.line if isinstance(row, LaneRow) else row.point
