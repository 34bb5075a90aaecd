"""The rules by which words place a matter, the most specific first; each says None where it knows nothing.

A route to the desk is a rule's doubt: a later rule may still be sure, unless the doubt is final.
"""

from collections.abc import Iterable
from itertools import chain

from grid.locating.address import Reading
from grid.locating.certainty import APART, CERTAINTY, CONTRADICTED, HOUSE_ASIDE, PLACE_ASIDE
from grid.locating.communities import core
from grid.locating.evidence import Evidence, all_units
from grid.locating.house_numbers import Relation
from grid.locating.seats import Seats
from grid.reason import Reason
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import RouteMethod

FINAL = frozenset({Reason.HOUSES_DIFFER})
"""Doubts that no vaguer evidence removes: two addresses in one text are no crossing of their lanes."""


class Rules:
    """The rules of one street."""

    def __init__(self, seats: Seats, namesakes: dict[str, tuple[str, ...]]) -> None:
        self._seats = seats
        self._tree: Tree = seats.tree
        self._namesakes = namesakes
        self.in_order = (
            self._by_house,
            self._by_place,
            self._across_the_lane,
            self._across_from_place,
            self._by_grid,
            self._by_crossing,
            self._by_lane,
            self._by_community,
            self._by_likeness,
        )

    def grids(self, reading: Reading) -> tuple[str, ...]:
        """The codes of the grids named; of namesakes those in the communities named beside them."""
        codes = dict.fromkeys(chain.from_iterable(reading.grids))
        inside = tuple(code for code in codes if code.startswith(reading.communities))
        return inside or tuple(codes)

    def _by_house(self, evidence: Evidence) -> Route | None:
        houses = evidence.houses
        if not houses:
            return None
        units = list(all_units(houses))
        if len(houses) == 1 and len(units) > 1:
            reason = Reason.HOUSE_NUMBER_ON_EDGE
            return self._seats.on_edge(units, RouteMethod.LANE_NUMBER, reason, houses[0][1])
        point = houses[0][1] if len(houses) == 1 else None
        units = self._narrowed(units, evidence.reading)
        route = self._seats.common(units, RouteMethod.LANE_NUMBER, Reason.HOUSE_NUMBER, point)
        if route is None:
            return self._seats.unsure(Reason.HOUSES_DIFFER, units)
        certainty = route.certainty * HOUSE_ASIDE[evidence.reading.house_relation]
        return self._beside_places(route._replace(certainty=certainty), units, evidence)

    def _beside_places(self, route: Route, units: Iterable[int], evidence: Evidence) -> Route:
        """Less sure where a place is named too that lies elsewhere."""
        named = [set(all_units(meanings)) for meanings in evidence.places]
        apart = [place for place in named if place and place.isdisjoint(units)]
        if not apart or evidence.reading.place_relation is not Relation.HERE:
            return route
        candidates = dict.fromkeys((*route.candidates, *self._seats.codes(set.union(*apart))))
        return route._replace(certainty=route.certainty * CONTRADICTED, candidates=tuple(candidates))

    def _by_place(self, evidence: Evidence) -> Route | None:
        known = [set(all_units(meanings)) for meanings in evidence.places]
        known = [units for units in known if units]
        if not known:
            return None
        # Several places that share no unit stand for all of theirs: the spot may lie between them.
        units = self._narrowed(set.intersection(*known) or set.union(*known), evidence.reading)
        is_single = len(evidence.places) == 1 == len(evidence.places[0])
        point = evidence.places[0][0][1] if is_single else None
        route = self._seats.common(units, RouteMethod.PLACE, Reason.PLACE_NAME, point)
        if route is not None:
            return route._replace(certainty=route.certainty * PLACE_ASIDE[evidence.reading.place_relation])
        reason = Reason.PLACE_AMBIGUOUS if len(known) == 1 else Reason.PLACES_DIFFER
        return self._seats.unsure(reason, units)

    def _across_the_lane(self, evidence: Evidence) -> Route | None:
        if not evidence.houses_across:
            return None
        units = list(all_units(evidence.houses_across))
        point = evidence.houses_across[0][1] if len(evidence.houses_across) == 1 else None
        reason = Reason.ACROSS_THE_LANE
        route = self._seats.common(units, RouteMethod.LANE_NUMBER, reason, point)
        return route or self._seats.desk(reason, self._seats.codes(units))

    def _across_from_place(self, evidence: Evidence) -> Route | None:
        """Only the community: on which side the opposite lies is not known."""
        units = self._narrowed(chain(*map(all_units, evidence.places_across)), evidence.reading)
        route = self._seats.common(units, RouteMethod.PLACE, Reason.ACROSS_FROM_PLACE)
        if route is None:
            return self._seats.unsure(Reason.ACROSS_FROM_PLACE, units)
        return route._replace(grid_id=None, candidates=self._seats.codes(units))

    def _by_grid(self, evidence: Evidence) -> Route | None:
        grids = self.grids(evidence.reading)
        if not grids:
            return None
        if len(grids) > 1:
            return self._seats.desk(Reason.GRID_AMBIGUOUS, grids)
        node = self._tree.by_code[grids[0]]
        reason = Reason.GRID_NAME
        certainty = CERTAINTY[reason]
        return Route(self._seats.street_id, node.parent_id, node.id, RouteMethod.COMMUNITY, certainty, reason)

    def _by_crossing(self, evidence: Evidence) -> Route | None:
        units = self._narrowed(evidence.crossing, evidence.reading)
        route = self._seats.common(units, RouteMethod.LANE, Reason.CROSSING)
        return route or self._seats.unsure(Reason.CROSSING, units)

    def _by_lane(self, evidence: Evidence) -> Route | None:
        touched = [set(units) for units in evidence.lanes if units]
        if not touched or evidence.crossing:
            return None
        units = self._narrowed(set.intersection(*touched) or set.union(*touched), evidence.reading)
        numbered = any(number is not None for _, number in evidence.reading.lanes)
        reason = Reason.NUMBER_OUT_OF_RANGE if numbered else Reason.LANE_ONLY
        route = self._seats.common(units, RouteMethod.LANE, reason)
        if route is None:
            return self._seats.unsure(Reason.LANE_AMBIGUOUS, units)
        # What several lanes share is only a guess where they do not cross.
        return route if len(touched) == 1 else route._replace(certainty=route.certainty * APART)

    def _by_community(self, evidence: Evidence) -> Route | None:
        named = list(dict.fromkeys(evidence.reading.communities))
        if not named:
            return None
        nodes = [self._tree.by_code[code] for code in named]
        elsewhere: list[str] = []
        if not evidence.reading.names_street:
            elsewhere = [code for node in nodes for code in self._namesakes.get(core(node.name), ())]
        if len(named) > 1 or elsewhere:
            return self._seats.desk(Reason.COMMUNITY_AMBIGUOUS, (*named, *elsewhere))
        reason = Reason.COMMUNITY_NAME
        certainty = CERTAINTY[reason]
        return Route(self._seats.street_id, nodes[0].id, None, RouteMethod.COMMUNITY, certainty, reason)

    def _by_likeness(self, evidence: Evidence) -> Route | None:
        return self._seats.unsure(Reason.NAMES_ALIKE, evidence.alike)

    def _narrowed(self, units: Iterable[int], reading: Reading) -> list[int]:
        """Those of `units` that lie in the grids, else in the communities, named beside them; else all."""
        every = sorted(set(units))
        for codes in (self.grids(reading), reading.communities):
            inside = self._seats.inside(every, codes)
            if inside:
                return inside
        return every
