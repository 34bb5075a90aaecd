"""Where a house number stands: along its segment of the lane, and beside it on its own side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from grid.geometry.plane import Plane

STEP_ASIDE = 8.0
"""Metres from the middle of the lane to a house."""

BETWEEN_SAMPLES = 20.0
"""Metres between the places at which a lane is asked which units it touches."""

LEFT, RIGHT = 1.0, -1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of lane `lane` with the house numbers of its sides, left and right of the line's direction.

    Both ends of a range belong to it; ends of one parity mean that only that parity stands there, which is
    how odd and even come to differ. A side without a range has no houses. Degrees of WGS-84.
    """

    lane: int
    line: shapely.LineString
    left_from: int | None = None
    left_to: int | None = None
    right_from: int | None = None
    right_to: int | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    segment: int
    hand: float
    first: int
    last: int
    step: int


class Houses:
    """The house numbers of all lanes of a street."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        lines = np.array([segment.line for segment in segments], dtype=object)
        self._plane = Plane.around(lines) if segments else Plane(0.0, 0.0)
        self._lines = self._plane.to_metres(lines)
        self._sides: dict[int, list[_Side]] = {}
        self._stretches: dict[int, list[int]] = {}
        for index, segment in enumerate(segments):
            self._sides.setdefault(segment.lane, []).extend(_sides(index, segment))
            self._stretches.setdefault(segment.lane, []).append(index)

    def find(self, lane: int, number: int) -> list[tuple[int, float, float]]:
        """Every spot of `number` on `lane`: segment, share of its length, and hand."""
        return [
            (side.segment, ((number - side.first) // side.step + 0.5) / _houses(side), side.hand)
            for side in self._sides.get(lane, ())
            if side.first <= number <= side.last and (number - side.first) % side.step == 0
        ]

    def stand(self, spots: Sequence[tuple[int, float, float]]) -> NDArray[np.float64]:
        """Longitude and latitude of spots, one row each."""
        if not spots:
            return np.empty((0, 2))
        segments, shares, hands = (np.array(column) for column in zip(*spots, strict=True))
        lines = self._lines[segments]
        lengths = shapely.length(lines)
        along = shares * lengths
        here = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
        reach = np.minimum(0.5, lengths / 4)
        before = shapely.get_coordinates(shapely.line_interpolate_point(lines, along - reach))
        after = shapely.get_coordinates(shapely.line_interpolate_point(lines, along + reach))
        ahead = after - before
        ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
        aside = np.column_stack((-ahead[:, 1], ahead[:, 0]))
        step = hands * np.minimum(STEP_ASIDE, lengths / 4)
        degrees: NDArray[np.float64] = self._plane.to_degrees(here + aside * step[:, None])
        return degrees

    def along(self, lane: int) -> list[tuple[int, float, float]]:
        """Spots all along a lane, on the sides that have houses; on both where no side has."""
        spots = []
        hands: dict[int, set[float]] = {}
        for side in self._sides.get(lane, ()):
            hands.setdefault(side.segment, set()).add(side.hand)
        for index in self._stretches.get(lane, ()):
            count = max(2, int(shapely.length(self._lines[index]) / BETWEEN_SAMPLES))
            shares = [(step + 0.5) / count for step in range(count)]
            built_up = hands.get(index, set() if hands else {LEFT, RIGHT})
            spots += [(index, share, hand) for hand in sorted(built_up) for share in shares]
        return spots


def _sides(index: int, segment: Segment) -> list[_Side]:
    ranges = ((LEFT, segment.left_from, segment.left_to), (RIGHT, segment.right_from, segment.right_to))
    sides = []
    for hand, first, last in ranges:
        if first is not None and last is not None:
            sides.append(_Side(index, hand, first, last, 2 if (last - first) % 2 == 0 else 1))
    return sides


def _houses(side: _Side) -> int:
    return (side.last - side.first) // side.step + 1
