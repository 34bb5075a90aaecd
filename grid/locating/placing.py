"""From evidence to a unit: the most specific one it allows, else its parent, else the street's desk. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from grid.locating.address import Reading
from grid.locating.certainty import CERTAINTY, CONTRADICTED, IN_PARENT, OFFSET_DATUM
from grid.locating.communities import core
from grid.locating.coverage import NOWHERE, Outline
from grid.reason import Reason
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import Datum, RouteMethod, Tier

_CONVERTED = frozenset({Datum.GCJ02, Datum.BD09})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words about a place point to; units are indices of the street's outlines.

    `houses` are the spots of house numbers, `places` the meanings of each place name, `lanes` the units
    along each lane named; `houses_across` are spots on the other side of the lane from a number, and
    `places_across` the meanings of names that the place meant lies opposite of.
    """

    reading: Reading
    is_blank: bool
    houses: Sequence[tuple[Sequence[int], Point]]
    places: Sequence[Sequence[tuple[Sequence[int], Point]]]
    lanes: Sequence[Sequence[int]]
    houses_across: Sequence[tuple[Sequence[int], Point]] = ()
    places_across: Sequence[Sequence[tuple[Sequence[int], Point]]] = ()


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
            self._across_the_lane,
            self._across_from_place,
            self._by_grid,
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

    def questioned(self, route: Route, reading: Reading) -> Route:
        """The route of a declared point, less sure where the words beside it name somewhere else."""
        said = (reading.other,) if reading.other else self._said(reading)
        if route.method is RouteMethod.DESK or self._agrees(route, said):
            return route
        return self._contradicted(route, said)._replace(reason=Reason.POINT_AGAINST_WORDS)

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
        units = list(_all_units(evidence.houses))
        if len(evidence.houses) == 1 and len(units) > 1:
            return self._on_edge(units, evidence.houses[0][1])
        point = evidence.houses[0][1] if len(evidence.houses) == 1 else None
        return self._common(units, RouteMethod.LANE_NUMBER, Reason.HOUSE_NUMBER, point)

    def _by_place(self, evidence: Evidence) -> Route | None:
        known = [set(_all_units(meanings)) for meanings in evidence.places]
        known = [units for units in known if units]
        if not known:
            return None
        # Several places that share no unit stand for all of theirs: the spot may lie between them.
        units = self._narrowed(set.intersection(*known) or set.union(*known), evidence.reading)
        is_single = len(evidence.places) == 1 == len(evidence.places[0])
        point = evidence.places[0][0][1] if is_single else None
        route = self._common(units, RouteMethod.PLACE, Reason.PLACE_NAME, point)
        reason = Reason.PLACE_AMBIGUOUS if len(known) == 1 else Reason.PLACES_DIFFER
        return route or self._unsure(reason, units)

    def _across_the_lane(self, evidence: Evidence) -> Route | None:
        if not evidence.houses_across:
            return None
        units = list(_all_units(evidence.houses_across))
        point = evidence.houses_across[0][1] if len(evidence.houses_across) == 1 else None
        reason = Reason.ACROSS_THE_LANE
        codes = tuple(sorted({self._seats[unit].code for unit in units}))
        return self._common(units, RouteMethod.LANE_NUMBER, reason, point) or self._desk(reason, codes, None)

    def _across_from_place(self, evidence: Evidence) -> Route | None:
        """Only the community: on which side the opposite lies is not known."""
        units = self._narrowed(chain(*map(_all_units, evidence.places_across)), evidence.reading)
        route = self._common(units, RouteMethod.PLACE, Reason.ACROSS_FROM_PLACE, None)
        if route is None:
            return self._unsure(Reason.ACROSS_FROM_PLACE, units)
        codes = tuple(sorted({self._seats[unit].code for unit in units}))
        return route._replace(grid_id=None, candidates=codes)

    def _by_grid(self, evidence: Evidence) -> Route | None:
        grids = self._grids(evidence.reading)
        if not grids:
            return None
        if len(grids) > 1:
            return self._desk(Reason.GRID_AMBIGUOUS, grids, None)
        node = self._tree.by_code[grids[0]]
        return Route(
            self._street_id,
            node.parent_id,
            node.id,
            RouteMethod.COMMUNITY,
            CERTAINTY[Reason.GRID_NAME],
            Reason.GRID_NAME,
        )

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
        """Those of `units` that lie in the grids, else in the communities, named beside them; else all."""
        all_units = sorted(set(units))
        for codes in (self._grids(reading), reading.communities):
            inside = [unit for unit in all_units if self._seats[unit].code.startswith(codes)]
            if inside:
                return inside
        return all_units

    def _tempered(self, route: Route, reading: Reading, missed: Reason | None) -> Route:
        """Less sure where the declared point lay outside, or where another unit is named as well."""
        said = self._said(reading)
        if not self._agrees(route, said):
            route = self._contradicted(route, said)
        if missed is Reason.POINT_OUTSIDE_STREET:
            route = route._replace(certainty=route.certainty * CONTRADICTED)
        return route

    def _grids(self, reading: Reading) -> tuple[str, ...]:
        """The codes of the grids named; of namesakes those in the communities named beside them."""
        codes = dict.fromkeys(chain.from_iterable(reading.grids))
        inside = tuple(code for code in codes if code.startswith(reading.communities))
        return inside or tuple(codes)

    def _said(self, reading: Reading) -> tuple[str, ...]:
        """The codes of the units that the words name: of grids, else of communities."""
        return self._grids(reading) or tuple(dict.fromkeys(reading.communities))

    def _agrees(self, route: Route, said: tuple[str, ...]) -> bool:
        """Whether what was found, or was possible as well, lies in one of the units named or holds it."""
        unit = self._tree[route.holder_id].code
        inside = any(one.startswith(said) for one in (unit, *route.candidates))
        return not said or inside or any(code.startswith(unit) for code in said)

    def _contradicted(self, route: Route, said: tuple[str, ...]) -> Route:
        candidates = tuple(dict.fromkeys((*route.candidates, *said)))
        return route._replace(certainty=route.certainty * CONTRADICTED, candidates=candidates)

    def _unsure(self, reason: Reason, units: Iterable[int]) -> Route | None:
        codes = tuple(sorted({self._seats[unit].code for unit in units}))
        return self._desk(reason, codes, None) if codes else None

    def _desk(self, reason: Reason, candidates: tuple[str, ...], point: Point | None) -> Route:
        return Route(self._street_id, None, None, RouteMethod.DESK, 0.0, reason, candidates, point)


def _seat(tree: Tree, outline: Outline) -> _Seat:
    places = tree.places(outline.unit_id)
    return _Seat(outline.code, places.get(Tier.COMMUNITY), places.get(Tier.GRID))


def _all_units(spots: Iterable[tuple[Sequence[int], Point]]) -> Iterator[int]:
    return chain.from_iterable(units for units, _ in spots)
