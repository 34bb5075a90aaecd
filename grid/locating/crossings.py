"""Where two lanes cross, and which units meet there. Pure; degrees of WGS-84."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely

from grid.geometry.plane import Plane
from grid.locating.coverage import NOWHERE, Coverage
from grid.locating.houses import STEP_ASIDE, Segment

REACH = 15.0
"""Metres that the middles of two lanes may stay apart where they still meet."""

_TURNS = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_AROUND = 2 * STEP_ASIDE * np.column_stack((np.cos(_TURNS), np.sin(_TURNS)))


class Crossings:
    """The crossings of the lanes of one street, looked for when two of them are named."""

    def __init__(self, segments: Sequence[Segment], coverage: Coverage) -> None:
        lines = np.array([segment.line for segment in segments], dtype=object)
        self._plane = Plane.around(lines) if segments else Plane(0.0, 0.0)
        stretches: dict[int, list[shapely.LineString]] = {}
        for segment, line in zip(segments, self._plane.to_metres(lines), strict=True):
            stretches.setdefault(segment.lane, []).append(line)
        self._stretches = stretches
        self._coverage = coverage
        self._units = lru_cache(maxsize=4_096)(self._meeting)

    def units(self, lanes: Sequence[tuple[int, int | None]]) -> tuple[int, ...]:
        """The units around the crossing of the only two lanes named, neither of them with a number."""
        named = sorted({lane for lane, _ in lanes})
        if len(named) != 2 or any(number is not None for _, number in lanes):
            return ()
        return self._units(*named)

    def _meeting(self, one: int, other: int) -> tuple[int, ...]:
        lines = [shapely.MultiLineString(self._stretches.get(lane, [])) for lane in (one, other)]
        if any(line.is_empty for line in lines) or not shapely.dwithin(*lines, REACH):
            return ()
        met = shapely.intersection(*lines)
        spots = shapely.get_coordinates(met if not met.is_empty else shapely.shortest_line(*lines))
        around = self._plane.to_degrees((spots[:, None, :] + _AROUND).reshape(-1, 2))
        hits = self._coverage.cover(around[:, 0], around[:, 1])
        return tuple(sorted(set(hits.unit.tolist()) - {NOWHERE}))
