"""Named lanes with house numbers over the edges of the lattice."""

from collections.abc import Iterator
from itertools import product
from random import Random

from shapely import LineString

from app.demo.lattice import METRES_PER_DEGREE_NORTH, Block, Edge, Lattice
from app.demo.street import Lane, Segment
from app.demo.vocabulary import words

METRES_PER_HOUSE = 14
FEWEST_HOUSES = 6

Run = list[Edge]
BlockGrid = dict[Block, str]


class Namer:
    """Hands out lane names, each once."""

    def __init__(self, rng: Random) -> None:
        self._words = words("street")["lanes"]
        self._stems = [a + b for a, b in product(self._words["first"], self._words["second"])]
        rng.shuffle(self._stems)
        self._shared: list[str] = []
        self._rng = rng

    def wide(self, parts: int, horizontal: bool) -> list[str]:
        """Names of the parts of one long line, in the direction west to east or south to north."""
        if parts == 1 or self._rng.random() < 0.6:
            return [self._stem() + self._rng.choice(self._words["wide"]) for _ in range(parts)]
        stem = self._stem()
        endings = self._words["west_to_east" if horizontal else "south_to_north"]
        chosen = endings if parts == len(endings) else [endings[0], endings[-1]]
        return [stem + ending for ending in chosen]

    def _stem(self) -> str:
        stem = self._stems.pop()
        if len(self._shared) < self._words["shared_stems"]:
            self._shared.append(stem)
        return stem

    def narrow(self) -> str:
        """A name for a lane inside one block."""
        stem = self._shared.pop() if self._shared else self._stems.pop()
        return str(stem + self._rng.choice(self._words["narrow"]))


def lay_lanes(lattice: Lattice, grids: BlockGrid, rng: Random) -> tuple[Lane, ...]:
    """Every edge as part of exactly one through lane, and a small lane inside two blocks of three."""
    namer = Namer(rng)
    through = [lane for run in _runs(lattice) for lane in _through(run, lattice, grids, namer, rng)]
    inner = [
        _inner(block, lattice, grids, namer, rng) for block in sorted(lattice.blocks) if rng.random() < 2 / 3
    ]
    return (*through, *inner)


def _runs(lattice: Lattice) -> Iterator[Run]:
    """Unbroken stretches of edges along the lines of the lattice, from the west or from the south."""
    used = lattice.bends.keys()
    horizontal = sorted((e for e in used if e[0][1] == e[1][1]), key=lambda e: (e[0][1], e[0][0]))
    vertical = sorted((e for e in used if e[0][0] == e[1][0]), key=lambda e: (e[0][0], e[0][1]))
    run: Run = []
    for edge in horizontal + vertical:
        if run and run[-1][1] != edge[0]:
            yield run
            run = []
        run.append(edge)
    yield run


def _through(run: Run, lattice: Lattice, grids: BlockGrid, namer: Namer, rng: Random) -> Iterator[Lane]:
    parts = 1 if len(run) < 5 else 2 if len(run) < 10 else 3
    names = namer.wide(parts, horizontal=run[0][0][1] == run[0][1][1])
    cuts = [round(len(run) * part / parts) for part in range(parts + 1)]
    for name, start, end in zip(names, cuts, cuts[1:], strict=False):
        edges = run[start:end]
        if rng.random() < 0.5:
            edges = [(second, first) for first, second in reversed(edges)]
        yield Lane(name, tuple(_numbered(edges, lattice, grids)))


def _numbered(edges: Run, lattice: Lattice, grids: BlockGrid) -> Iterator[Segment]:
    passed = 0
    for edge in edges:
        line = LineString(lattice.path(edge))
        left, right = (grids.get(block) for block in _beside(edge))
        yield _segment(line, passed, left, right)
        passed += _houses(line)


def _segment(line: LineString, passed: int, left: str | None, right: str | None) -> Segment:
    last = passed + _houses(line)
    return Segment(
        line,
        2 * passed + 1 if left else None,
        2 * last - 1 if left else None,
        2 * passed + 2 if right else None,
        2 * last if right else None,
        left,
        right,
    )


def _houses(line: LineString) -> int:
    return max(FEWEST_HOUSES, round(line.length * METRES_PER_DEGREE_NORTH / METRES_PER_HOUSE))


def _beside(edge: Edge) -> tuple[Block, Block]:
    """The places of the blocks on the left and on the right of an edge; either may lie outside."""
    (column, row), (to_column, to_row) = edge
    if row == to_row:
        west = min(column, to_column)
        north, south = (west, row), (west, row - 1)
        return (north, south) if to_column > column else (south, north)
    south_end = min(row, to_row)
    east, west_block = (column, south_end), (column - 1, south_end)
    return (west_block, east) if to_row > row else (east, west_block)


def _inner(block: Block, lattice: Lattice, grids: BlockGrid, namer: Namer, rng: Random) -> Lane:
    """A lane across one block which stops short of its far side, so both its sides are in one grid."""
    start, end, aside = rng.uniform(0.12, 0.2), rng.uniform(0.72, 0.86), rng.uniform(0.35, 0.65)
    shares = [(start, aside), ((start + end) / 2, aside + rng.uniform(-0.06, 0.06)), (end, aside)]
    if rng.random() < 0.5:
        shares = [(north, east) for east, north in shares]
    line = LineString([lattice.inside(block, east, north) for east, north in shares])
    return Lane(namer.narrow(), (_segment(line, 0, grids[block], grids[block]),))
