"""The land of a street while a draft changes it: its units, and the outlines of those that have none below.

Outlines are in degrees of WGS-84. Neighbours share their edges corner by corner, so that no strip of land
lies between them; whoever changes an outline stitches it to those beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.geometry.plane import Plane
from grid.material.tiers import completed
from grid.vocabulary import CODE_LENGTH, Tier

Corners = NDArray[np.float64]
"""Longitude and latitude in columns."""

EXACT = 1e-9
"""Degrees, a tenth of a millimetre, within which a corner lies on an edge."""

SAME_AREA = 1.0
"""Square metres by which an outline may differ and still be the same: corners added to a straight edge."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a unit is called and how many live there; its parent is the unit whose code begins its own."""

    code: str
    tier: Tier
    name: str
    households: int | None = None
    residents: int | None = None

    @property
    def community(self) -> str:
        """The code of the community, of a grid or of the community itself."""
        return self.code[: CODE_LENGTH[Tier.COMMUNITY]]


@dataclass(frozen=True, slots=True)
class Land:
    """Units by code, the outlines of the lowest, and what became of units that are there no more.

    `border` is the outline of the whole street, which no edit changes: what it encloses must be somebody's.
    `heirs` have the land of those that were united or closed or moved; `moves` are only the last, under whose
    new code the same grid goes on. `taken` are codes that a unit once had: none is ever given again.
    """

    street: str
    border: BaseGeometry
    units: Mapping[str, Fact]
    outlines: Mapping[str, BaseGeometry]
    heirs: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    def goes_on_as(self, code: str) -> str | None:
        """The code under which the same grid goes on; None where it is there no more."""
        while code in self.moves:
            code = self.moves[code]
        return code if code in self.units else None

    def grid(self, code: str) -> Fact:
        """The grid of this code; raises Invalid where the land has none, or none that is drawn."""
        found = self.units.get(code)
        if found is None or found.tier is not Tier.GRID:
            raise Invalid(_("There is no grid %(code)s in this draft.", code=code))
        return found

    def outline(self, code: str) -> BaseGeometry:
        """The outline of a grid; raises Invalid where it has none yet."""
        self.grid(code)
        if code not in self.outlines:
            raise Invalid(_("Grid %(code)s has no boundary yet; draw it first.", code=code))
        return self.outlines[code]

    def every_outline(self) -> dict[str, BaseGeometry]:
        """The outlines of all units: those of communities and of the street are united from below."""
        return completed(self.outlines, self.street)

    def heir(self, code: str) -> str | None:
        """The unit that has the land of `code` now, itself where it still is; None where nobody has."""
        while code not in self.units:
            if code not in self.heirs:
                return None
            code = self.heirs[code]
        return code

    def redrawn(self, outlines: Mapping[str, BaseGeometry], tolerance: float = EXACT) -> "Land":
        """The land with these outlines, stitched to their neighbours within `tolerance` degrees.

        A corner that was drawn beside the border of the street lies on it: nobody draws that border here.
        """
        drawn = {code: onto(shape, self.border, tolerance) for code, shape in outlines.items()}
        return replace(self, outlines=stitched({**self.outlines, **drawn}, drawn.keys(), tolerance))

    def without(self, code: str, heir: str | None) -> "Land":
        """The land without the unit; `heir` has its cases from then on."""
        return replace(
            self,
            units={key: fact for key, fact in self.units.items() if key != code},
            outlines={key: shape for key, shape in self.outlines.items() if key != code},
            heirs={**self.heirs, code: heir} if heir else self.heirs,
        )

    def with_unit(self, fact: Fact) -> "Land":
        """The land with one more unit, which has no outline yet; raises Invalid for a code in use.

        A community that was drawn itself is from then on what its grids are.
        """
        if fact.code in self.taken or fact.code in self.units or fact.code in self.heirs:
            raise Invalid(_("Code %(code)s is in use; choose another.", code=fact.code))
        outlines = {code: shape for code, shape in self.outlines.items() if code != fact.community}
        return replace(self, units={**self.units, fact.code: fact}, outlines=outlines)


def stitched(
    outlines: Mapping[str, BaseGeometry], changed: Iterable[str], tolerance: float
) -> dict[str, BaseGeometry]:
    """The outlines with the corners of each changed one given to its neighbours, and theirs to it."""
    found, fresh = dict(outlines), set(changed)
    for code in sorted(fresh):
        beside = [other for other in found if other != code and _near(found[other], found[code], tolerance)]
        for other in sorted(beside):
            found[code] = onto(shapely.snap(found[code], found[other], tolerance), found[other], tolerance)
        for other in sorted(beside):
            found[other] = shapely.snap(found[other], found[code], tolerance)
    return found


def onto(shape: BaseGeometry, other: BaseGeometry, tolerance: float) -> BaseGeometry:
    """`shape` with each corner that lies within `tolerance` degrees of the edge of `other` put on it."""
    edge = shapely.boundary(other)
    if not _near(shapely.boundary(shape), edge, tolerance):
        return shape
    rings = [ring for part in shapely.get_parts(other) for ring in shapely.get_rings(part)]
    moved = shapely.transform(shape, lambda corners: _onto(corners, rings, tolerance))
    return moved if shapely.is_valid(moved) else shape


def _onto(corners: Corners, rings: Sequence[BaseGeometry], tolerance: float) -> Corners:
    points, found = shapely.points(corners), corners.copy()
    for ring in rings:
        away = shapely.distance(points, ring)
        near = (away <= tolerance) & (away > 0)
        if near.any():
            foot = shapely.line_interpolate_point(ring, shapely.line_locate_point(ring, points[near]))
            found[near] = shapely.get_coordinates(foot)
    return found


def differing(before: Land, after: Land) -> set[str]:
    """The codes of units that are not the same in both: gone, new, called otherwise, or drawn otherwise."""
    codes = before.units.keys() | after.units.keys()
    return {
        code
        for code in codes
        if before.units.get(code) != after.units.get(code)
        or not _is_same(before.outlines.get(code), after.outlines.get(code))
    }


def area_m2(shape: BaseGeometry) -> float:
    """The area of an outline in square metres."""
    return float(shapely.area(Plane.around(shape).to_metres(shape)))


def _near(one: BaseGeometry, other: BaseGeometry, tolerance: float) -> bool:
    return bool(shapely.dwithin(one, other, tolerance))


def _is_same(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None:
        return one is other
    if one is other or shapely.equals_exact(one, other):
        return True
    plane = Plane.around(np.array([one, other], dtype=object))
    apart = shapely.symmetric_difference(plane.to_metres(one), plane.to_metres(other))
    return bool(shapely.area(apart) < SAME_AREA)
