"""What was drawn, read from GeoJSON in degrees of WGS-84, and how a line cuts an outline. Pure."""

from typing import Any

import shapely
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.drafting.land import EXACT, area_m2
from grid.geometry.plane import Plane

REACH = 200.0
"""Metres by which a cut that ends inside is drawn on to the border: lanes end short of the houses' backs."""

BEYOND = 3.0
"""Metres by which every cut is drawn on, so that it meets the border that it was drawn up to."""

SMALLEST = 100.0
"""Square metres below which a part is a slip of the hand and no grid."""

Json = dict[str, Any]


def read_polygon(outline: Json) -> BaseGeometry:
    """The polygon; raises Invalid for what is none, crosses itself or encloses next to nothing."""
    shape = _shape(outline, {"Polygon", "MultiPolygon"})
    if not shapely.is_valid(shape):
        raise Invalid(_("The outline crosses itself: %(why)s", why=str(shapely.is_valid_reason(shape))))
    if area_m2(shape) < SMALLEST:
        raise Invalid(_("The outline encloses less than %(area)s m².", area=int(SMALLEST)))
    return shape


def read_line(line: Json) -> BaseGeometry:
    """The line; raises Invalid for what is none."""
    shape = _shape(line, {"LineString"})
    if shapely.length(shape) <= EXACT:
        raise Invalid(_("Draw a line of two corners or more."))
    return shape


def _shape(said: Json, kinds: set[str]) -> BaseGeometry:
    try:
        shape = from_geojson(said)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        shape = None
    if shape is None or shape.geom_type not in kinds or shapely.is_empty(shape):
        raise Invalid(_("What was drawn is not understood; draw it anew."))
    west, south, east, north = shapely.bounds(shape)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(_("What was drawn does not lie on the earth; draw it anew."))
    return shapely.force_2d(shape)


def cut(whole: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """The polygons into which the line, drawn on a little, cuts the outline."""
    edges = shapely.node(shapely.union_all([shapely.boundary(whole), _drawn_on(line, whole)]))
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    return [part for part in parts if shapely.contains(whole, shapely.point_on_surface(part))]


def _drawn_on(line: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """The line with both ends straight on: to the border where it is near, and a step beyond."""
    corners, scale = shapely.get_coordinates(line), Plane.around(line).scale
    for end, before in ((0, 1), (-1, -2)):
        way = (corners[end] - corners[before]) * scale
        step = way / max(float((way**2).sum()) ** 0.5, EXACT) / scale
        to_border = _to_border(corners[end], step, whole)
        corners[end] += step * (to_border + BEYOND if to_border <= REACH else BEYOND)
    return shapely.linestrings(corners)


def _to_border(end: Any, step: Any, whole: BaseGeometry) -> float:
    """Metres from an end inside the outline straight on to its border; 0 for one that lies outside."""
    if not shapely.contains_xy(whole, *end):
        return 0.0
    ray = shapely.linestrings([end, end + step * 2 * REACH])
    met = shapely.get_coordinates(shapely.intersection(ray, shapely.boundary(whole)))
    return min((float((place - end) @ step / (step @ step)) for place in met), default=2 * REACH)


def degrees(metres: float) -> float:
    """Metres as degrees of a meridian."""
    return metres / 111_000
