"""Land that no unit has."""

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land
from grid.checking.seamless.pieces import SLIVER_WIDTH, piece_finding, pieces
from grid.vocabulary import Tier


def gaps(land: Land) -> Iterator[Finding]:
    """Land of an outline that none of the units below it has, and land enclosed by units that is in none.

    What the outline of a street leaves out within itself belongs to another street.
    """
    found = [
        shapely.difference(land.shapes[parent], land.union(codes))
        for parent, codes in sorted(land.below.items())
    ]
    for piece in pieces([*found, *_enclosed(land)])[0]:
        yield piece_finding(land, Check.GAP, _beside(land, piece), piece)


def _enclosed(land: Land) -> list[BaseGeometry]:
    topmost = [code for code in land.shapes if code not in land.above and not _is_street(land, code)]
    if not topmost:
        return []
    union = land.union(topmost)
    return [
        shapely.polygons(ring)
        for polygon in shapely.get_parts(union)
        for ring in shapely.get_rings(polygon)[1:]
    ]


def _beside(land: Land, piece: BaseGeometry) -> tuple[str, ...]:
    near = land.leaf_tree.query(piece, predicate="dwithin", distance=SLIVER_WIDTH)
    return tuple(sorted(land.leaves[number] for number in near))


def _is_street(land: Land, code: str) -> bool:
    unit = land.units.get(code)
    return unit is not None and unit.tier is Tier.STREET
