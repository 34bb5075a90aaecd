"""Geometries of a file as shapes in WGS-84, each fault with its place. Pure."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.geometry.datum import CHINA, in_china
from grid.geometry.reference import Projection, Reference, into_wgs84
from grid.geometry.validity import invalid_at

MOST_VERTICES = 1_000_000
"""Of one file; a street of 150 grids has a few tens of thousands."""

_DEPTH = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}
_FEWEST_CORNERS = 4


class ShapeFault(ValueError):
    """What is wrong with one geometry; the message is lazy and meant for a person."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


def vertex_count(geometry: Any) -> int:
    """How many positions a GeoJSON geometry has, without building it."""
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    pending, count = [coordinates], 0
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            if item and not isinstance(item[0], list):
                count += 1
            else:
                pending.extend(item)
    return count


def demand_few_vertices(name: str, count: int) -> None:
    """Raise Invalid where the file `name` has more corners than one file may."""
    if count > MOST_VERTICES:
        raise Invalid(
            _(
                "%(file)s has %(count)s corners, more than the %(limit)s of one file; simplify or split it",
                file=name,
                count=count,
                limit=MOST_VERTICES,
            )
        )


def shape_of(geometry: Any, kinds: tuple[str, ...], reference: Reference) -> BaseGeometry:
    """A GeoJSON geometry of one of `kinds`, in `reference`, as a valid shape in degrees of WGS-84.

    Raises ShapeFault. A third coordinate is dropped.
    """
    shape = drawn(geometry, kinds, reference)
    _check_valid(shape)
    return shape


def drawn(geometry: Any, kinds: tuple[str, ...], reference: Reference) -> BaseGeometry:
    """The same as it was drawn, though its rings may cross. Raises ShapeFault."""
    if not isinstance(geometry, dict) or not geometry.get("coordinates"):
        raise ShapeFault(_("the geometry is empty; draw it or remove the feature"))
    kind = geometry.get("type")
    if kind not in kinds:
        message = _("the geometry is a %(kind)s, not a %(wanted)s", kind=kind, wanted=" / ".join(kinds))
        raise ShapeFault(message)
    chains = [_positions(points) for points in _chains(geometry["coordinates"], _DEPTH[kind])]
    if not chains:
        raise _not_pairs()
    check_degrees(positions_of(np.vstack(chains), reference))
    if kind in ("Polygon", "MultiPolygon"):
        for ring in chains:
            _check_ring(ring)
    if kind == "LineString" and len(np.unique(chains[0], axis=0)) == 1:
        raise ShapeFault(_("a line needs at least two different corners"))
    shape = shapely.force_2d(_built(geometry))
    shape = shapely.transform(shape, lambda xy: np.column_stack(into_wgs84(xy[:, 0], xy[:, 1], reference)))
    if shapely.is_empty(shape):
        raise ShapeFault(_("the geometry is empty; draw it or remove the feature"))
    return shape


def positions_of(positions: NDArray[np.float64], reference: Reference) -> NDArray[np.float64]:
    """Degrees to be looked at: what a projection means in WGS-84, what is in degrees as it stands."""
    if not isinstance(reference, Projection):
        return positions
    degrees = np.column_stack(into_wgs84(positions[:, 0], positions[:, 1], reference))
    if not np.isfinite(degrees).all():
        raise ShapeFault(
            _("the coordinates lie outside %(reference)s; check the datum", reference=reference.value)
        )
    return degrees


def check_degrees(positions: NDArray[np.float64]) -> None:
    """Raise ShapeFault for positions that cannot be degrees in China, saying why they look wrong."""
    lon, lat = positions[:, 0], positions[:, 1]
    wrong = ~in_china(lon, lat)
    if not wrong.any():
        return
    x, y = positions[int(np.argmax(wrong))].tolist()
    at = {"x": f"{x:.6f}", "y": f"{y:.6f}"}
    if in_china(np.array([y]), np.array([x]))[0]:
        raise ShapeFault(_("%(x)s, %(y)s has latitude first; write longitude, then latitude", **at))
    if abs(x) > 180 or abs(y) > 90:
        raise ShapeFault(_("%(x)s, %(y)s is not in degrees; export the layer in degrees", **at))
    west, south, east, north = (f"{limit:.0f}" for limit in CHINA)
    message = _(
        "%(x)s, %(y)s lies outside %(west)s to %(east)s E, %(south)s to %(north)s N; check the datum",
        west=west,
        east=east,
        south=south,
        north=north,
        **at,
    )
    raise ShapeFault(message)


def _chains(coordinates: Any, depth: int) -> Iterator[Any]:
    """The lists of positions in nested coordinates."""
    if depth <= 1:
        yield coordinates if depth else [coordinates]
    elif isinstance(coordinates, list):
        yield from chain.from_iterable(_chains(item, depth - 1) for item in coordinates)
    else:
        raise _not_pairs()


def _positions(points: Any) -> NDArray[np.float64]:
    try:
        array = np.array([point[:2] for point in points], dtype=float)
    except (TypeError, ValueError, KeyError, OverflowError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] != 2 or not np.isfinite(array).all():
        raise _not_pairs()
    return array


def _not_pairs() -> ShapeFault:
    return ShapeFault(_("the coordinates are not pairs of numbers"))


def _check_ring(ring: NDArray[np.float64]) -> None:
    if (ring[0] != ring[-1]).any():
        x, y = (f"{degrees:.6f}" for degrees in ring[-1])
        raise ShapeFault(_("the ring is open: it ends at %(x)s, %(y)s, not where it began", x=x, y=y))
    if len(ring) < _FEWEST_CORNERS:
        raise ShapeFault(_("a ring needs at least three corners"))


def _check_valid(shape: BaseGeometry) -> None:
    at = invalid_at(shape)
    if at:
        lon, lat = (f"{degrees:.6f}" for degrees in at)
        message = _(
            "the outline crosses or touches itself at %(lon)s, %(lat)s; mend it there", lon=lon, lat=lat
        )
        raise ShapeFault(message)


def _built(geometry: dict[str, Any]) -> BaseGeometry:
    text = json.dumps({"type": geometry["type"], "coordinates": geometry["coordinates"]})
    try:
        return shapely.from_geojson(text)
    except shapely.GEOSException:
        # What is beyond the first two numbers of a position has not been looked at before.
        raise _not_pairs() from None
