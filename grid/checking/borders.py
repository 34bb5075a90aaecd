"""Borders of grids and the named lanes they follow, side by side. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from grid.checking.ground import Ground, NamedLane
from grid.checking.stretches import Floats, Numbers, Shapes, Stretches
from grid.geometry.plane import Plane

_SHORTEST_ON_A_SIDE = 0.1
"""Share of a side from which a lane is named for it."""


class Side(StrEnum):
    """Where a stretch of border looks, from inside the grid."""

    NORTH = "north"
    EAST = "east"
    SOUTH = "south"
    WEST = "west"


_SIDES = tuple(Side)


@dataclass(frozen=True, slots=True)
class Border:
    """The border of one grid: metres in all and along named lanes, the lanes of each side, longest first.

    `off_stretches` are start and end of what follows no lane, in degrees of WGS-84.
    """

    length_m: float
    along_m: float
    sides: dict[Side, tuple[str, ...]]
    off_stretches: Floats

    @property
    def share(self) -> float:
        """The part of the border along named lanes, 0 to 1."""
        return self.along_m / self.length_m if self.length_m else 0.0

    @property
    def off(self) -> BaseGeometry:
        """What follows no lane, as lines as long as they run on."""
        return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(self.off_stretches)))


def borders(ground: Ground) -> dict[str, Border]:
    """The borders of the grids that have an outline, by code."""
    codes = [code for code in ground.grids() if code in ground.outlines]
    if not codes:
        return {}
    outlines = np.array([ground.outlines[code] for code in codes], dtype=object)
    plane = Plane.around(outlines)
    stretches = Stretches.of(plane.to_metres(outlines))
    lanes = stretches.lanes(_lines(ground.lanes, plane), ground.standards.lane_metres)
    ends = plane.to_degrees(np.stack([stretches.start, stretches.end], axis=1))
    lengths, off = stretches.lengths(), lanes < 0
    # The stretches of a grid stand together.
    parts = np.searchsorted(stretches.owner, np.arange(1, len(codes)))
    sides = _sides(stretches, lanes, [lane.name for lane in ground.lanes], len(codes))
    return {
        code: Border(float(whole.sum()), float(whole[~apart].sum()), named, both[apart])
        for code, whole, apart, both, named in zip(
            codes, np.split(lengths, parts), np.split(off, parts), np.split(ends, parts), sides, strict=True
        )
    }


def _sides(
    stretches: Stretches, lanes: Numbers, names: Sequence[str], count: int
) -> Iterator[dict[Side, tuple[str, ...]]]:
    """For each of `count` grids the names of the lanes of its four sides."""
    different, named = np.unique([*names, ""], return_inverse=True)
    lengths, of_side = stretches.lengths(), stretches.owner * len(_SIDES) + stretches.sides()
    whole = np.bincount(of_side, lengths, minlength=count * len(_SIDES))
    # Lane -1 is the empty name at the end.
    keys, group = np.unique(of_side * len(different) + named[lanes], return_inverse=True)
    metres = np.bincount(group, lengths, minlength=len(keys))
    found: list[list[str]] = [[] for _ in whole]
    for place in np.argsort(-metres, kind="stable"):
        side, name = divmod(int(keys[place]), len(different))
        if different[name] and metres[place] >= _SHORTEST_ON_A_SIDE * whole[side]:
            found[side].append(str(different[name]))
    for start in range(0, len(found), len(_SIDES)):
        yield {side: tuple(found[start + number]) for number, side in enumerate(_SIDES)}


def _lines(lanes: Sequence[NamedLane], plane: Plane) -> Shapes:
    lines = np.empty(len(lanes), dtype=object)
    lines[:] = [lane.line for lane in lanes]
    moved: Shapes = plane.to_metres(lines)
    return moved
