"""Points to grids in bulk, against a bare Shapely STRtree query on the same polygons."""

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
import shapely
from numpy.typing import NDArray

from app.core.bulk import chunks
from benchmarks.result import Measure, Result, at_least
from grid.locating.coverage import NOWHERE, Coverage, Outline
from grid.locating.gazetteer import Gazetteer
from grid.locating.lexicon import Lexicon
from grid.locating.likeness import Likenesses
from grid.locating.locate import Locator, Where
from grid.tree import Node, Tree
from grid.vocabulary import Datum, Tier

WEST, SOUTH, EAST, NORTH = 113.0, 22.5, 113.2, 22.7
STREET = "440700001"
CORNERS_ON_A_SIDE = 6
ROUNDS = 3
CHUNK = 5_000
"""Records routed at once, as an import does it."""

AIM = 0.5

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


def measure(size: int = 200_000) -> Iterator[Result]:
    """`size` points over a street of 150 grids, and over 11,000 (a large city's)."""
    for count in (150, 11_000):
        rng = np.random.default_rng(count)
        polygons = _polygons(count, rng)
        lon, lat = rng.uniform(WEST, EAST, size), rng.uniform(SOUTH, NORTH, size)
        gazetteer = _gazetteer(polygons)
        locator, coverage = Locator(gazetteer), Coverage(gazetteer.outlines)
        tree = shapely.STRtree(polygons)
        wheres = [Where(None, x, y, Datum.WGS84) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
        bare = _rate(size, lambda tree=tree, lon=lon, lat=lat: _bare(tree, lon, lat))
        covering = _rate(size, lambda coverage=coverage, lon=lon, lat=lat: _covering(coverage, lon, lat))
        routes = _rate(size, lambda locator=locator, wheres=wheres: _routes(locator, wheres))
        for name, rate in (("arrays to units", covering), ("records to routes by 5,000", routes)):
            yield at_least(f"{size:,} points in {count:,} grids, {name}", rate, bare, AIM)


def _rate(size: int, work: object) -> Measure:
    """The best of a few rounds, because a shared machine only ever adds time."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()  # type: ignore[operator]
        times.append(perf_counter() - start)
    return Measure(size / min(times), "points/s")


def _bare(tree: shapely.STRtree, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
    found = tree.query(shapely.points(lon, lat), predicate="intersects")
    assert found.shape[1] >= len(lon)


def _covering(coverage: Coverage, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
    assert (coverage.cover(lon, lat).unit != NOWHERE).all()


def _routes(locator: Locator, wheres: Sequence[Where]) -> None:
    for batch in chunks(wheres, CHUNK):
        assert all(route.grid_id for route in locator.locate_many(batch))


def _polygons(count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Irregular cells that cover the rectangle, with about as many corners as drawn grids have."""
    frame = shapely.box(WEST, SOUTH, EAST, NORTH)
    seeds = shapely.multipoints(rng.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
    longest = (EAST - WEST) / np.sqrt(count) / CORNERS_ON_A_SIDE
    found: NDArray[np.object_] = shapely.segmentize(shapely.intersection(cells, frame), longest)
    return found


def _gazetteer(polygons: NDArray[np.object_]) -> Gazetteer:
    nodes = [
        Node(1, Tier.STREET, STREET, "street", None),
        Node(2, Tier.COMMUNITY, f"{STREET}101", "community", 1),
    ]
    outlines = []
    for number, polygon in enumerate(polygons):
        code = f"{STREET}101{number:05d}"
        nodes.append(Node(3 + number, Tier.GRID, code, code, 2))
        outlines.append(Outline(3 + number, code, Tier.GRID, polygon))
    return Gazetteer(1, Tree(nodes), tuple(outlines), (), (), Lexicon(()), Likenesses(()), {}, {})
