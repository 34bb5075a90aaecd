"""Pieces of land that are in the wrong number of units: what is rounding, what a sliver, what real."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land, Shapes

NEGLIGIBLE_AREA = 0.01
"""Square metres below which a difference is rounding of shared corners, not a strip of land."""

SLIVER_WIDTH = 0.5
"""Metres of mean width below which a small gap or overlap is an edge drawn twice, not land left out."""

SLIVER_AREA = 200.0
"""Square metres from which even a narrow strip is land that somebody misses."""


def pieces(shapes: Iterable[BaseGeometry]) -> tuple[Shapes, list[int]]:
    """The polygons in `shapes` that are more than rounding, and for each the number of its shape."""
    parts, numbers = shapely.get_parts(np.array(list(shapes), dtype=object), return_index=True)
    kept = shapely.area(parts) > NEGLIGIBLE_AREA
    return parts[kept], numbers[kept].tolist()


def width(piece: BaseGeometry) -> float:
    """Its mean width in metres: the side of a strip of the same area and outline."""
    return float(shapely.area(piece) / max(shapely.length(piece) / 2, 1.0))


def piece_finding(land: Land, check: Check, units: tuple[str, ...], piece: BaseGeometry) -> Finding:
    """A gap or an overlap, which is told as a sliver where it is one, or land outside a parent."""
    if check in _SLIVERS and shapely.area(piece) < SLIVER_AREA and width(piece) < SLIVER_WIDTH:
        return replace(land_finding(land, Check.SLIVER, units, piece, _SLIVERS[check]), of=check)
    return land_finding(land, check, units, piece, _MESSAGES[check])


def land_finding(
    land: Land, check: Check, units: tuple[str, ...], shape: BaseGeometry, message: Callable[..., object]
) -> Finding:
    """The finding that says where `shape`, in metres, lies and how large it is; an exclave does not block."""
    area = float(shapely.area(shape))
    inner = shapely.point_on_surface(shape)
    lon, lat = land.plane.to_degrees((inner.x, inner.y)).tolist()
    said = message(units=listed(units), area=f"{area:.2f}", lon=f"{lon:.6f}", lat=f"{lat:.6f}")
    return Finding(
        check,
        check is not Check.EXCLAVE,
        units,
        said,
        area_m2=round(area, 2),
        at=(lon, lat),
        shape=land.to_degrees(shape),
    )


_MESSAGES: dict[Check, Callable[..., object]] = {
    Check.OVERLAP: lambda **said: _(
        "%(units)s overlap by %(area)s m² at %(lon)s, %(lat)s; give the land to one of them", **said
    ),
    Check.GAP: lambda **said: _(
        "%(area)s m² beside %(units)s at %(lon)s, %(lat)s belong to no unit; give the land to one", **said
    ),
    Check.OUTSIDE_PARENT: lambda **said: _(
        "%(area)s m² of %(units)s (unit, parent) lie outside the parent at %(lon)s, %(lat)s", **said
    ),
}
_SLIVERS: dict[Check, Callable[..., object]] = {
    Check.OVERLAP: lambda **said: _(
        "%(units)s overlap in a strip of %(area)s m² at %(lon)s, %(lat)s; share one edge", **said
    ),
    Check.GAP: lambda **said: _(
        "%(units)s leave a strip of %(area)s m² between them at %(lon)s, %(lat)s; share one edge", **said
    ),
}
