"""When boundaries are published, open cases follow the land: by an event each, with a notice to both units.

Ended cases stay where they were, and so do the figures of the past. A case whose place a person named keeps
it for as long as the unit is there. The first clock and the holder's go on as they were, because nobody's
limit may begin anew by a line on a map; only a holder of another tier has a limit of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, defer

from app.auth.actor import Actor
from grid.locating.locate import Locator
from grid.reason import Reason
from grid.vocabulary import RouteMethod, Tier
from petitions.escalation import stands_still
from petitions.handling.helping import assisted
from petitions.handling.step import held_by, step, telling
from petitions.history import Step, Telling
from petitions.models import OPEN, Case
from petitions.office import Office
from petitions.vocabulary import Verb

BOUNDARIES_CHANGED = "boundaries_changed"


@dataclass(frozen=True, slots=True)
class Place:
    """The community and the grid in which a case lies, as far as they are known; by its point or not."""

    community_id: int | None
    grid_id: int | None
    by_point: bool = False

    def is_of(self, case: Case) -> bool:
        """Whether the case lies there already."""
        return (self.community_id, self.grid_id) == (case.community_id, case.grid_id)


def last_open(session: Session, street_id: int) -> int:
    """The highest key of the open cases of the street, 0 where there is none."""
    query = select(func.max(Case.id)).where(Case.street_id == street_id, text(OPEN))
    return session.scalar(query) or 0


def count_open(session: Session, street_id: int, last: int) -> int:
    """How many cases of the street with keys up to `last` are open."""
    query = select(func.count()).where(Case.street_id == street_id, text(OPEN), Case.id <= last)
    return session.scalar(query) or 0


def lock_open(session: Session, street_id: int, now: datetime, after: int, size: int) -> Sequence[Case]:
    """Up to `size` open cases of the street with keys beyond `after`, in the order of their keys, locked."""
    query = select(Case).where(Case.street_id == street_id, text(OPEN), Case.id > after, stands_still(now))
    query = query.options(*(defer(words) for words in (Case.title, Case.body, Case.address)))
    query = query.order_by(Case.id).limit(size).with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def places_now(cases: Sequence[Case], locator: Locator, office: Office) -> dict[int, Place]:
    """Where each of the cases of one street lies by the boundaries in force, by key."""
    points = [_lon_lat(case) for case in cases]
    units = locator.units_at([point for point in points if point])
    found = iter(units)
    return {
        case.id: _place(case, next(found) if point else (), office)
        for case, point in zip(cases, points, strict=True)
    }


def relocate(case: Case, office: Office, *, places: Mapping[int, Place], actor: Actor, now: datetime) -> Step:
    """Have the case lie where its land now is, and be held by whoever has that land."""
    place = places[case.id]
    holder = _holder(case, place, office)
    changes: dict[str, Any] = {
        "community_id": place.community_id,
        "grid_id": place.grid_id,
        "route_reason": BOUNDARIES_CHANGED,
    }
    if place.by_point and case.route_method is RouteMethod.UNIT:
        # A person named a unit that is there no more; from here on the point decides.
        changes["route_method"] = RouteMethod.POINT
    helping, told = _helping(case, office, holder)
    changes |= helping
    if holder != case.holder_id:
        if office.tree[holder].tier is case.holder_tier:
            changes["holder_id"] = holder
        else:
            changes |= held_by(case, office, holder, now)
        names = {"to": office.tree[holder].name}
        told += [telling(case, office.tree, holder, "moved_here")]
        told += [telling(case, office.tree, unit, "moved_away", **names) for unit in _left(case, office)]
    return step(case, Verb.RELOCATE, actor, now, changes, BOUNDARIES_CHANGED, {}, tuple(told))


def is_elsewhere(case: Case, place: Place, office: Office) -> bool:
    """Whether the case does not lie where its row says, or is held by a unit that is there no more."""
    holder = _holder(case, place, office)
    return not place.is_of(case) or holder != case.holder_id or bool(_helping(case, office, holder)[0])


def _place(case: Case, at: Iterable[int], office: Office) -> Place:
    """By the unit that a person named while it is there, else by the point, else by who got the land."""
    known = case.grid_id or case.community_id
    if known is None:
        return Place(None, None)
    units = list(at)
    if not office.tree[known].is_ended and (
        case.route_method is RouteMethod.UNIT or not units or _is_within(case, known, units, office)
    ):
        return Place(case.community_id, case.grid_id)
    unit = units[0] if units else office.tree.successor(known)
    places = office.tree.places(unit)
    # A point in a community's land without grids, or in the street's alone, says no more than that.
    return Place(places.get(Tier.COMMUNITY), places.get(Tier.GRID), bool(units))


def _helping(case: Case, office: Office, holder: int) -> tuple[dict[str, Any], list[Telling]]:
    """What is still owed by helpers that are there no more is owed by whoever has their land, and it is told.

    Whoever has the case itself owes no help with it.
    """
    owed = [a for a in case.assists if not a["answered_at"]]
    gone = [a["unit"] for a in owed if office.tree[a["unit"]].is_ended]
    is_own = holder != case.holder_id and any(a["unit"] == holder for a in owed)
    if not gone and not is_own:
        return {}, []
    heirs = {unit: office.tree.successor(unit) for unit in gone}
    moved = [{**a, "unit": heirs[a["unit"]]} if a in owed and a["unit"] in heirs else a for a in case.assists]
    kept = [a for a in moved if a["answered_at"] or a["unit"] != holder]
    told = [telling(case, office.tree, unit, "help_asked") for unit in sorted({*heirs.values()} - {holder})]
    return assisted(kept), told


def _is_within(case: Case, known: int, units: Iterable[int], office: Office) -> bool:
    """Whether the point still lies in the unit, as exactly as the unit was told.

    What was left to a community stays there, unless it lay in a grid of nobody and somebody has it now.
    """
    if case.route_reason == Reason.POINT_WITHOUT_GRID:
        return known in units
    return any(known in {node.id for node in office.tree.line(unit)} for unit in units)


def _holder(case: Case, place: Place, office: Office) -> int:
    """Who has the case: a grid or community that had it as its place gives it to the new place."""
    if case.holder_tier is Tier.GRID and case.holder_id == case.grid_id:
        return place.grid_id or place.community_id or case.street_id
    if case.holder_tier is Tier.COMMUNITY and case.holder_id == case.community_id:
        return place.community_id or case.street_id
    return office.tree.successor(case.holder_id)


def _left(case: Case, office: Office) -> list[int]:
    """The unit that had the case, where it is still there to be told."""
    return [] if office.tree[case.holder_id].is_ended else [case.holder_id]


def _lon_lat(case: Case) -> tuple[float, float] | None:
    if case.point is None:
        return None
    point = to_shape(case.point)
    return point.x, point.y
