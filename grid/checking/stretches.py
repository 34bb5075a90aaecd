"""Short straight pieces of borders: where each looks, and which lane runs beside it. Pure, in metres.

A stretch of border follows a lane where it runs beside it in the same direction; a lane that only crosses
the border does not count.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

STEP = 10.0
"""Metres of border that are judged at once."""

SAME_DIRECTION = np.cos(np.radians(30.0))
"""A border and a lane run alike where their directions differ by less than 30 degrees."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Short straight pieces of border, those of one grid after the other, the grid on their left."""

    start: Floats
    end: Floats
    owner: Numbers

    @classmethod
    def of(cls, outlines: Shapes) -> Self:
        """Cut the borders of outlines in metres."""
        rings = shapely.orient_polygons(shapely.segmentize(outlines, STEP))
        parts, owners = shapely.get_parts(rings, return_index=True)
        rings, of_part = shapely.get_rings(parts, return_index=True)
        start, end, of_ring = pairs(rings)
        return cls(start, end, owners[of_part[of_ring]])

    def lengths(self) -> Floats:
        """Metres of each stretch."""
        return np.hypot(*(self.end - self.start).T)

    def sides(self) -> Numbers:
        """For each stretch the place of its side in `Side`."""
        east, north = (self.end - self.start).T
        # Outwards is to the right of the direction: a stretch that runs west looks north.
        return np.where(np.abs(east) >= np.abs(north), np.where(east > 0, 2, 0), np.where(north > 0, 1, 3))

    def lanes(self, lanes: Shapes, within: float) -> Numbers:
        """For each stretch the number of the nearest of `lanes` that runs beside it, or -1."""
        start, end, names = pairs(lanes)
        found = np.full(len(self.owner), -1)
        if not len(names):
            return found
        lines = shapely.linestrings(np.stack([start, end], axis=1))
        middles = shapely.points((self.start + self.end) / 2)
        asked, met = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=within)
        cosines = _directions(self.start, self.end)[asked] * _directions(start, end)[met]
        alike = np.abs(cosines.sum(axis=1)) >= SAME_DIRECTION
        asked, met = asked[alike], met[alike]
        order = np.argsort(-shapely.distance(middles[asked], lines[met]), kind="stable")
        found[asked[order]] = names[met[order]]
        return found


def pairs(lines: Shapes) -> tuple[Floats, Floats, Numbers]:
    """Start and end of each straight piece of `lines`, and the number of its line."""
    positions, number = shapely.get_coordinates(lines, return_index=True)
    same = number[1:] == number[:-1]
    moved = (positions[1:] != positions[:-1]).any(axis=1)
    return positions[:-1][same & moved], positions[1:][same & moved], number[1:][same & moved]


def _directions(start: Floats, end: Floats) -> Floats:
    along = end - start
    return along / np.hypot(*along.T)[:, None]
