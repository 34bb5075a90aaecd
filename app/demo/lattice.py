"""Blocks between bent lanes: the geometry under the street.

Nodes are crossings; an edge is the lane between two neighbouring crossings. Each edge is one fixed
sequence of coordinates used by both blocks beside it, which is what makes gaps and overlaps impossible.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from shapely import Polygon

Node = tuple[int, int]
Block = tuple[int, int]
Edge = tuple[Node, Node]
Coordinate = tuple[float, float]

CENTRE = (113.07, 22.60)
SQUARE_METRES = 34e6
METRES_PER_DEGREE_NORTH = 110_750.0
METRES_PER_DEGREE_EAST = 111_320.0 * math.cos(math.radians(CENTRE[1]))


@dataclass(frozen=True)
class Lattice:
    """Crossings by (column, row) counted from the south-west, and the bends between them."""

    nodes: dict[Node, Coordinate]
    bends: dict[Edge, tuple[Coordinate, ...]]
    blocks: frozenset[Block]

    def path(self, edge: Edge) -> list[Coordinate]:
        """The coordinates of an edge from its first crossing to its second, in either direction."""
        first, second = edge
        if edge in self.bends:
            return [self.nodes[first], *self.bends[edge], self.nodes[second]]
        return [self.nodes[first], *reversed(self.bends[(second, first)]), self.nodes[second]]

    def polygon(self, block: Block) -> Polygon:
        """The block bounded by its four edges."""
        ring: list[Coordinate] = []
        for edge in edges_around(block):
            ring += self.path(edge)[:-1]
        return Polygon(ring)

    def inside(self, block: Block, east: float, north: float) -> Coordinate:
        """The point at these shares (0 to 1) of the way across a block from its south-west crossing."""
        column, row = block
        south_west, south_east = self.nodes[column, row], self.nodes[column + 1, row]
        north_west, north_east = self.nodes[column, row + 1], self.nodes[column + 1, row + 1]
        weights = ((1 - east) * (1 - north), east * (1 - north), (1 - east) * north, east * north)
        corners = (south_west, south_east, north_west, north_east)
        return (
            round(sum(w * x for w, (x, _) in zip(weights, corners, strict=True)), 6),
            round(sum(w * y for w, (_, y) in zip(weights, corners, strict=True)), 6),
        )


def edges_around(block: Block) -> tuple[Edge, ...]:
    """The four edges of a block, against the clock."""
    column, row = block
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    return tuple((corners[i], corners[(i + 1) % 4]) for i in range(4))


def lay_blocks(outline: list[str], rng: Random) -> Lattice:
    """Blocks where the outline (rows from north to south) has a `#`, 34 square kilometres in all."""
    rows = list(reversed(outline))
    blocks = frozenset((c, r) for r, row in enumerate(rows) for c, mark in enumerate(row) if mark == "#")
    plan = _crossings(len(rows[0]), len(rows), rng)
    scale = math.sqrt(SQUARE_METRES / sum(_area(plan, block) for block in blocks))
    middle = _middle(plan, blocks)
    nodes = {node: _project(point, middle, scale) for node, point in plan.items()}
    used = sorted({edge for block in blocks for edge in map(_forward, edges_around(block))})
    bends = {edge: _bend(nodes[edge[0]], nodes[edge[1]], rng) for edge in used}
    return Lattice(nodes, bends, blocks)


def _forward(edge: Edge) -> Edge:
    return (edge[0], edge[1]) if edge[0] < edge[1] else (edge[1], edge[0])


def _widths(count: int, rng: Random) -> Iterator[float]:
    """Blocks are small in the old centre and grow towards the outskirts."""
    for index in range(count):
        away = abs(index - (count - 1) / 2) / (count / 2)
        yield (0.7 + 0.6 * away) * rng.uniform(0.8, 1.2)


def _crossings(columns: int, rows: int, rng: Random) -> dict[Node, Coordinate]:
    easts, norths = [0.0], [0.0]
    for width in _widths(columns, rng):
        easts.append(easts[-1] + width)
    for height in _widths(rows, rng):
        norths.append(norths[-1] + height)
    phase, turn = rng.uniform(0, math.tau), math.radians(rng.uniform(6, 14))
    plan = {}
    for column, east in enumerate(easts):
        for row, north in enumerate(norths):
            x = east + 0.35 * math.sin(phase + north / 2.3) + rng.uniform(-0.11, 0.11)
            y = north + 0.35 * math.sin(phase + east / 2.7) + rng.uniform(-0.11, 0.11)
            plan[column, row] = (
                x * math.cos(turn) - y * math.sin(turn),
                x * math.sin(turn) + y * math.cos(turn),
            )
    return plan


def _area(plan: dict[Node, Coordinate], block: Block) -> float:
    return float(Polygon([plan[edge[0]] for edge in edges_around(block)]).area)


def _middle(plan: dict[Node, Coordinate], blocks: frozenset[Block]) -> Coordinate:
    corners = [plan[edge[0]] for block in sorted(blocks) for edge in edges_around(block)]
    return (sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners))


def _project(point: Coordinate, middle: Coordinate, scale: float) -> Coordinate:
    east, north = (point[0] - middle[0]) * scale, (point[1] - middle[1]) * scale
    return (
        round(CENTRE[0] + east / METRES_PER_DEGREE_EAST, 6),
        round(CENTRE[1] + north / METRES_PER_DEGREE_NORTH, 6),
    )


def _bend(first: Coordinate, second: Coordinate, rng: Random) -> tuple[Coordinate, ...]:
    """One or two points a little aside of the straight way between two crossings."""
    east, north = second[0] - first[0], second[1] - first[1]
    shares = (0.5,) if rng.random() < 0.5 else (0.32, 0.68)
    points = []
    for share in shares:
        aside = rng.uniform(-0.05, 0.05)
        points.append(
            (
                round(first[0] + east * share - north * aside, 6),
                round(first[1] + north * share + east * aside, 6),
            )
        )
    return tuple(points)
