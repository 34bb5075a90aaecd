"""The units of a street as a route names them: what several have in common, or the street's desk. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grid.locating.certainty import CERTAINTY, IN_PARENT
from grid.locating.coverage import Outline
from grid.locating.evidence import Point
from grid.reason import Reason
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier


class Seat(NamedTuple):
    """An outline as the ids a route has."""

    code: str
    community_id: int | None
    grid_id: int | None


class Seats:
    """The outlines of one street, by index."""

    def __init__(self, street_id: int, tree: Tree, outlines: Iterable[Outline]) -> None:
        self.street_id = street_id
        self.tree = tree
        self._seats = [_seat(tree, outline) for outline in outlines]

    def __getitem__(self, unit: int) -> Seat:
        return self._seats[unit]

    def __len__(self) -> int:
        return len(self._seats)

    def codes(self, units: Iterable[int]) -> tuple[str, ...]:
        """The codes of `units`, each once and ascending."""
        return tuple(sorted({self._seats[unit].code for unit in units}))

    def inside(self, units: Iterable[int], codes: tuple[str, ...]) -> list[int]:
        """Those of `units` that lie in the units of `codes`."""
        return [unit for unit in units if self._seats[unit].code.startswith(codes)]

    def common(
        self, units: Iterable[int], method: RouteMethod, reason: Reason, point: Point | None = None
    ) -> Route | None:
        """The one grid that all `units` are, or the one community that all lie in, or None."""
        seats = {self._seats[unit] for unit in units}
        communities = {seat.community_id for seat in seats}
        if len(communities) != 1 or None in communities:
            return None
        community, certainty = communities.pop(), CERTAINTY[reason]
        if len(seats) == 1:
            grid = seats.pop().grid_id
            return Route(self.street_id, community, grid, method, certainty, reason, (), point)
        codes = tuple(sorted(seat.code for seat in seats))
        return Route(self.street_id, community, None, method, certainty * IN_PARENT, reason, codes, point)

    def on_edge(self, units: Sequence[int], method: RouteMethod, reason: Reason, point: Point) -> Route:
        """The first of the units that share a point; the others were possible as well."""
        first, *others = (self._seats[unit] for unit in units)
        return Route(
            self.street_id,
            first.community_id,
            first.grid_id,
            method,
            CERTAINTY[reason],
            reason,
            tuple(seat.code for seat in others),
            point,
        )

    def unsure(self, reason: Reason, units: Iterable[int]) -> Route | None:
        """The desk, with `units` to choose from; None where there are none."""
        codes = self.codes(units)
        return self.desk(reason, codes) if codes else None

    def desk(self, reason: Reason, candidates: tuple[str, ...] = (), point: Point | None = None) -> Route:
        """The street's desk, which has to place it."""
        return Route(self.street_id, None, None, RouteMethod.DESK, 0.0, reason, candidates, point)


def _seat(tree: Tree, outline: Outline) -> Seat:
    places = tree.places(outline.unit_id)
    return Seat(outline.code, places.get(Tier.COMMUNITY), places.get(Tier.GRID))
