"""From evidence to a unit: the most specific one it allows, else its parent, else the street's desk. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from grid.locating.address import Reading, core
from grid.locating.coverage import NOWHERE, Outline
from grid.reason import Reason
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import Datum, RouteMethod, Tier

CERTAINTY = {
    Reason.POINT_IN_GRID: 1.0,
    Reason.POINT_ON_EDGE: 0.5,
    Reason.POINT_WITHOUT_GRID: 0.8,
    Reason.HOUSE_NUMBER: 0.95,
    Reason.HOUSE_NUMBER_ON_EDGE: 0.5,
    Reason.PLACE_NAME: 0.9,
    Reason.LANE_ONLY: 0.8,
    Reason.NUMBER_OUT_OF_RANGE: 0.6,
    Reason.COMMUNITY_NAME: 0.8,
}
"""How sure a route is by what decided it; the desk's is 0. Local estimates."""

OFFSET_DATUM = 0.95
"""What is left of the certainty of a point whose datum had to be converted."""

CONTRADICTED = 0.7
"""What is left where the point, or the community named beside the address, says otherwise."""

IN_PARENT = 0.75
"""What is left where the grids found share only their community."""

_CONVERTED = frozenset({Datum.GCJ02, Datum.BD09})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words about a place point to; units are indices of the street's outlines.

    `houses` are the spots of house numbers, `places` the meanings of each place name, `lanes` the units
    along each lane named.
    """

    reading: Reading
    is_blank: bool
    houses: Sequence[tuple[Sequence[int], Point]]
    places: Sequence[Sequence[tuple[Sequence[int], Point]]]
    lanes: Sequence[Sequence[int]]


class _Seat(NamedTuple):
    """An outline as the ids a route has."""

    code: str
    community_id: int | None
    grid_id: int | None


class Placing:
    """The rules of one street."""

    def __init__(
        self,
        street_id: int,
        tree: Tree,
        outlines: Iterable[Outline],
        namesakes: dict[str, tuple[str, ...]],
    ) -> None:
        self._street_id = street_id
        self._tree = tree
        self._namesakes = namesakes
        self._seats = [_seat(tree, outline) for outline in outlines]
        self._rules: tuple[Callable[[Evidence], Route | None], ...] = (
            self._by_house,
            self._by_place,
            self._by_lane,
            self._by_community,
        )

    def at_points(
        self, points: Iterable[Point], units: Iterable[int], shared: Mapping[int, Sequence[int]], datum: Datum
    ) -> list[Route | None]:
        """The routes of declared points by the unit that covers each, None where none does.

        `shared` has all units of the points, by position, that several cover.
        """
        offset = OFFSET_DATUM if datum in _CONVERTED else 1.0
        street = self._street_id
        heads = [self._head(seat, offset) for seat in self._seats]
        routes = [
            None if unit == NOWHERE else Route(street, *heads[unit], (), point)
            for unit, point in zip(units, points, strict=True)
        ]
        for index, several in shared.items():
            route = routes[index]
            if route is not None:
                routes[index] = self._shared_point(route, several, offset)
        return routes

    def by_words(self, evidence: Evidence, missed: Reason | None, point: Point | None) -> Route:
        """The route by words; `missed` says why a declared `point` did not decide."""
        if evidence.reading.other:
            return self._desk(Reason.OTHER_DISTRICT, (), point)
        unsure: Route | None = None
        for rule in self._rules:
            route = rule(evidence)
            if route is not None and route.method is not RouteMethod.DESK:
                return self._tempered(route, evidence.reading, missed)
            unsure = unsure or route
        if unsure is not None:
            return unsure._replace(reason=missed or unsure.reason, point=point)
        nothing = Reason.NO_PLACE_GIVEN if evidence.is_blank else Reason.NOTHING_RECOGNISED
        return self._desk(missed or nothing, (), point)

    def _head(self, seat: _Seat, offset: float) -> tuple[int | None, int | None, RouteMethod, float, Reason]:
        """What every point inside one unit has in common."""
        if seat.community_id is None:
            return None, None, RouteMethod.DESK, 0.0, Reason.POINT_WITHOUT_GRID
        reason = Reason.POINT_IN_GRID if seat.grid_id else Reason.POINT_WITHOUT_GRID
        return seat.community_id, seat.grid_id, RouteMethod.POINT, CERTAINTY[reason] * offset, reason

    def _shared_point(self, route: Route, units: Sequence[int], offset: float) -> Route:
        if route.method is RouteMethod.DESK:
            return route
        others = tuple(self._seats[unit].code for unit in units[1:])
        certainty = CERTAINTY[Reason.POINT_ON_EDGE] * offset
        return route._replace(certainty=certainty, reason=Reason.POINT_ON_EDGE, candidates=others)

    def _by_house(self, evidence: Evidence) -> Route | None:
        units = list(chain.from_iterable(units for units, _ in evidence.houses))
        if len(evidence.houses) == 1 and len(units) > 1:
            return self._on_edge(units, evidence.houses[0][1])
        point = evidence.houses[0][1] if len(evidence.houses) == 1 else None
        return self._common(units, RouteMethod.LANE_NUMBER, Reason.HOUSE_NUMBER, point)

    def _by_place(self, evidence: Evidence) -> Route | None:
        unsure: Route | None = None
        for meanings in evidence.places:
            units = self._narrowed(chain.from_iterable(units for units, _ in meanings), evidence.reading)
            point = meanings[0][1] if len(meanings) == 1 else None
            route = self._common(units, RouteMethod.PLACE, Reason.PLACE_NAME, point)
            if route is not None:
                return route
            unsure = unsure or self._unsure(Reason.PLACE_AMBIGUOUS, units)
        return unsure

    def _by_lane(self, evidence: Evidence) -> Route | None:
        touched = [set(units) for units in evidence.lanes if units]
        if not touched:
            return None
        # Two lanes name their crossing.
        units = self._narrowed(set.intersection(*touched) or set.union(*touched), evidence.reading)
        numbered = any(number is not None for _, number in evidence.reading.lanes)
        reason = Reason.NUMBER_OUT_OF_RANGE if numbered else Reason.LANE_ONLY
        route = self._common(units, RouteMethod.LANE, reason, None)
        return route or self._unsure(Reason.LANE_AMBIGUOUS, units)

    def _by_community(self, evidence: Evidence) -> Route | None:
        named = list(dict.fromkeys(evidence.reading.communities))
        if not named:
            return None
        nodes = [self._tree.by_code[code] for code in named]
        elsewhere: list[str] = []
        if not evidence.reading.names_street:
            elsewhere = [code for node in nodes for code in self._namesakes.get(core(node.name), ())]
        if len(named) > 1 or elsewhere:
            return self._desk(Reason.COMMUNITY_AMBIGUOUS, (*named, *elsewhere), None)
        certainty = CERTAINTY[Reason.COMMUNITY_NAME]
        return Route(
            self._street_id, nodes[0].id, None, RouteMethod.COMMUNITY, certainty, Reason.COMMUNITY_NAME
        )

    def _common(
        self, units: Sequence[int], method: RouteMethod, reason: Reason, point: Point | None
    ) -> Route | None:
        """The one grid that all `units` are, or the one community that all lie in, or None."""
        seats = {self._seats[unit] for unit in units}
        communities = {seat.community_id for seat in seats}
        if len(communities) != 1 or None in communities:
            return None
        community, certainty = communities.pop(), CERTAINTY[reason]
        if len(seats) == 1:
            grid = seats.pop().grid_id
            return Route(self._street_id, community, grid, method, certainty, reason, (), point)
        codes = tuple(sorted(seat.code for seat in seats))
        return Route(self._street_id, community, None, method, certainty * IN_PARENT, reason, codes, point)

    def _on_edge(self, units: Sequence[int], point: Point) -> Route:
        first, *others = (self._seats[unit] for unit in units)
        reason = Reason.HOUSE_NUMBER_ON_EDGE
        return Route(
            self._street_id,
            first.community_id,
            first.grid_id,
            RouteMethod.LANE_NUMBER,
            CERTAINTY[reason],
            reason,
            tuple(seat.code for seat in others),
            point,
        )

    def _narrowed(self, units: Iterable[int], reading: Reading) -> list[int]:
        """Those of `units` that lie in the communities named beside them, or all where none does."""
        all_units = sorted(set(units))
        named = {self._tree.by_code[code].id for code in reading.communities}
        return [unit for unit in all_units if self._seats[unit].community_id in named] or all_units

    def _tempered(self, route: Route, reading: Reading, missed: Reason | None) -> Route:
        """Less sure where the declared point lay outside, or where another community is named as well."""
        named = {self._tree.by_code[code].id: code for code in reading.communities}
        if named and route.community_id not in named:
            candidates = (*route.candidates, *named.values())
            route = route._replace(certainty=route.certainty * CONTRADICTED, candidates=candidates)
        if missed is Reason.POINT_OUTSIDE_STREET:
            route = route._replace(certainty=route.certainty * CONTRADICTED)
        return route

    def _unsure(self, reason: Reason, units: Iterable[int]) -> Route | None:
        codes = tuple(sorted({self._seats[unit].code for unit in units}))
        return self._desk(reason, codes, None) if codes else None

    def _desk(self, reason: Reason, candidates: tuple[str, ...], point: Point | None) -> Route:
        return Route(self._street_id, None, None, RouteMethod.DESK, 0.0, reason, candidates, point)


def _seat(tree: Tree, outline: Outline) -> _Seat:
    places = tree.places(outline.unit_id)
    return _Seat(outline.code, places.get(Tier.COMMUNITY), places.get(Tier.GRID))
