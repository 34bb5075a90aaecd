"""What a draft does to the land of a street, edit by edit. Pure: each edit takes a land and gives another.

Every edit raises Invalid with what to do where it makes no sense on that land. What leaves a gap or an
overlap is allowed here and found by the check, which keeps such a draft from being published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.drafting.drawn import SMALLEST, Json, cut, degrees, read_line, read_polygon
from grid.drafting.land import Fact, Land, area_m2, onto
from grid.material.hierarchy import LONGEST_NAME
from grid.vocabulary import CODE_LENGTH, EditKind, Tier

SNAP = 0.5
"""Metres within which a drawn corner is that of the neighbour: the width below which land is a sliver."""

MOST_PEOPLE = 1_000_000
"""Households or residents of a grid beyond which a count is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Redraw:
    """Shift edges: new outlines, as GeoJSON, of the grids on both sides of them."""

    kind: ClassVar[EditKind] = EditKind.REDRAW
    outlines: Mapping[str, Json]

    def apply(self, land: Land) -> Land:
        """The land with these outlines."""
        if not self.outlines:
            raise Invalid(_("Nothing was drawn."))
        drawn = {code: read_polygon(outline) for code, outline in self.outlines.items()}
        for code in drawn:
            land.grid(code)
        return land.redrawn(drawn, degrees(SNAP))

    def touched(self, _land: Land) -> set[str]:
        """The codes of units that must be as they were when this was drawn."""
        return set(self.outlines)


@dataclass(frozen=True, slots=True)
class Split:
    """Cut a grid in two along a line; the smaller part, or with `larger` the larger, is a new grid."""

    kind: ClassVar[EditKind] = EditKind.SPLIT
    grid: str
    line: Json
    code: str
    name: str
    larger: bool = False

    def apply(self, land: Land) -> Land:
        """The land with both parts."""
        whole = land.outline(self.grid)
        parts = sorted(cut(whole, read_line(self.line)), key=shapely.area)
        if len(parts) != 2:
            raise Invalid(_("The line must cut the grid in two; draw it across once, from border to border."))
        if area_m2(parts[0]) < SMALLEST:
            raise Invalid(_("The line cuts off a strip of less than %(area)s m².", area=int(SMALLEST)))
        kept, new = parts if self.larger else reversed(parts)
        fact = _new_grid(self.code, self.name, land)
        # How many live in each part nobody has counted yet.
        halved = _called(land, replace(land.grid(self.grid), households=None, residents=None))
        return halved.with_unit(fact).redrawn({self.grid: kept, fact.code: new})

    def touched(self, _land: Land) -> set[str]:
        """The grid that is cut."""
        return {self.grid}


@dataclass(frozen=True, slots=True)
class Merge:
    """Unite grids that lie side by side under the first of them; the others are there no more."""

    kind: ClassVar[EditKind] = EditKind.MERGE
    grids: list[str]
    name: str | None = None

    def apply(self, land: Land) -> Land:
        """The land with the one grid."""
        if len(set(self.grids)) < 2:
            raise Invalid(_("Choose two grids or more to unite."))
        into, *others = dict.fromkeys(self.grids)
        facts = [land.grid(code) for code in (into, *others)]
        if len({fact.community for fact in facts}) > 1:
            raise Invalid(_("Only grids of one community are united; move them to one community first."))
        whole = shapely.union_all([land.outline(code) for code in (into, *others)])
        if len(shapely.get_parts(whole)) > 1:
            raise Invalid(_("Grids that do not lie side by side cannot be united."))
        for code in others:
            land = land.without(code, into)
        name = facts[0].name if self.name is None else _name(self.name)
        fact = Fact(into, Tier.GRID, name, *_together(facts))
        return _called(land, fact).redrawn({into: shapely.get_parts(whole)[0]})

    def touched(self, _land: Land) -> set[str]:
        """All of them."""
        return set(self.grids)


@dataclass(frozen=True, slots=True)
class Add:
    """Draw a new grid of a community; what it covers is taken from the grids that had it."""

    kind: ClassVar[EditKind] = EditKind.ADD
    code: str
    name: str
    outline: Json

    def apply(self, land: Land) -> Land:
        """The land with the new grid."""
        fact = _new_grid(self.code, self.name, land)
        drawn = land.with_unit(fact).redrawn({fact.code: read_polygon(self.outline)}, degrees(SNAP))
        new = drawn.outlines[fact.code]
        rest = {}
        for code in self._carved(land, new):
            if code in drawn.outlines:
                left = shapely.difference(drawn.outlines[code], new)
                if shapely.is_empty(left) or area_m2(left) < SMALLEST:
                    raise Invalid(_("It would leave nothing of grid %(code)s; unite the two.", code=code))
                rest[code] = left
        return drawn.redrawn(rest)

    def touched(self, land: Land) -> set[str]:
        """The community, and the grids from which land is taken."""
        new = onto(read_polygon(self.outline), land.border, degrees(SNAP))
        return {self.code[: CODE_LENGTH[Tier.COMMUNITY]], *self._carved(land, new)}

    def _carved(self, land: Land, new: BaseGeometry) -> list[str]:
        codes = sorted(land.outlines)
        common = shapely.intersection(np.array([land.outlines[code] for code in codes], dtype=object), new)
        return [code for code, area in zip(codes, shapely.area(common).tolist(), strict=True) if area > 0]


@dataclass(frozen=True, slots=True)
class Close:
    """Have a grid be no more; its land falls to `heir`, a neighbour, or to nobody yet."""

    kind: ClassVar[EditKind] = EditKind.CLOSE
    grid: str
    heir: str | None = None

    def apply(self, land: Land) -> Land:
        """The land without the grid."""
        land.grid(self.grid)
        if self.heir is None:
            return land.without(self.grid, None)
        if self.heir == self.grid:
            raise Invalid(_("Choose another grid for its land."))
        if self.grid not in land.outlines:
            land.grid(self.heir)
            return land.without(self.grid, self.heir)
        parts = [land.outline(self.heir), land.outline(self.grid)]
        whole = shapely.get_parts(shapely.union_all(parts))
        if len(whole) > 1:
            raise Invalid(_("Its land falls to a grid beside it; choose a neighbour."))
        return land.without(self.grid, self.heir).redrawn({self.heir: whole[0]})

    def touched(self, _land: Land) -> set[str]:
        """The grid and who gets its land."""
        return {self.grid} | ({self.heir} if self.heir else set())


@dataclass(frozen=True, slots=True)
class Move:
    """Give a grid to another community, under a code that begins with that community's."""

    kind: ClassVar[EditKind] = EditKind.MOVE
    grid: str
    code: str

    @property
    def community(self) -> str:
        """The code of its new community."""
        return self.code[: CODE_LENGTH[Tier.COMMUNITY]]

    def apply(self, land: Land) -> Land:
        """The land with the grid under its new code."""
        old = land.grid(self.grid)
        fact = _new_grid(self.code, old.name, land)
        if fact.community == old.community:
            raise Invalid(_("The grid belongs to this community already."))
        moved = Fact(fact.code, Tier.GRID, old.name, old.households, old.residents)
        outlines = {moved.code: land.outlines[self.grid]} if self.grid in land.outlines else {}
        gone = land.with_unit(moved).without(self.grid, moved.code).redrawn(outlines)
        return replace(gone, moves={**gone.moves, self.grid: moved.code})

    def touched(self, _land: Land) -> set[str]:
        """The grid and its new community."""
        return {self.grid, self.community}


@dataclass(frozen=True, slots=True)
class Describe:
    """Say what a grid is called and how many live there; None where it is not known."""

    kind: ClassVar[EditKind] = EditKind.DESCRIBE
    grid: str
    name: str
    households: int | None = None
    residents: int | None = None

    def apply(self, land: Land) -> Land:
        """The land with the grid so described."""
        fact = land.grid(self.grid)
        if any(
            count is not None and not 0 <= count <= MOST_PEOPLE for count in (self.households, self.residents)
        ):
            raise Invalid(_("A count lies between 0 and %(most)s.", most=MOST_PEOPLE))
        name = _name(self.name)
        return _called(land, Fact(fact.code, fact.tier, name, self.households, self.residents))

    def touched(self, _land: Land) -> set[str]:
        """The grid."""
        return {self.grid}


Edit = Redraw | Split | Merge | Add | Close | Move | Describe

_KINDS: dict[EditKind, Callable[..., Edit]] = {
    one.kind: one for one in (Redraw, Split, Merge, Add, Close, Move, Describe)
}

_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("grid", "code"), str),
    **dict.fromkeys(("name", "heir"), (str, type(None))),
    **dict.fromkeys(("line", "outline"), dict),
    "larger": bool,
    **dict.fromkeys(("households", "residents"), (int, type(None))),
}


def read_edit(kind: str, said: Mapping[str, Any]) -> Edit:
    """The edit that was sent or kept; raises Invalid for an unknown kind and fields that do not fit."""
    try:
        if all(_fits(name, value) for name, value in said.items()):
            return _KINDS[EditKind(kind)](**said)
    except (KeyError, TypeError, ValueError):
        pass
    raise Invalid(_("This edit is not understood; open the draft anew."))


def _fits(name: str, value: Any) -> bool:
    if name == "grids":
        return isinstance(value, list) and all(isinstance(code, str) for code in value)
    if name == "outlines":
        return isinstance(value, dict) and all(isinstance(outline, dict) for outline in value.values())
    return isinstance(value, _TYPES[name])


def _new_grid(code: str, name: str, land: Land) -> Fact:
    parent = land.units.get(code[: CODE_LENGTH[Tier.COMMUNITY]])
    is_code = code.isascii() and code.isdigit()
    if not is_code or len(code) != CODE_LENGTH[Tier.GRID] or parent is None:
        raise Invalid(_("The code of a grid is its community's and three digits more."))
    return Fact(code, Tier.GRID, _name(name))


def _name(name: str) -> str:
    if not (name and name.strip()) or len(name) > LONGEST_NAME:
        raise Invalid(_("a name of 1 to %(limit)s characters is needed", limit=LONGEST_NAME))
    return name.strip()


def _called(land: Land, fact: Fact) -> Land:
    return replace(land, units={**land.units, fact.code: fact})


def _together(facts: list[Fact]) -> tuple[int | None, int | None]:
    """Households and residents of all; not known where one is not."""
    households = [fact.households for fact in facts]
    residents = [fact.residents for fact in facts]
    return _sum(households), _sum(residents)


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
