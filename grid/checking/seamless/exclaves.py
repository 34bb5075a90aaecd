"""Land apart from the rest of its unit, and units apart from the rest of their parent.

An exclave leaves no place without a grid and none with two, so it is told and does not block.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import shapely

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land, Shapes
from grid.checking.seamless.pieces import NEGLIGIBLE_AREA, SLIVER_WIDTH, land_finding


def exclaves(land: Land) -> Iterator[Finding]:
    """Every part of a leaf but its largest, and every group of units of one parent but its largest."""
    for code, shape in zip(land.leaves, land.leaf_shapes, strict=True):
        for part in _smaller(shapely.get_parts(shape)) if code not in land.mended else ():
            yield land_finding(land, Check.EXCLAVE, (code,), part, _part_apart)
    for parent, codes in sorted(land.siblings.items()):
        for group in _smaller_groups(land.of_codes(codes)):
            units = tuple(codes[number] for number in group)
            message = partial(_units_apart, parent=parent)
            yield land_finding(land, Check.EXCLAVE, units, land.union(list(units)), message)


def _part_apart(**said: str) -> object:
    return _("%(area)s m² of %(units)s at %(lon)s, %(lat)s lie apart from the rest of it", **said)


def _units_apart(**said: str) -> object:
    return _("%(units)s (%(area)s m²) at %(lon)s, %(lat)s lie apart from the rest of %(parent)s", **said)


def _smaller(parts: Shapes) -> Shapes:
    """All but the largest, without what is rounding."""
    areas = shapely.area(parts)
    areas[int(np.argmax(areas))] = 0.0
    smaller: Shapes = parts[areas > NEGLIGIBLE_AREA]
    return smaller


def _smaller_groups(shapes: Shapes) -> list[list[int]]:
    groups = _groups(shapes)
    areas = [float(shapely.area(shapes[group]).sum()) for group in groups]
    del groups[areas.index(max(areas))]
    return groups


def _groups(shapes: Shapes) -> list[list[int]]:
    """Numbers of shapes that hang together, a sliver between two not parting them."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SLIVER_WIDTH)
    near: dict[int, list[int]] = {}
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        near.setdefault(first, []).append(second)
    groups, seen = [], set[int]()
    for start in range(len(shapes)):
        group, waiting = [], [start]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                group.append(number)
                waiting += near[number]
        if group:
            groups.append(sorted(group))
    return groups
