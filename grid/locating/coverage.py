"""Which unit covers a point, for many points at once. Pure: outlines and points in degrees of WGS-84."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from grid.vocabulary import Tier

NOWHERE = -1
_LAYERS = (Tier.GRID, Tier.COMMUNITY, Tier.STREET)


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of one unit in the current revision."""

    unit_id: int
    code: str
    tier: Tier
    shape: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class Hits:
    """For each point the index of the most specific unit that covers it, or NOWHERE.

    Where several of one tier do (a shared edge, an overlap) that is the one with the lowest code, and
    `shared` has all of them under the point's index.
    """

    unit: NDArray[np.intp]
    shared: Mapping[int, tuple[int, ...]]


class Layer:
    """The outlines of one tier, by ascending code, in a search tree."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self.outlines = sorted(outlines, key=lambda outline: outline.code)
        self._shapes = np.array([outline.shape for outline in self.outlines], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def cover(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Hits:
        """The units of this tier at points, as indices of `outlines`."""
        # The tree only compares boxes; prepared outlines then answer far faster than its own predicate,
        # which prepares the point instead.
        point, unit = self._tree.query(shapely.points(lon, lat))
        inside = shapely.intersects_xy(self._shapes[unit], lon[point], lat[point])
        point, unit = point[inside], unit[inside]
        first = np.full(len(lon), len(self.outlines), dtype=np.intp)
        np.minimum.at(first, point, unit)
        first[first == len(self.outlines)] = NOWHERE
        if len(point) == np.count_nonzero(first != NOWHERE):
            return Hits(first, {})
        return Hits(first, _shared(point, unit))


class Coverage:
    """All tiers of a street; the indices of hits run through `outlines`: grids, communities, the street."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._layers = [Layer([o for o in outlines if o.tier is tier]) for tier in _LAYERS]
        self.outlines = [outline for layer in self._layers for outline in layer.outlines]

    def cover(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Hits:
        """The most specific unit at each point; points that are not numbers lie nowhere."""
        unit = np.full(len(lon), NOWHERE, dtype=np.intp)
        shared: dict[int, tuple[int, ...]] = {}
        offset = 0
        left = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        for layer in self._layers:
            if not len(left):
                break
            hits = layer.cover(lon[left], lat[left])
            found = hits.unit != NOWHERE
            unit[left[found]] = hits.unit[found] + offset
            for index, units in hits.shared.items():
                shared[int(left[index])] = tuple(one + offset for one in units)
            left = left[~found]
            offset += len(layer.outlines)
        return Hits(unit, shared)


def _shared(point: NDArray[np.intp], unit: NDArray[np.intp]) -> dict[int, tuple[int, ...]]:
    counts = np.bincount(point)
    several = counts[point] > 1
    found: dict[int, list[int]] = {}
    for index, one in zip(point[several].tolist(), unit[several].tolist(), strict=True):
        found.setdefault(index, []).append(one)
    return {index: tuple(sorted(units)) for index, units in found.items()}
