"""From evidence to a unit: the most specific one it allows, else its parent, else the street's desk. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from grid.locating.address import Reading
from grid.locating.certainty import CERTAINTY, CONTRADICTED, MISSPELT, OFFSET_DATUM
from grid.locating.coverage import NOWHERE
from grid.locating.evidence import Evidence, Point
from grid.locating.rules import FINAL, Rules
from grid.locating.seats import Seat, Seats
from grid.reason import Reason
from grid.route import Route
from grid.vocabulary import Datum, RouteMethod

_CONVERTED = frozenset({Datum.GCJ02, Datum.BD09})

Head = tuple[int, int | None, int | None, RouteMethod, float, str, tuple[str, ...]]


class Placing:
    """The decisions of one street."""

    def __init__(self, seats: Seats, namesakes: dict[str, tuple[str, ...]]) -> None:
        self._seats = seats
        self._rules = Rules(seats, namesakes)
        self._known_heads: dict[float, list[Head]] = {}

    def at_points(
        self, points: Iterable[Point], units: Iterable[int], shared: Mapping[int, Sequence[int]], datum: Datum
    ) -> list[Route | None]:
        """The routes of declared points by the unit that covers each, None where none does.

        `shared` has all units of the points, by position, that several cover.
        """
        offset = OFFSET_DATUM if datum in _CONVERTED else 1.0
        heads, make = self._heads(offset), Route._make
        routes = [
            None if unit == NOWHERE else make((*heads[unit], point))
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
            return self._seats.desk(Reason.OTHER_DISTRICT, (), point)
        unsure: Route | None = None
        for rule in self._rules.in_order:
            route = rule(evidence)
            if route is not None and route.method is not RouteMethod.DESK:
                return self._tempered(route, evidence.reading, missed)
            unsure = unsure or route
            if route is not None and route.reason in FINAL:
                break
        if unsure is not None:
            return unsure._replace(reason=missed or unsure.reason, point=point)
        nothing = Reason.NO_PLACE_GIVEN if evidence.is_blank else Reason.NOTHING_RECOGNISED
        return self._seats.desk(missed or nothing, (), point)

    def _heads(self, offset: float) -> list[Head]:
        """Of every unit, once for each offset there is: a city has thousands, and a chunk of points few."""
        if offset not in self._known_heads:
            self._known_heads[offset] = [
                self._head(self._seats[unit], offset) for unit in range(len(self._seats))
            ]
        return self._known_heads[offset]

    def _head(self, seat: Seat, offset: float) -> Head:
        """What every point inside one unit has in common: the route but for its point."""
        street = self._seats.street_id
        if seat.community_id is None:
            return street, None, None, RouteMethod.DESK, 0.0, Reason.POINT_WITHOUT_GRID, ()
        reason = Reason.POINT_IN_GRID if seat.grid_id else Reason.POINT_WITHOUT_GRID
        certainty = CERTAINTY[reason] * offset
        return street, seat.community_id, seat.grid_id, RouteMethod.POINT, certainty, reason, ()

    def _shared_point(self, route: Route, units: Sequence[int], offset: float) -> Route:
        if route.method is RouteMethod.DESK:
            return route
        others = tuple(self._seats[unit].code for unit in units[1:])
        certainty = CERTAINTY[Reason.POINT_ON_EDGE] * offset
        return route._replace(certainty=certainty, reason=Reason.POINT_ON_EDGE, candidates=others)

    def _tempered(self, route: Route, reading: Reading, missed: Reason | None) -> Route:
        """Less sure where the point lay outside, another unit is named too, or a name is misspelt."""
        said = self._said(reading)
        if not self._agrees(route, said):
            route = self._contradicted(route, said)
        if missed is Reason.POINT_OUTSIDE_STREET:
            route = route._replace(certainty=route.certainty * CONTRADICTED)
        if reading.guess is not None:
            route = route._replace(certainty=route.certainty * MISSPELT, reason=Reason.NAME_MISSPELT)
        return route

    def _said(self, reading: Reading) -> tuple[str, ...]:
        """The codes of the units that the words name: of grids, else of communities."""
        return self._rules.grids(reading) or tuple(dict.fromkeys(reading.communities))

    def _agrees(self, route: Route, said: tuple[str, ...]) -> bool:
        """Whether what was found, or was possible as well, lies in one of the units named or holds it."""
        unit = self._seats.tree[route.holder_id].code
        inside = any(one.startswith(said) for one in (unit, *route.candidates))
        return not said or inside or any(code.startswith(unit) for code in said)

    def _contradicted(self, route: Route, said: tuple[str, ...]) -> Route:
        candidates = tuple(dict.fromkeys((*route.candidates, *said)))
        return route._replace(certainty=route.certainty * CONTRADICTED, candidates=candidates)
