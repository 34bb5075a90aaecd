"""The outlines of a ground on a plane in metres, and which of them lies in which."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from grid.checking.ground import Ground
from grid.geometry.plane import Plane
from grid.vocabulary import Tier

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Land:
    """`shapes` in metres by code, mended where their rings cross; `parents` and `tiers` by code.

    `leaves` are the outlines that must meet without gap or overlap: those with no outline below them.
    """

    plane: Plane
    shapes: dict[str, BaseGeometry]
    parents: dict[str, str | None]
    tiers: dict[str, Tier | None]

    @classmethod
    def of(cls, ground: Ground) -> Self:
        """The land of a ground that has outlines."""
        codes = sorted(ground.outlines)
        outlines = np.array([ground.outlines[code] for code in codes], dtype=object)
        plane = Plane.around(outlines)
        shapes = plane.to_metres(outlines)
        wrong = ~shapely.is_valid(shapes)
        shapes[wrong] = [_polygons(shape) for shape in shapely.make_valid(shapes[wrong])]
        units = [ground.units.get(code) for code in codes]
        return cls(
            plane,
            dict(zip(codes, shapes, strict=True)),
            {code: unit.parent if unit else None for code, unit in zip(codes, units, strict=True)},
            {code: unit.tier if unit else None for code, unit in zip(codes, units, strict=True)},
        )

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The codes with an outline under each code above, whether this one has an outline or not."""
        found: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            if parent:
                found.setdefault(parent, []).append(code)
        return found

    @cached_property
    def leaves(self) -> list[str]:
        """Codes of the outlines that have none below them."""
        return [code for code in self.shapes if code not in self.children]

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
        fast = self.is_clean and not any(code in self.children for code in codes)
        unite = shapely.coverage_union_all if fast else shapely.union_all
        return unite(self.of_codes(codes))

    def to_degrees(self, shape: BaseGeometry) -> Any:
        """A shape in metres in degrees of WGS-84."""
        return shapely.transform(shape, self.plane.to_degrees)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
