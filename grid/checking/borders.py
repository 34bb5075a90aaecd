"""Borders of grids and the named lanes they follow, stretch by stretch. Pure.

A stretch of border follows a lane where it runs beside it in the same direction; a lane that only crosses
the border does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from grid.checking.ground import Ground, NamedLane
from grid.geometry.plane import Plane

STEP = 5.0
"""Metres of border that are judged at once."""

SAME_DIRECTION = np.cos(np.radians(30.0))
"""A border and a lane run alike where their directions differ by less than 30 degrees."""

_SHORTEST_ON_A_SIDE = 0.1
"""Share of a side from which a lane is named for it."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


class Side(StrEnum):
    """Where a stretch of border looks, from inside the grid."""

    NORTH = "north"
    EAST = "east"
    SOUTH = "south"
    WEST = "west"


@dataclass(frozen=True, slots=True)
class Border:
    """The border of one grid: metres in all and along named lanes, the lanes of each side, longest first.

    `off` is what follows no lane, in degrees of WGS-84.
    """

    length_m: float
    along_m: float
    sides: dict[Side, tuple[str, ...]]
    off: BaseGeometry

    @property
    def share(self) -> float:
        """The part of the border along named lanes, 0 to 1."""
        return self.along_m / self.length_m if self.length_m else 0.0


def borders(ground: Ground) -> dict[str, Border]:
    """The borders of the grids that have an outline, by code."""
    codes = [code for code in ground.grids() if code in ground.outlines]
    if not codes:
        return {}
    outlines = np.array([ground.outlines[code] for code in codes], dtype=object)
    plane = Plane.around(outlines)
    stretches = _Stretches.of(plane.to_metres(outlines))
    lanes = stretches.lanes(_segments(ground.lanes, plane), ground.standards.lane_width)
    names = [lane.name for lane in ground.lanes]
    ends = np.cumsum(np.bincount(stretches.owner, minlength=len(codes)))
    rows = np.split(np.arange(len(stretches.owner)), ends[:-1])
    return {code: _border(stretches, lanes, row, names, plane) for code, row in zip(codes, rows, strict=True)}


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Short straight pieces of border, those of one grid after the other, the grid on their left."""

    start: Floats
    end: Floats
    owner: Numbers

    @classmethod
    def of(cls, outlines: NDArray[np.object_]) -> "_Stretches":
        rings = shapely.orient_polygons(shapely.segmentize(outlines, STEP))
        parts, owners = shapely.get_parts(rings, return_index=True)
        rings, of_part = shapely.get_rings(parts, return_index=True)
        start, end, of_ring = _pairs(rings)
        return cls(start, end, owners[of_part[of_ring]])

    @property
    def lengths(self) -> Floats:
        return np.hypot(*(self.end - self.start).T)

    def sides(self) -> Numbers:
        """For each stretch the place of its side in `Side`."""
        east, north = (self.end - self.start).T
        # Outwards is to the right of the direction: a stretch that runs west looks north.
        return np.where(np.abs(east) >= np.abs(north), np.where(east > 0, 2, 0), np.where(north > 0, 1, 3))

    def lanes(self, segments: tuple[Floats, Floats, Numbers], within: float) -> Numbers:
        """For each stretch the number of the nearest lane that runs beside it, or -1."""
        start, end, names = segments
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


def _border(
    stretches: _Stretches, lanes: Numbers, rows: Numbers, names: Sequence[str], plane: Plane
) -> Border:
    lengths, beside = stretches.lengths[rows], lanes[rows]
    looks = stretches.sides()[rows]
    sides = {}
    for number, side in enumerate(Side):
        on_side = looks == number
        sides[side] = _named(lengths[on_side], beside[on_side], names)
    off = beside < 0
    lines = shapely.linestrings(np.stack([stretches.start[rows][off], stretches.end[rows][off]], axis=1))
    return Border(
        float(lengths.sum()),
        float(lengths[~off].sum()),
        sides,
        shapely.transform(shapely.line_merge(shapely.multilinestrings(lines)), plane.to_degrees),
    )


def _named(lengths: Floats, lanes: Numbers, names: Sequence[str]) -> tuple[str, ...]:
    metres: dict[str, float] = {}
    for length, lane in zip(lengths.tolist(), lanes.tolist(), strict=True):
        if lane >= 0:
            metres[names[lane]] = metres.get(names[lane], 0.0) + length
    least = _SHORTEST_ON_A_SIDE * float(lengths.sum())
    return tuple(name for name in sorted(metres, key=lambda one: -metres[one]) if metres[name] >= least)


def _segments(lanes: Sequence[NamedLane], plane: Plane) -> tuple[Floats, Floats, Numbers]:
    lines = np.empty(len(lanes), dtype=object)
    lines[:] = [lane.line for lane in lanes]
    return _pairs(plane.to_metres(lines))


def _pairs(lines: NDArray[np.object_]) -> tuple[Floats, Floats, Numbers]:
    """Start and end of each straight piece of `lines`, and the number of its line."""
    positions, number = shapely.get_coordinates(lines, return_index=True)
    same = number[1:] == number[:-1]
    moved = (positions[1:] != positions[:-1]).any(axis=1)
    return positions[:-1][same & moved], positions[1:][same & moved], number[1:][same & moved]


def _directions(start: Floats, end: Floats) -> Floats:
    along = end - start
    return along / np.hypot(*along.T)[:, None]
