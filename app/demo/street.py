"""What the made-up street consists of. Coordinates are longitude and latitude in WGS-84."""

from collections.abc import Iterator
from dataclasses import dataclass

from shapely import LineString, Point, Polygon

HOUSE_OFFSET = 0.00012
"""How far a house stands from the middle of its lane, in degrees: about 12 metres."""


@dataclass(frozen=True)
class Grid:
    """One grid; its code is its community's twelve digits and three of its own."""

    code: str
    name: str
    polygon: Polygon
    households: int
    residents: int


@dataclass(frozen=True)
class Community:
    """One community: the union of its grids, without holes or parts that lie apart."""

    code: str
    name: str
    polygon: Polygon
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Segment:
    """One lane between two crossings.

    Odd numbers stand on the left of the line's direction, even ones on the right, growing along it;
    both ends of a range belong to it. A side outside the street has no grid and no numbers.
    """

    line: LineString
    left_from: int | None
    left_to: int | None
    right_from: int | None
    right_to: int | None
    left_grid: str | None
    right_grid: str | None

    def numbers(self) -> list[int]:
        """Every house number of this segment: the odd side, then the even one."""
        return [*_side(self.left_from, self.left_to), *_side(self.right_from, self.right_to)]

    def grid_of(self, number: int) -> str | None:
        """The code of the grid in which this house number lies."""
        return self.left_grid if number % 2 else self.right_grid

    def house(self, number: int) -> Point:
        """Where this house number stands, beside the line on its own side."""
        odd = number % 2 == 1
        first = self.left_from if odd else self.right_from
        last = self.left_to if odd else self.right_to
        if first is None or last is None:
            raise ValueError(f"no house number {number} on this side")
        along = 0.06 + 0.88 * (number - first) / max(1, last - first)
        here = self.line.interpolate(along, normalized=True)
        ahead = self.line.interpolate(min(1.0, along + 0.01), normalized=True)
        east, north = ahead.x - here.x, ahead.y - here.y
        scale = HOUSE_OFFSET / (east * east + north * north) ** 0.5 * (1 if odd else -1)
        return Point(round(here.x - north * scale, 6), round(here.y + east * scale, 6))


@dataclass(frozen=True)
class Lane:
    """A named lane: its segments follow each other in the direction of its house numbers."""

    name: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Place:
    """A compound, market, school, park or building that people name instead of a house number."""

    name: str
    kind: str
    point: Point
    address: str
    aliases: tuple[str, ...]
    grid: str


@dataclass(frozen=True)
class Street:
    """The whole street."""

    code: str
    name: str
    polygon: Polygon
    communities: tuple[Community, ...]
    lanes: tuple[Lane, ...]
    places: tuple[Place, ...]

    def grids(self) -> Iterator[Grid]:
        """Every grid, in the order of the codes."""
        for community in self.communities:
            yield from community.grids


def _side(first: int | None, last: int | None) -> range:
    return range(0) if first is None or last is None else range(first, last + 1, 2)
