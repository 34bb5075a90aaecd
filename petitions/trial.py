"""A draft of boundaries tried on the cases of a period: who would have had what, and what would move.

Each case that lies at a point, or in a grid that is known, is counted twice: by the boundaries in force and
by the draft. Its own history does not matter here; what had other boundaries then is counted by today's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row, Select, func, select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from grid.drafting.land import Land
from grid.locating.coverage import NOWHERE, Coverage, Hits, Outline
from grid.models import Unit
from grid.vocabulary import RouteMethod, Tier
from petitions.models import OPEN, Case
from petitions.period import Period
from petitions.queries import visible_cases

MOST_SHOWN = 100
"""Open cases that are named one by one; how many there are is told as well."""

Placed = Row[int, str, str, RouteMethod, str | None, float | None, float | None]
"""Key, number, title, how its place was found, the code of its grid, longitude and latitude."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many cases a grid has by the boundaries in force and by the draft; None where it is not there."""

    code: str
    name: str
    now: int | None
    then: int | None

    @property
    def differs(self) -> bool:
        """Whether the draft makes a difference for it."""
        return self.now != self.then


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly the grids of a street are loaded; `gini` is 0 where all have as much."""

    grids: int
    median: float
    highest: int
    gini: float


@dataclass(frozen=True, slots=True)
class Moving:
    """An open case that would go from one grid to another."""

    number: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What the draft would have done to the cases of a period, and will do to those that are open."""

    cases: int
    unplaced: int
    loads: list[Load]
    now: Spread
    then: Spread
    moving: int
    shown: list[Moving]


def try_draft(session: Session, actor: Actor, street_id: int, now: Land, then: Land, period: Period) -> Trial:
    """Count the cases of the street received in `period` by the land `now` in force and by `then`, the draft.

    The cases are those that the actor sees; for the whole street, ask as somebody who serves all of it.
    """
    found = session.execute(
        _placed(actor, street_id).where(
            Case.received_at >= period.starts_at, Case.received_at < period.ends_at
        )
    ).all()
    by_now, by_then = _Placer(now), _Placer(then)
    before, after = by_now.grids(found), by_then.grids(found)
    waiting = session.execute(_placed(actor, street_id).where(text(OPEN)).order_by(Case.number)).all()
    changes = zip(waiting, by_now.grids(waiting), by_then.grids(waiting), strict=True)
    moving = _moving(changes, now, then)
    counted = Counter(code for code in before if code), Counter(code for code in after if code)
    return Trial(
        cases=len(found),
        unplaced=sum(1 for code in before if code is None),
        loads=_loads(now, then, *counted),
        now=spread([counted[0][code] for code in _codes(now)]),
        then=spread([counted[1][code] for code in _codes(then)]),
        moving=len(moving),
        shown=moving[:MOST_SHOWN],
    )


def spread(loads: Sequence[int]) -> Spread:
    """How evenly the loads of the grids are spread; all zero where there is nothing."""
    if not loads:
        return Spread(0, 0.0, 0, 0.0)
    ranked, whole = sorted(loads), sum(loads)
    # Twice the area between the curve of the shares and the line on which all have as much.
    weighted = sum(rank * load for rank, load in enumerate(ranked, start=1))
    size = len(ranked)
    gini = (2 * weighted / (size * whole) - (size + 1) / size) if whole else 0.0
    return Spread(size, float(median(ranked)), ranked[-1], gini)


def _placed(actor: Actor, street_id: int) -> Select[Any]:
    return (
        visible_cases(actor)
        .with_only_columns(
            Case.id,
            Case.number,
            Case.title,
            Case.route_method,
            select(Unit.code).where(Unit.id == Case.grid_id).scalar_subquery(),
            func.ST_X(Case.point),
            func.ST_Y(Case.point),
        )
        .where(Case.street_id == street_id)
    )


class _Placer:
    """Finds the grid of cases on a land, by the rules of the tick that moves open ones (`relocating`)."""

    def __init__(self, land: Land) -> None:
        self._land = land
        drawn = {code: shape for code, shape in land.outlines.items() if land.units[code].tier is Tier.GRID}
        self._codes = sorted(drawn)
        self._coverage = Coverage(
            [Outline(at, code, Tier.GRID, _multi(drawn[code])) for at, code in enumerate(self._codes)]
        )

    def grids(self, cases: Sequence[Placed]) -> list[str | None]:
        """The grid of each case, None where none is known."""
        lon = np.array([np.nan if row[5] is None else row[5] for row in cases], dtype=float)
        lat = np.array([np.nan if row[6] is None else row[6] for row in cases], dtype=float)
        hits = self._coverage.cover(lon, lat)
        return [self._grid(row, self._at(hits, place)) for place, row in enumerate(cases)]

    def _at(self, hits: Hits, place: int) -> list[str]:
        unit = int(hits.unit[place])
        units = hits.shared.get(place, () if unit == NOWHERE else (unit,))
        return [self._codes[one] for one in units]

    def _grid(self, row: Placed, at_point: Sequence[str]) -> str | None:
        known = row[4]
        if known is None:
            return None
        is_named = row[3] is RouteMethod.UNIT or not at_point or known in at_point
        if known in self._land.units and is_named:
            return known
        return at_point[0] if at_point else self._land.heir(known)


def _moving(changes: Iterable[tuple[Placed, str | None, str | None]], now: Land, then: Land) -> list[Moving]:
    names = {code: fact.name for land in (now, then) for code, fact in land.units.items()}
    return [
        Moving(row[1], row[2], names.get(before or "", ""), names.get(after or "", ""))
        for row, before, after in changes
        if before != after
    ]


def _loads(now: Land, then: Land, before: Mapping[str, int], after: Mapping[str, int]) -> list[Load]:
    codes = sorted({*_codes(now), *_codes(then)})
    return [
        Load(
            code,
            (then.units.get(code) or now.units[code]).name,
            before.get(code, 0) if code in now.units else None,
            after.get(code, 0) if code in then.units else None,
        )
        for code in codes
    ]


def _codes(land: Land) -> list[str]:
    return [code for code, fact in land.units.items() if fact.tier is Tier.GRID]


def _multi(shape: BaseGeometry) -> shapely.MultiPolygon:
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])
