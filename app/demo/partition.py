"""Putting neighbouring blocks together: blocks to grids, grids to communities."""

from random import Random

Neighbours = dict[int, list[int]]

SMALLEST, USUAL, LARGEST = 3, 4, 5
TRIES = 5000


def merge_pairs(neighbours: Neighbours, merges: int, rng: Random) -> list[list[int]]:
    """Cells as groups of one, of which so many neighbouring pairs are put together as a group of two."""
    free = set(neighbours)
    pairs = [(a, b) for a, near in sorted(neighbours.items()) for b in near if a < b]
    rng.shuffle(pairs)
    groups: list[list[int]] = []
    for first, second in pairs:
        if len(groups) < merges and first in free and second in free:
            groups.append([first, second])
            free -= {first, second}
    return groups + [[cell] for cell in sorted(free)]


def regions(neighbours: Neighbours, count: int, rng: Random) -> list[list[int]]:
    """Exactly `count` connected regions of three to five cells covering all cells.

    Greedy growth fails now and then by leaving scattered remainders; it is tried again with the next
    random numbers, so the result still depends on the seed alone.
    """
    for _ in range(TRIES):
        found = _absorb(_grow(neighbours, rng), neighbours)
        if len(found) == count and all(SMALLEST <= len(region) <= LARGEST for region in found):
            return found
    raise ValueError(f"no division of {len(neighbours)} cells into {count} regions was found")


def _grow(neighbours: Neighbours, rng: Random) -> list[list[int]]:
    free = set(neighbours)
    found = []
    while free:
        order = {cell: rng.random() for cell in sorted(free)}
        start = min(order, key=lambda cell: (sum(n in free for n in neighbours[cell]), order[cell]))
        region = [start]
        free.discard(start)
        while len(region) < USUAL:
            edge = sorted({n for cell in region for n in neighbours[cell] if n in free})
            if not edge:
                break
            best = min(edge, key=lambda cell: _roughness(cell, region, free, neighbours) + order[cell])
            region.append(best)
            free.discard(best)
        found.append(region)
    return found


def _roughness(cell: int, region: list[int], free: set[int], neighbours: Neighbours) -> float:
    """Low for a cell that touches the region often and would otherwise be left alone."""
    near = neighbours[cell]
    return sum(n in free for n in near) - 2.0 * sum(n in region for n in near)


def _absorb(found: list[list[int]], neighbours: Neighbours) -> list[list[int]]:
    """Give the cells of regions that stayed too small to neighbouring regions with room."""
    kept = [region for region in found if len(region) >= SMALLEST]
    for cell in [cell for region in found if len(region) < SMALLEST for cell in region]:
        room = [r for r in kept if len(r) < LARGEST and any(n in r for n in neighbours[cell])]
        if not room:
            return []
        min(room, key=len).append(cell)
    return kept
