"""Addresses as people write them, and the grid each of them truly means."""

from dataclasses import dataclass
from random import Random
from typing import Any

from shapely import Point

from app.demo.street import Segment, Street
from app.demo.vocabulary import words

_WIDE = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))


@dataclass(frozen=True)
class Address:
    """One address as written, with what a reader of the scenario knows beyond it.

    `form` is number, place, lane, community or nowhere. `grid` is the code the address determines, None
    where it determines none; `community` likewise. `point` (WGS-84) is the spot itself, None for nowhere.
    `place` and `spot` are how a text and a title speak of it.
    """

    text: str
    form: str
    place: str
    spot: str
    grid: str | None
    community: str | None
    point: Point | None


class AddressBook:
    """Draws addresses all over one street, each house and each place alike."""

    def __init__(self, street: Street) -> None:
        self._text = words("addresses")
        self._street = street
        self._houses = [
            (lane.name, segment, segment.numbers()) for lane in street.lanes for segment in lane.segments
        ]
        self._weights = [len(numbers) for _, _, numbers in self._houses]
        self._lane_grids = {
            lane.name: {g for s in lane.segments for g in (s.left_grid, s.right_grid) if g}
            for lane in street.lanes
        }
        self._forms = {
            "number": self._number,
            "place": self._place,
            "lane": self._lane,
            "community": self._community,
            "nowhere": self._nowhere,
        }

    def draw(self, rng: Random) -> Address:
        """One address; about 70 % have lane and number and 5 % lead nowhere."""
        shares = self._text["shares"]
        form = rng.choices(list(shares), list(shares.values()))[0]
        return self._forms[form](rng)

    def _write(self, form: str, rng: Random, **parts: str) -> tuple[str, str]:
        """The address in full, and without the room, since what is outside a house is not beside a room."""
        patterns: list[dict[str, Any]] = self._text[form]
        pattern = rng.choices(patterns, [entry["share"] for entry in patterns])[0]["text"]
        rooms = self._text["rooms"]
        parts["annex"] = rng.choice(rooms["annexes"])
        parts["wide"] = parts.get("number", "").translate(_WIDE)
        return pattern.format(room=rng.choice(rooms["texts"]), **parts), pattern.format(room="", **parts)

    def _house(self, rng: Random) -> tuple[str, Segment, int]:
        lane, segment, numbers = rng.choices(self._houses, self._weights)[0]
        return lane, segment, rng.choice(numbers)

    def _number(self, rng: Random) -> Address:
        lane, segment, number = self._house(rng)
        text, outside = self._write("number", rng, lane=lane, number=str(number))
        spot = self._text["house"].format(lane=lane, number=number) if rng.random() < 0.3 else lane
        grid = segment.grid_of(number)
        return Address(text, "number", outside, spot, grid, _parent(grid), segment.house(number))

    def _place(self, rng: Random) -> Address:
        place = rng.choice(self._street.places)
        name = rng.choice([place.name, *place.aliases])
        text, outside = self._write("place", rng, place=name)
        return Address(text, "place", outside, name, place.grid, _parent(place.grid), place.point)

    def _lane(self, rng: Random) -> Address:
        lane, segment, number = self._house(rng)
        text, outside = self._write("lane", rng, lane=lane)
        grids = self._lane_grids[lane]
        grid = next(iter(grids)) if len(grids) == 1 else None
        communities = {_parent(code) for code in grids}
        community = next(iter(communities)) if len(communities) == 1 else None
        return Address(text, "lane", outside, lane, grid, community, segment.house(number))

    def _community(self, rng: Random) -> Address:
        community = rng.choice(self._street.communities)
        text, outside = self._write("community", rng, community=community.name)
        point = rng.choice(community.grids).polygon.representative_point()
        spot = Point(round(point.x, 6), round(point.y, 6))
        return Address(text, "community", outside, community.name, None, community.code, spot)

    def _nowhere(self, rng: Random) -> Address:
        lane, _, number = self._house(rng)
        text, _ = self._write("nowhere", rng, lane=lane, number=str(number))
        unsaid = self._text["unsaid"]
        return Address(text, "nowhere", unsaid["place"], unsaid["spot"], None, None, None)


def _parent(grid: str | None) -> str | None:
    return grid[:12] if grid else None
