"""The four checks of 11,000 grids, whole and with one grid in a hundred wrong: seconds and memory."""

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from time import perf_counter

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from benchmarks.result import Measure, Result, at_most
from grid.checking.ground import Ground, GroundUnit, Held, NamedLane
from grid.checking.principles import check
from grid.vocabulary import Tier

STREET = "440700001"
WEST, SOUTH, CELL = 113.0, 22.5, 0.002
"""A corner of the ground and the side of a grid in degrees, about 200 m."""

CORNERS_ON_A_SIDE = 7
COMMUNITY_SIDE = 12
"""Grids along the side of a community, which has 144 of them."""

AIM_SECONDS, AIM_MEMORY = 30.0, 2.0
DAY = date(2020, 6, 1)

Line = NDArray[np.float64]


def measure(size: int = 11_000) -> Iterator[Result]:
    """`size` grids with lanes on every second of their edges, each grid with an owner."""
    for name, wrong in (("whole", 0.0), ("one grid in a hundred wrong", 0.01)):
        # A process of its own, so that its memory is that of the check.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
            seconds, memory, blocking = alone.submit(run, size, wrong).result()
        assert bool(blocking) is bool(wrong)
        for ours, limit in (
            (Measure(seconds, "s"), Measure(AIM_SECONDS, "s")),
            (Measure(memory, "GiB"), Measure(AIM_MEMORY, "GiB")),
        ):
            yield at_most(f"the four checks of {size:,} grids, {name}, {ours.unit}", ours, limit, 1.0)


def run(size: int, wrong: float) -> tuple[float, float, int]:
    """Seconds, the most memory of this process in GiB, and the number of blocking findings."""
    made = ground(size, wrong)
    start = perf_counter()
    findings = check(made)
    seconds = perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return seconds, memory, sum(finding.blocking for finding in findings)


def ground(size: int, wrong: float) -> Ground:
    """A tiling with irregular shared edges; `wrong` is the share of grids of which one corner is moved."""
    rng = np.random.default_rng(size)
    side = int(np.ceil(np.sqrt(size)))
    level, upright = _edges(side, rng)
    units = {STREET: GroundUnit(Tier.STREET)}
    parts: dict[str, list[Polygon]] = {}
    outlines = {}
    for number in range(size):
        row, column = divmod(number, side)
        code = f"{STREET}{row // COMMUNITY_SIDE * 20 + column // COMMUNITY_SIDE:03d}"
        units.setdefault(code, GroundUnit(Tier.COMMUNITY, STREET))
        ring = [level[row, column], upright[row, column + 1], level[row + 1, column][::-1]]
        corners = np.concatenate([*ring, upright[row, column][::-1]])
        parts.setdefault(code, []).append(Polygon(corners))
        if rng.random() < wrong:
            corners[3] += rng.choice((-1, 1)) * CELL / 50
        grid = f"{code}{number:05d}"
        units[grid] = GroundUnit(Tier.GRID, code, households=400, residents=1200)
        outlines[grid] = Polygon(corners)
    above = {code: shapely.coverage_union_all(below) for code, below in parts.items()}
    outlines |= above | {STREET: shapely.coverage_union_all(list(above.values()))}
    held = [Held(code, DAY) for code, unit in units.items() if unit.tier is Tier.GRID]
    return Ground(units, outlines, _lanes(level, upright), held, day=DAY)


def _edges(side: int, rng: np.random.Generator) -> tuple[Line, Line]:
    """Lines from corner to corner of a lattice, eastwards and northwards, each shared by two grids."""
    corners = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0)), axis=-1)
    corners += rng.uniform(-0.2, 0.2, corners.shape)
    level = _bent(corners[:, :-1], corners[:, 1:], rng)
    upright = _bent(corners[:-1], corners[1:], rng)
    return level, upright


def _bent(start: Line, end: Line, rng: np.random.Generator) -> Line:
    share = np.linspace(0, 1, CORNERS_ON_A_SIDE + 1)[:, None]
    lines = start[..., None, :] * (1 - share) + end[..., None, :] * share
    lines[..., 1:-1, :] += rng.uniform(-0.03, 0.03, lines[..., 1:-1, :].shape)
    return lines * CELL + (WEST, SOUTH)


def _lanes(level: Line, upright: Line) -> list[NamedLane]:
    return [
        NamedLane(f"{way}{number}", LineString(line))
        for way, lines in (("E", level), ("N", upright))
        for number, line in enumerate(lines.reshape(-1, *lines.shape[-2:])[::2])
    ]
