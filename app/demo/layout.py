"""The made-up street as a whole: blocks, grids, communities, lanes and places from one seed."""

from random import Random

import shapely
from shapely import Polygon

from app.demo.lanes import lay_lanes
from app.demo.lattice import Block, Lattice, lay_blocks
from app.demo.partition import Neighbours, merge_pairs, regions
from app.demo.places import lay_places
from app.demo.street import Community, Grid, Street
from app.demo.vocabulary import communities, words

GRIDS = 104

HOUSEHOLDS = (420, 980)
"""Around the district's average of 784 dwellings a grid."""

PERSONS_PER_HOUSEHOLD = (2.4, 2.9)


SEED = 2020


def lay_out(seed: int = SEED) -> Street:
    """The street around 113.07 E 22.60 N, 34 square kilometres, 26 communities and 104 grids.

    The same seed gives the same street. Polygons share their vertices exactly: the communities are the
    union of their grids and the street is the union of its communities, without gap or overlap.
    """
    rng = Random(seed)  # noqa: S311 - a map that must be repeatable, not a secret
    text = words("street")
    lattice = lay_blocks(text["outline"], rng)
    groups = _group_blocks(lattice, rng)
    polygons = [_union([lattice.polygon(block) for block in group]) for group in groups]
    found = regions(_touching(groups), len(communities()), rng)
    found.sort(key=lambda region: min((-polygons[i].centroid.y, polygons[i].centroid.x) for i in region))
    settled = tuple(
        _community(code, name, sorted(region), polygons, rng)
        for (code, name), region in zip(communities(), found, strict=True)
    )
    codes = {
        index: grid.code
        for community, region in zip(settled, found, strict=True)
        for grid, index in zip(community.grids, sorted(region), strict=True)
    }
    block_grid = {block: codes[index] for index, group in enumerate(groups) for block in group}
    lanes = lay_lanes(lattice, block_grid, rng)
    places = lay_places(lanes, sorted(codes.values()), rng)
    outline = _union([community.polygon for community in settled])
    return Street(text["code"], text["name"], outline, settled, lanes, places)


def _group_blocks(lattice: Lattice, rng: Random) -> list[list[Block]]:
    """The blocks of each grid."""
    blocks = sorted(lattice.blocks)
    pairs = merge_pairs(_touching([[block] for block in blocks]), len(blocks) - GRIDS, rng)
    return [[blocks[index] for index in pair] for pair in pairs]


def _touching(groups: list[list[Block]]) -> Neighbours:
    owner = {block: index for index, group in enumerate(groups) for block in group}
    found: dict[int, set[int]] = {index: set() for index in range(len(groups))}
    for (column, row), index in owner.items():
        for beside in ((column + 1, row), (column, row + 1)):
            other = owner.get(beside, index)
            if other != index:
                found[index].add(other)
                found[other].add(index)
    return {index: sorted(near) for index, near in found.items()}


def _community(code: str, name: str, region: list[int], polygons: list[Polygon], rng: Random) -> Community:
    pattern = words("street")["grid_name"]
    grids = []
    for number, index in enumerate(region, start=1):
        households = rng.randint(*HOUSEHOLDS)
        residents = round(households * rng.uniform(*PERSONS_PER_HOUSEHOLD))
        grid_name = pattern.format(community=name, number=number)
        grids.append(Grid(f"{code}{number:03d}", grid_name, polygons[index], households, residents))
    return Community(code, name, _union([grid.polygon for grid in grids]), tuple(grids))


def _union(polygons: list[Polygon]) -> Polygon:
    """The union of polygons with identical shared edges, keeping every vertex where it is."""
    return shapely.get_geometry(shapely.coverage_union_all(polygons), 0) if len(polygons) > 1 else polygons[0]
