"""Compounds, markets, schools, parks and buildings, each at a house number."""

from collections.abc import Iterator
from itertools import product
from random import Random

from app.demo.street import Lane, Place, Segment
from app.demo.vocabulary import words

COMPOUNDS_PER_GRID = 2

Door = tuple[Lane, Segment, int]


def place_address(lane: str, number: int) -> str:
    """The address of a house as the street's own lists write it."""
    street = words("street")
    return str(
        street["house_address"].format(
            district=street["district"], street=street["name"], lane=lane, number=number
        )
    )


def lay_places(lanes: tuple[Lane, ...], grids: list[str], rng: Random) -> tuple[Place, ...]:
    """Two compounds in every grid and the other kinds spread over the grids, all with different names."""
    doors = {grid: [door for door in _doors(lanes) if door[1].grid_of(door[2]) == grid] for grid in grids}
    kinds = words("street")["places"]["counts"]
    wanted = [("compound", grid) for grid in grids for _ in range(COMPOUNDS_PER_GRID)]
    wanted += [(kind, rng.choice(grids)) for kind, count in kinds.items() for _ in range(count)]
    names = _names(rng)
    taken: set[str] = set()
    return tuple(_place(kind, doors[grid], names, taken, rng) for kind, grid in wanted)


def _doors(lanes: tuple[Lane, ...]) -> Iterator[Door]:
    for lane in lanes:
        for segment in lane.segments:
            for number in segment.numbers():
                yield lane, segment, number


def _names(rng: Random) -> list[str]:
    parts = words("street")["places"]
    stems = [first + second for first, second in product(parts["first"], parts["second"]) if first != second]
    rng.shuffle(stems)
    return stems


def _place(kind: str, doors: list[Door], stems: list[str], taken: set[str], rng: Random) -> Place:
    parts = words("street")["places"]
    stem = stems.pop()
    name = stem + rng.choice([end for end in parts["endings"][kind] if not set(end) & set(stem)])
    lane, segment, number = rng.choice(doors)
    address = place_address(lane.name, number)
    while address in taken:
        lane, segment, number = rng.choice(doors)
        address = place_address(lane.name, number)
    taken.add(address)
    pattern = parts["alias"].get(kind)
    alias = pattern.format(name=name, stem=stem) if pattern else name
    aliases = () if alias == name else (alias,)
    return Place(name, kind, segment.house(number), address, aliases, str(segment.grid_of(number)))
