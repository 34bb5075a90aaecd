"""Which grid a matter lies in: by its declared point, else by what its address says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import numpy as np
from sqlalchemy.orm import Session

from grid.geometry.datum import to_wgs84
from grid.locating.address import Reading, read, unknown_names
from grid.locating.communities import core
from grid.locating.coverage import NOWHERE, Coverage, Hits
from grid.locating.crossings import Crossings
from grid.locating.evidence import Evidence, Point, Spot
from grid.locating.gazetteer import Gazetteer, Version, load_gazetteer, version
from grid.locating.houses import Houses
from grid.locating.lexicon import Name, NameKind
from grid.locating.numerals import plain
from grid.locating.placing import Placing
from grid.locating.seats import Seats
from grid.reason import Reason
from grid.route import Route
from grid.vocabulary import Datum

_CACHED_STREETS = 64

Standing = tuple[int, float, float]


@dataclass(slots=True)
class Where:
    """What is said about a place: an address, a point with the datum it is declared in, a community's name.

    `lon` and `lat` are degrees in `datum`; a point without a datum is not used. `community` is the value of
    a column that holds nothing but a community, so its name counts without a suffix.
    """

    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    datum: Datum | str | None = None
    community: str | None = None


class Locator:
    """Finds the grid of places in one street, by the boundaries and names in force when it was loaded."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._coverage = Coverage(gazetteer.outlines)
        self._houses = Houses(gazetteer.segments)
        seats = Seats(gazetteer.street_id, gazetteer.tree, self._coverage.outlines)
        self._placing = Placing(seats, gazetteer.namesakes)
        self._crossings = Crossings(gazetteer.segments, self._coverage)
        self._lane_units = self._units_along_lanes()
        self._places = self._place_meanings()
        self._read = lru_cache(maxsize=20_000)(self._reading)

    @classmethod
    def load(cls, session: Session, street_id: int) -> "Locator":
        """The locator of a street, kept for the process until a revision or a name changes (one query).

        Raises NotFound where `street_id` is no street.
        """
        known = version(session, street_id)
        key = (str(session.get_bind().engine.url), street_id)
        kept = _KEPT.get(key)
        if kept is None or kept[0] != known:
            # The oldest goes first; a process serves few streets at a time.
            while len(_KEPT) >= _CACHED_STREETS:
                _KEPT.pop(next(iter(_KEPT)), None)
            kept = (known, cls(load_gazetteer(session, street_id)))
            _KEPT[key] = kept
        return kept[1]

    def locate(
        self,
        *,
        address: str | None = None,
        lon: float | None = None,
        lat: float | None = None,
        datum: Datum | str | None = None,
        community: str | None = None,
    ) -> Route:
        """The route of one place."""
        return self.locate_many([Where(address, lon, lat, datum, community)])[0]

    def meanings(self, name: str) -> tuple[Name, ...]:
        """What `name` means by itself, by the names in force; nothing where it is not known."""
        return self._gazetteer.lexicon.meanings(plain(name))

    def read(self, address: str) -> Reading:
        """What the words of an address name."""
        return self._read(address, "")

    def unknown_names(self, address: str) -> tuple[str, ...]:
        """The words of an address that may be names which are not known here."""
        return unknown_names(address, self._gazetteer.lexicon)

    def units_at(self, points: Sequence[tuple[float, float]]) -> list[tuple[int, ...]]:
        """The keys of the most specific units at points in degrees of WGS-84; several on a shared border."""
        places = np.array(points, dtype=float).reshape(-1, 2)
        hits = self._coverage.cover(places[:, 0], places[:, 1])
        outlines = self._coverage.outlines
        return [tuple(outlines[unit].unit_id for unit in _units(hits, at)) for at in range(len(points))]

    def locate_many(self, wheres: Sequence[Where]) -> list[Route]:
        """The routes of many places, in their order; what is not known goes to the street's desk."""
        routes: list[Route | None] = [None] * len(wheres)
        missed: dict[int, tuple[Reason, Point | None]] = {}
        self._by_point(wheres, routes, missed)
        self._question(wheres, routes)
        rest = [index for index, route in enumerate(routes) if route is None]
        for index, evidence in zip(rest, self._evidence([wheres[i] for i in rest]), strict=True):
            reason, point = missed.get(index, (None, None))
            routes[index] = self._placing.by_words(evidence, reason, point)
        return [route for route in routes if route is not None]

    def _by_point(
        self,
        wheres: Sequence[Where],
        routes: list[Route | None],
        missed: dict[int, tuple[Reason, Point | None]],
    ) -> None:
        given_lon = np.array([where.lon for where in wheres], dtype=float)
        given_lat = np.array([where.lat for where in wheres], dtype=float)
        declared: dict[Datum | str | None, list[int]] = {}
        for index in np.flatnonzero(~np.isnan(given_lon + given_lat)).tolist():
            declared.setdefault(wheres[index].datum, []).append(index)
        for name, indices in declared.items():
            datum = _datum(name)
            if datum is None:
                missed.update(dict.fromkeys(indices, (Reason.DATUM_MISSING, None)))
                continue
            lon, lat = to_wgs84(given_lon[indices], given_lat[indices], datum)
            hits = self._coverage.cover(lon, lat)
            points = list(zip(lon.tolist(), lat.tolist(), strict=True))
            found = self._placing.at_points(points, hits.unit.tolist(), hits.shared, datum)
            for index, route, point in zip(indices, found, points, strict=True):
                routes[index] = route
                if route is None:
                    missed[index] = (Reason.POINT_OUTSIDE_STREET, _on_earth(*point))

    def _question(self, wheres: Sequence[Where], routes: list[Route | None]) -> None:
        """Let the words beside a declared point speak against it."""
        worded = [index for index, where in enumerate(wheres) if where.address or where.community]
        for index in worded:
            route = routes[index]
            if route is not None:
                routes[index] = self._placing.questioned(route, self._words(wheres[index]))

    def _evidence(self, wheres: Sequence[Where]) -> Iterable[Evidence]:
        """What the words of each place point to; all house numbers are looked up at once."""
        readings = [self._words(where) for where in wheres]
        spots: list[Standing] = []
        spans = []
        for reading in readings:
            here = self._spots(reading.lanes)
            across = [(segment, share, -hand) for segment, share, hand in self._spots(reading.houses_across)]
            spans.append((len(spots), len(spots) + len(here), len(spots) + len(here) + len(across)))
            spots += here + across
        stand = self._houses.stand(spots)
        hits = self._coverage.cover(stand[:, 0], stand[:, 1])
        found = [(_units(hits, at), (x, y)) for at, (x, y) in enumerate(stand.tolist())]
        for where, reading, (start, middle, end) in zip(wheres, readings, spans, strict=True):
            lanes = [lane for lane, _ in reading.lanes]
            if middle == end:
                lanes += [lane for lane, _ in reading.houses_across]
            yield Evidence(
                reading=reading,
                is_blank=not (where.address or where.community),
                houses=found[start:middle],
                places=[self._meanings(keys) for keys in reading.places],
                lanes=[self._lane_units.get(lane, ()) for lane in lanes],
                houses_across=found[middle:end],
                places_across=[self._meanings(keys) for keys in reading.places_across],
                crossing=self._crossings.units(reading.lanes),
                alike=self._alike(reading),
            )

    def _spots(self, houses: Iterable[tuple[int, int | None]]) -> list[Standing]:
        return [
            spot for lane, number in houses if number is not None for spot in self._houses.find(lane, number)
        ]

    def _meanings(self, places: Iterable[int]) -> list[Spot]:
        return [self._places[key] for key in places]

    def _alike(self, reading: Reading) -> list[int]:
        """The units of everything that a name unknown here may stand for."""
        units: set[int] = set()
        for name in chain.from_iterable(likeness.meanings for likeness in reading.alike):
            if name.kind is NameKind.LANE:
                units.update(self._lane_units.get(int(name.key), ()))
            elif name.kind is NameKind.PLACE:
                units.update(self._places[int(name.key)][0])
        return sorted(units)

    def _words(self, where: Where) -> Reading:
        return self._read(where.address or "", where.community or "")

    def _reading(self, address: str, community: str) -> Reading:
        """What address and community column say together."""
        lexicon, known = self._gazetteer.lexicon, self._gazetteer.communities
        reading = read(address, lexicon, self._gazetteer.likenesses)
        if not community:
            return reading
        column = read(community, lexicon)
        bare = known.get(core(community))
        named = column.communities or ((bare,) if bare else ())
        return replace(
            reading,
            communities=tuple(dict.fromkeys(reading.communities + named)),
            grids=reading.grids + column.grids,
            other=reading.other or column.other,
            names_street=reading.names_street or column.names_street,
        )

    def _place_meanings(self) -> list[Spot]:
        points = [(point.x, point.y) for point in self._gazetteer.places]
        places = np.array(points).reshape(-1, 2)
        hits = self._coverage.cover(places[:, 0], places[:, 1])
        return [(_units(hits, at), point) for at, point in enumerate(points)]

    def _units_along_lanes(self) -> dict[int, tuple[int, ...]]:
        lanes = sorted({segment.lane for segment in self._gazetteer.segments})
        spots: list[Standing] = []
        owner: list[int] = []
        for lane in lanes:
            along = self._houses.along(lane)
            spots += along
            owner += [lane] * len(along)
        stand = self._houses.stand(spots)
        hits = self._coverage.cover(stand[:, 0], stand[:, 1])
        touched: dict[int, set[int]] = {}
        for lane, unit in zip(owner, hits.unit.tolist(), strict=True):
            if unit != NOWHERE:
                touched.setdefault(lane, set()).add(unit)
        return {lane: tuple(sorted(units)) for lane, units in touched.items()}


_KEPT: dict[tuple[str, int], tuple[Version, Locator]] = {}


def _datum(value: Datum | str | None) -> Datum | None:
    try:
        return Datum(value) if value else None
    except ValueError:
        return None


def _units(hits: Hits, at: int) -> tuple[int, ...]:
    """Every unit at one point of `hits`."""
    unit = int(hits.unit[at])
    return hits.shared.get(at, () if unit == NOWHERE else (unit,))


def _on_earth(lon: float, lat: float) -> tuple[float, float] | None:
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None
