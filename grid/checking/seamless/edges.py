"""Edges that should be one and are not, by less than any area shows."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land
from grid.checking.seamless.pieces import SLIVER_WIDTH


def unmatched_edges(land: Land, found: Sequence[Finding]) -> Iterator[Finding]:
    """Edges that do not meet a neighbour's corner by corner, away from every piece of land in `found`."""
    if land.is_clean:
        return
    known = shapely.STRtree([land.plane.to_metres(finding.shape) for finding in found if finding.shape])
    for code, edges in zip(land.leaves, land.invalid_edges, strict=True):
        if shapely.is_empty(edges):
            continue
        parts = shapely.get_parts(edges)
        told = known.query(parts, predicate="dwithin", distance=SLIVER_WIDTH)[0]
        rest = np.delete(parts, np.unique(told))
        if len(rest):
            yield _finding(land, code, shapely.multilinestrings(rest))


def _finding(land: Land, code: str, edges: BaseGeometry) -> Finding:
    length = float(shapely.length(edges))
    message = _(
        "an edge of %(code)s of %(length).1f m does not meet its neighbour's corner by corner; "
        "give both the same corners",
        code=code,
        length=length,
    )
    inner = shapely.point_on_surface(edges)
    lon, lat = land.plane.to_degrees((inner.x, inner.y)).tolist()
    shape = land.to_degrees(edges)
    return Finding(
        Check.SLIVER, True, (code,), message, length_m=round(length, 1), at=(lon, lat), shape=shape
    )
