"""The verbs that put lanes and places on the map, by which addresses are found; the edge commits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.bulk import insert_rows, next_ids
from app.core.types import WGS84
from grid.locating.gazetteer import touch
from grid.material.rows import LaneRow, PlaceRow
from grid.models import Lane, LaneSegment, Place
from grid.service import Outcome, ewkt, street_by_id

Stretch = tuple[Any, ...]


def load_lanes(
    session: Session, street_id: int, rows: Sequence[LaneRow], *, actor: Actor, now: datetime
) -> Outcome:
    """Lay the lanes that `rows` name anew, each whole; lanes they do not name stay."""
    actor.demand(Permission.PEOPLE_MANAGE)
    street = street_by_id(session, street_id)
    known = {lane.name: lane.id for lane in session.scalars(select(Lane).where(Lane.street_id == street_id))}
    drawn: dict[str, list[LaneRow]] = {}
    for row in rows:
        drawn.setdefault(row.lane, []).append(row)
    laid = _laid(session, [known[name] for name in drawn if name in known])
    fresh = [name for name in drawn if name not in known]
    again = [n for n in drawn if n in known and Counter(map(_stretch, drawn[n])) != laid.get(known[n])]
    ids = known | dict(zip(fresh, next_ids(session, "lanes", len(fresh)), strict=True))
    insert_rows(
        session,
        Lane,
        [{"id": ids[name], "street_id": street_id, "name": name} for name in fresh],
    )
    session.execute(delete(LaneSegment).where(LaneSegment.lane_id.in_([known[name] for name in again])))
    segments = [_segment(row, ids[name]) for name in (*fresh, *again) for row in drawn[name]]
    insert_rows(session, LaneSegment, segments)
    created, changed = (sum(len(drawn[name]) for name in names) for names in (fresh, again))
    if segments:
        touch(session, street.code, now)
    return Outcome(created, changed, len(rows) - created - changed)


def load_places(
    session: Session, street_id: int, rows: Sequence[PlaceRow], *, actor: Actor, now: datetime
) -> Outcome:
    """Put the places that `rows` name on the map; places they do not name, and aliases learnt, stay."""
    actor.demand(Permission.PEOPLE_MANAGE)
    street = street_by_id(session, street_id)
    known = {p.name: p for p in session.scalars(select(Place).where(Place.street_id == street_id))}
    changed = [row for row in rows if row.name in known and _differs(known[row.name], row)]
    for row in changed:
        place = known[row.name]
        place.kind, place.address = row.kind, row.address
        place.point = from_shape(row.point, srid=WGS84)
        place.aliases = list(dict.fromkeys([*place.aliases, *row.aliases]))
    session.flush()
    fresh = [row for row in rows if row.name not in known]
    insert_rows(session, Place, [_place(row, street_id) for row in fresh])
    if fresh or changed:
        touch(session, street.code, now)
    return Outcome(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def _laid(session: Session, lanes: Iterable[int]) -> dict[int, Counter[Stretch]]:
    """The stretches of each lane as they are."""
    ranges = (LaneSegment.left_from, LaneSegment.left_to, LaneSegment.right_from, LaneSegment.right_to)
    query = select(LaneSegment.lane_id, func.ST_AsBinary(LaneSegment.line), *ranges)
    found: dict[int, Counter[Stretch]] = {}
    for lane_id, line, *numbers in session.execute(query.where(LaneSegment.lane_id.in_(lanes))):
        corners = shapely.to_wkt(shapely.from_wkb(bytes(line)), rounding_precision=-1)
        found.setdefault(lane_id, Counter())[(corners, *numbers)] += 1
    return found


def _stretch(row: LaneRow) -> Stretch:
    corners = shapely.to_wkt(row.line, rounding_precision=-1)
    return corners, row.left_from, row.left_to, row.right_from, row.right_to


def _differs(place: Place, row: PlaceRow) -> bool:
    return (
        (place.kind, place.address) != (row.kind, row.address)
        or not to_shape(place.point).equals_exact(row.point)
        or not set(row.aliases) <= set(place.aliases)
    )


def _segment(row: LaneRow, lane_id: int) -> dict[str, Any]:
    return {
        "lane_id": lane_id,
        "line": ewkt(row.line),
        "left_from": row.left_from,
        "left_to": row.left_to,
        "right_from": row.right_from,
        "right_to": row.right_to,
    }


def _place(row: PlaceRow, street_id: int) -> dict[str, Any]:
    return {
        "street_id": street_id,
        "name": row.name,
        "kind": row.kind,
        "point": ewkt(row.point),
        "address": row.address,
        "aliases": list(row.aliases),
    }
