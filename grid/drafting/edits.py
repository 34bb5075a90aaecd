"""What a draft does to the land of a street, edit by edit. Pure: each edit takes a land and gives another.

Every edit raises Invalid with what to do where it makes no sense on that land. What leaves a gap or an
overlap is allowed here and found by the check, which keeps such a draft from being published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import shapely
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.drafting.land import EXACT, Fact, Land, area_m2
from grid.geometry.plane import Plane
from grid.material.hierarchy import LONGEST_NAME
from grid.vocabulary import CODE_LENGTH, EditKind, Tier

REACH = 200.0
"""Metres by which a cut that ends inside is drawn on to the border: lanes end short of the houses' backs."""

BEYOND = 3.0
"""Metres by which every cut is drawn on, so that it meets the border that it was drawn up to."""

SNAP = 0.5
"""Metres within which a drawn corner is that of the neighbour: the width below which land is a sliver."""

SMALLEST = 100.0
"""Square metres below which a part is a slip of the hand and no grid."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redraw:
    """Shift edges: new outlines, as GeoJSON, of the grids on both sides of them."""

    kind: ClassVar[EditKind] = EditKind.REDRAW
    outlines: Mapping[str, Json]

    def apply(self, land: Land) -> Land:
        """The land with these outlines."""
        if not self.outlines:
            raise Invalid(_("Nothing was drawn."))
        drawn = {code: _polygon(outline) for code, outline in self.outlines.items()}
        for code in drawn:
            land.grid(code)
        return land.redrawn(drawn, _degrees(SNAP))

    def touched(self) -> set[str]:
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
        parts = sorted(_cut(whole, _line(self.line)), key=shapely.area)
        if len(parts) != 2:
            raise Invalid(_("The line must cut the grid in two; draw it across once, from border to border."))
        if area_m2(parts[0]) < SMALLEST:
            raise Invalid(_("The line cuts off a strip of less than %(area)s m².", area=int(SMALLEST)))
        kept, new = parts if self.larger else reversed(parts)
        fact = _new_grid(self.code, self.name, land)
        return land.with_unit(fact).redrawn({self.grid: kept, fact.code: new})

    def touched(self) -> set[str]:
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
        whole = shapely.coverage_union_all([land.outline(code) for code in (into, *others)])
        if len(shapely.get_parts(whole)) > 1:
            raise Invalid(_("Grids that do not lie side by side cannot be united."))
        for code in others:
            land = land.without(code, into)
        fact = Fact(into, Tier.GRID, self.name or facts[0].name, *_together(facts))
        return _called(land, fact).redrawn({into: shapely.get_parts(whole)[0]})

    def touched(self) -> set[str]:
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
        drawn = land.with_unit(fact).redrawn({fact.code: _polygon(self.outline)}, _degrees(SNAP))
        new = drawn.outlines[fact.code]
        rest = {}
        for code, outline in land.outlines.items():
            if shapely.area(shapely.intersection(outline, new)) > 0:
                left = shapely.difference(drawn.outlines[code], new)
                if shapely.is_empty(left) or area_m2(left) < SMALLEST:
                    raise Invalid(_("It would leave nothing of grid %(code)s; unite the two.", code=code))
                rest[code] = left
        return drawn.redrawn(rest)

    def touched(self) -> set[str]:
        """The community; the grids from which land is taken may have changed."""
        return {self.code[: CODE_LENGTH[Tier.COMMUNITY]]}


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
        whole = shapely.get_parts(shapely.coverage_union_all(parts))
        if len(whole) > 1:
            raise Invalid(_("Its land falls to a grid beside it; choose a neighbour."))
        return land.without(self.grid, self.heir).redrawn({self.heir: whole[0]})

    def touched(self) -> set[str]:
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
        return land.with_unit(moved).without(self.grid, moved.code).redrawn(outlines)

    def touched(self) -> set[str]:
        """The grid and its new community."""
        return {self.grid, self.community}


Edit = Redraw | Split | Merge | Add | Close | Move

_KINDS: dict[EditKind, Callable[..., Edit]] = {
    one.kind: one for one in (Redraw, Split, Merge, Add, Close, Move)
}

_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("grid", "code"), str),
    **dict.fromkeys(("name", "heir"), (str, type(None))),
    **dict.fromkeys(("outlines", "line", "outline"), dict),
    "grids": list,
    "larger": bool,
}


def read_edit(kind: str, said: Mapping[str, Any]) -> Edit:
    """The edit that was sent or kept; raises Invalid for an unknown kind and fields that do not fit."""
    try:
        if all(isinstance(value, _TYPES[name]) for name, value in said.items()):
            return _KINDS[EditKind(kind)](**said)
    except (KeyError, TypeError, ValueError):
        pass
    raise Invalid(_("This edit is not understood; open the draft anew."))


def _new_grid(code: str, name: str, land: Land) -> Fact:
    parent = land.units.get(code[: CODE_LENGTH[Tier.COMMUNITY]])
    is_code = code.isascii() and code.isdigit()
    if not is_code or len(code) != CODE_LENGTH[Tier.GRID] or parent is None:
        raise Invalid(_("The code of a grid is its community's and three digits more."))
    if not (name and name.strip()) or len(name) > LONGEST_NAME:
        raise Invalid(_("a name of 1 to %(limit)s characters is needed", limit=LONGEST_NAME))
    return Fact(code, Tier.GRID, name.strip())


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


def _polygon(outline: Json) -> BaseGeometry:
    shape = _shape(outline, {"Polygon", "MultiPolygon"})
    if not shapely.is_valid(shape):
        raise Invalid(_("The outline crosses itself: %(why)s", why=str(shapely.is_valid_reason(shape))))
    if area_m2(shape) < SMALLEST:
        raise Invalid(_("The outline encloses less than %(area)s m².", area=int(SMALLEST)))
    return shape


def _line(line: Json) -> BaseGeometry:
    shape = _shape(line, {"LineString"})
    if shapely.length(shape) <= EXACT:
        raise Invalid(_("Draw a line of two corners or more."))
    return shape


def _shape(said: Json, kinds: set[str]) -> BaseGeometry:
    try:
        shape = from_geojson(said)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        shape = None
    if shape is None or shape.geom_type not in kinds or shapely.is_empty(shape):
        raise Invalid(_("What was drawn is not understood; draw it anew."))
    west, south, east, north = shapely.bounds(shape)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(_("What was drawn does not lie on the earth; draw it anew."))
    return shapely.force_2d(shape)


def _cut(whole: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """The polygons into which the line, drawn on a little, cuts the outline."""
    edges = shapely.node(shapely.union_all([shapely.boundary(whole), _drawn_on(line, whole)]))
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    return [part for part in parts if shapely.contains(whole, shapely.point_on_surface(part))]


def _drawn_on(line: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """The line with both ends straight on: to the border where it is near, and a step beyond."""
    corners, scale = shapely.get_coordinates(line), Plane.around(line).scale
    for end, before in ((0, 1), (-1, -2)):
        way = (corners[end] - corners[before]) * scale
        step = way / max(float((way**2).sum()) ** 0.5, EXACT) / scale
        to_border = _to_border(corners[end], step, whole)
        corners[end] += step * (to_border + BEYOND if to_border <= REACH else BEYOND)
    return shapely.linestrings(corners)


def _to_border(end: Any, step: Any, whole: BaseGeometry) -> float:
    """Metres from an end inside the outline straight on to its border; 0 for one that lies outside."""
    if not shapely.contains_xy(whole, *end):
        return 0.0
    ray = shapely.linestrings([end, end + step * 2 * REACH])
    met = shapely.get_coordinates(shapely.intersection(ray, shapely.boundary(whole)))
    return min((float((place - end) @ step / (step @ step)) for place in met), default=2 * REACH)


def _degrees(metres: float) -> float:
    """Metres as degrees of a meridian."""
    return metres / 111_000
