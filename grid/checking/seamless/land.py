"""The outlines of a ground on a plane in metres, and which of them lies in which."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from grid.checking.ground import Ground, GroundUnit
from grid.geometry.plane import Plane

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Land:
    """`shapes` in metres by code, mended where their rings cross; `units` by code, parents without one too.

    `leaves` are the outlines that must meet without gap or overlap: those with no outline below them.
    `mended` are those that were no valid area.
    """

    plane: Plane
    shapes: dict[str, BaseGeometry]
    units: Mapping[str, GroundUnit]
    mended: frozenset[str]

    @classmethod
    def of(cls, ground: Ground) -> Self:
        """The land of a ground that has outlines."""
        codes = sorted(ground.outlines)
        outlines = np.array([ground.outlines[code] for code in codes], dtype=object)
        plane = Plane.around(outlines)
        shapes = plane.to_metres(outlines)
        wrong = ~shapely.is_valid(shapes)
        shapes[wrong] = [_polygons(shape) for shape in shapely.make_valid(shapes[wrong])]
        return cls(
            plane,
            dict(zip(codes, shapes, strict=True)),
            ground.units,
            frozenset(np.array(codes)[wrong].tolist()),
        )

    def parent(self, code: str) -> str | None:
        """The unit above, with an outline or without."""
        unit = self.units.get(code)
        return unit.parent if unit else None

    @cached_property
    def above(self) -> dict[str, str]:
        """For each code the nearest unit above that has an outline, where there is one."""
        found = {}
        for code in self.shapes:
            parent = self.parent(code)
            while parent and parent not in self.shapes:
                parent = self.parent(parent)
            if parent:
                found[code] = parent
        return found

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """The other way round: what must fill each outline."""
        return _grouped(self.above)

    @cached_property
    def siblings(self) -> dict[str, list[str]]:
        """The outlines of each parent, whether this one has an outline or not."""
        return _grouped({code: parent for code in self.shapes if (parent := self.parent(code))})

    @cached_property
    def leaves(self) -> list[str]:
        """Codes of the outlines that have none below them."""
        return [code for code in self.shapes if code not in self.below]

    @cached_property
    def leaf_shapes(self) -> Shapes:
        """Their shapes, in the same order."""
        return self.of_codes(self.leaves)

    @cached_property
    def leaf_tree(self) -> shapely.STRtree:
        """Where they lie."""
        return shapely.STRtree(self.leaf_shapes)

    @cached_property
    def invalid_edges(self) -> Shapes:
        """For each leaf the edges that do not meet a neighbour's corner by corner, empty where all do."""
        found: Shapes = shapely.coverage_invalid_edges(self.leaf_shapes)
        return found

    @cached_property
    def is_clean(self) -> bool:
        """Whether the leaves meet corner by corner, so that faster functions may be used."""
        return bool(shapely.is_empty(self.invalid_edges).all())

    def of_codes(self, codes: list[str]) -> Shapes:
        """The shapes of `codes`."""
        found = np.empty(len(codes), dtype=object)
        found[:] = [self.shapes[code] for code in codes]
        return found

    def union(self, codes: list[str]) -> BaseGeometry:
        """The land of `codes` together."""
        fast = self.is_clean and not any(code in self.below for code in codes)
        unite = shapely.coverage_union_all if fast else shapely.union_all
        return unite(self.of_codes(codes))

    def to_degrees(self, shape: BaseGeometry) -> Any:
        """A shape in metres in degrees of WGS-84."""
        return shapely.transform(shape, self.plane.to_degrees)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _grouped(pairs: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, group in pairs.items():
        found.setdefault(group, []).append(code)
    return found
