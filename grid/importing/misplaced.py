"""Whether material lies where its street does: a wrong datum moves all of it by some hundred metres."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.i18n import lazy as _
from grid.geometry.datum import from_wgs84, to_wgs84
from grid.geometry.plane import Plane
from grid.geometry.reference import Reference
from grid.importing.reading import Material, Subject
from grid.locating.gazetteer import current_revision
from grid.material.defects import Defect
from grid.material.rows import LaneRow, OutlineRow, PlaceRow
from grid.models import Boundary, Unit
from grid.vocabulary import CODE_LENGTH, Datum, Tier

FARTHEST = 300.0
"""Metres beyond its street from which a lane or place counts as misplaced; a wrong datum moves it further."""

LEAST_SHIFT = 100.0
"""Metres from which a street that keeps its shape is not believed to have moved."""

BETTER_FIT = 2.0
"""How many times less land must differ in another place for that to be the likelier one."""

_DATUMS = (Datum.WGS84, Datum.GCJ02, Datum.BD09)


def shifted(session: Session, material: Material) -> list[Defect]:
    """Whether the street of these outlines moved as a whole: a datum declared wrongly, not a new border."""
    codes = {row.code[: CODE_LENGTH[Tier.STREET]] for row in material.rows}
    street = session.scalar(select(Unit).where(Unit.code.in_(codes)).limit(1))
    before = published(session, street.id) if street else None
    if before is None:
        return []
    new = _whole(material.rows)
    plane = Plane.around(before)
    old, moved = plane.to_metres(before), plane.to_metres(new)
    away = shapely.distance(shapely.centroid(old), shapely.centroid(moved))
    distance = f"{away:.0f}"
    likely = likelier_datum(before, new, material.reference)
    if likely:
        message = _(
            "the street lies %(distance)s m from where it was, and in %(datum)s it lies there; "
            "declare --datum %(datum)s",
            distance=distance,
            datum=likely.value,
        )
    elif away >= LEAST_SHIFT and _apart(old, moved) > BETTER_FIT * _apart(old, _moved_back(old, moved)):
        message = _(
            "the street keeps its shape but lies %(distance)s m from where it was; check the datum",
            distance=distance,
        )
    else:
        return []
    return [Defect(0, "", message)]


def likelier_datum(known: BaseGeometry, new: BaseGeometry, declared: Reference) -> Datum | None:
    """The datum in which `new` fits `known` clearly better than in the one it was `declared` in, if any.

    Both are in degrees of WGS-84 as declared. Two drawings of one area, of different detail, still differ by
    some per cent of it; the offset of another datum adds much more along the whole border.
    """
    declared = declared if isinstance(declared, Datum) else Datum.WGS84
    plane = Plane.around(known)
    old = plane.to_metres(known)
    as_declared = _apart(old, plane.to_metres(new))
    same = (Datum.WGS84, Datum.CGCS2000)
    fits = {
        datum: _apart(old, plane.to_metres(_as_if(new, declared, datum)))
        for datum in _DATUMS
        if datum is not declared and not (datum in same and declared in same)
    }
    best = min(fits, key=lambda datum: fits[datum])
    return best if as_declared > BETTER_FIT * fits[best] else None


def far_away(session: Session, street: Unit, material: Material) -> list[Defect]:
    """Rows beyond the published outline of the street; nothing is known before the first publication."""
    border = published(session, street.id)
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


def published(session: Session, street_id: int) -> shapely.MultiPolygon | None:
    """The outline of the street in the revision in force."""
    outline = session.scalar(
        select(func.ST_AsBinary(Boundary.outline)).where(
            Boundary.unit_id == street_id,
            Boundary.revision_id == current_revision(street_id).scalar_subquery(),
        )
    )
    return None if outline is None else shapely.from_wkb(bytes(outline))


def _whole(rows: Sequence[OutlineRow]) -> BaseGeometry:
    return shapely.union_all([row.shape for row in rows])


def _moved_back(old: BaseGeometry, moved: BaseGeometry) -> BaseGeometry:
    """The second with its middle where the middle of the first is."""
    (there,), (here,) = (shapely.get_coordinates(shapely.centroid(shape)) for shape in (old, moved))
    return shapely.transform(moved, lambda xy: xy + (there - here))


def _as_if(shape: BaseGeometry, declared: Datum, datum: Datum) -> BaseGeometry:
    """What the coordinates of the file would mean in `datum`."""
    return shapely.transform(
        shape,
        lambda xy: np.column_stack(to_wgs84(*from_wgs84(xy[:, 0], xy[:, 1], declared), datum)),
    )


def _apart(one: BaseGeometry, other: BaseGeometry) -> float:
    """The share of the land of both that only one has, 0 to 1."""
    common = shapely.area(shapely.intersection(one, other))
    return float(1 - common / (one.area + other.area - common))


def _shape(row: LaneRow | PlaceRow) -> shapely.LineString | shapely.Point:
    return row.line if isinstance(row, LaneRow) else row.point
