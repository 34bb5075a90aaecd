"""Putting the material of one file into one street: the right verb, and whether it lies there."""

from datetime import datetime

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.defects import Defect, demand_none
from grid.gazetteer import current_revision
from grid.models import Boundary, Unit
from grid.plane import Plane
from grid.reading import Material, Subject
from grid.rows import LaneRow, PlaceRow
from grid.service import Outcome, apply_hierarchy, load_lanes, load_places, publish_boundaries
from grid.vocabulary import Datum, Tier

FARTHEST = 300.0
"""Metres beyond its street from which a lane or place counts as misplaced; a wrong datum moves it further."""


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


def _far_away(session: Session, street: Unit, material: Material) -> list[Defect]:
    """Rows beyond the published outline of the street; nothing is known before the first publication."""
    outline = session.scalar(
        select(func.ST_AsBinary(Boundary.outline)).where(
            Boundary.unit_id == street.id,
            Boundary.revision_id == current_revision(street.id).scalar_subquery(),
        )
    )
    if outline is None:
        return []
    border = shapely.from_wkb(bytes(outline))
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
