"""A street small enough to keep in the head: two communities, three grids, one lane between two of them.

y 22.62 ┌───────────────┐
        │      B1       │   community B; its south edge has a corner where A1 and A2 meet it
  22.61 ├───────┬───────┤
        │  A1   │  A2   │   community A; the lane runs north between A1 and A2
  22.60 └───────┴───────┘
     x 113.06  113.07  113.08
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from grid.models import Boundary, Lane, LaneSegment, Place, Revision, Unit
from grid.postings import actor_on, post
from grid.vocabulary import PlaceKind, Tier

PUBLISHED = datetime(2019, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2019, 1, 1)
TODAY = date(2020, 6, 1)

MEETING_POINT = (113.07, 22.61)

IN_A1 = (113.065, 22.605)
IN_A2 = (113.075, 22.605)
IN_B1 = (113.070, 22.615)
IN_THE_SEA = (113.9, 21.5)


@dataclass(frozen=True)
class TinyStreet:
    """The units of the tiny street by name."""

    street: Unit
    a: Unit
    b: Unit
    a1: Unit
    a2: Unit
    b1: Unit


def area(*corners: tuple[float, float]) -> str:
    """The land between corners as the database reads it."""
    ring = ",".join(f"{lon} {lat}" for lon, lat in (*corners, corners[0]))
    return f"SRID=4326;MULTIPOLYGON((({ring})))"


def box(west: float, south: float, east: float, north: float) -> str:
    """A rectangle as the database reads it."""
    return area((west, south), (east, south), (east, north), (west, north))


def make_street(session: Session, code: str = "440799001", name: str = "甲街道") -> TinyStreet:
    """Write the street with one published revision, its lane 迎春路 and its compound 向阳花园."""
    street = _unit(session, Tier.STREET, code, name)
    a, b = (
        _unit(session, Tier.COMMUNITY, code + suffix, label, street)
        for suffix, label in (("101", "东湖社区"), ("102", "西湖社区"))
    )
    a1, a2, b1 = (
        _unit(session, Tier.GRID, parent.code + suffix, f"{parent.name}{suffix}网格", parent)
        for parent, suffix in ((a, "001"), (a, "002"), (b, "001"))
    )
    revision = Revision(street_id=street.id, published_at=PUBLISHED, source_file="tiny.geojson")
    session.add(revision)
    session.flush()
    north = area((113.06, 22.61), MEETING_POINT, (113.08, 22.61), (113.08, 22.62), (113.06, 22.62))
    south = area((113.06, 22.60), (113.08, 22.60), (113.08, 22.61), MEETING_POINT, (113.06, 22.61))
    for unit, outline in (
        (street, box(113.06, 22.60, 113.08, 22.62)),
        (a, south),
        (b, north),
        (a1, box(113.06, 22.60, 113.07, 22.61)),
        (a2, box(113.07, 22.60, 113.08, 22.61)),
        (b1, north),
    ):
        session.add(Boundary(revision_id=revision.id, unit_id=unit.id, outline=outline, datum="wgs84"))
    lane = Lane(street_id=street.id, name="迎春路")
    session.add(lane)
    session.flush()
    session.add(
        LaneSegment(
            lane_id=lane.id,
            line="SRID=4326;LINESTRING(113.07 22.60,113.07 22.61)",
            left_from=1,
            left_to=99,
            right_from=2,
            right_to=100,
        )
    )
    session.add(
        Place(
            street_id=street.id,
            name="向阳花园",
            kind=PlaceKind.COMPOUND,
            point="SRID=4326;POINT(113.075 22.605)",
            aliases=["向阳小区"],
        )
    )
    session.flush()
    return TinyStreet(street, a, b, a1, a2, b1)


def make_actor(session: Session, unit: Unit, role: Role, username: str | None = None) -> Actor:
    """A person posted to `unit` since 2019, as of the middle of 2020. The password hash opens nothing."""
    user = User(username=username or f"{role}-{unit.code}", name="测试员", password_hash="none")
    session.add(user)
    session.flush()
    post(session, user_id=user.id, unit_id=unit.id, role=role, first_day=FIRST_DAY)
    return actor_on(session, user, TODAY)


def _unit(session: Session, tier: Tier, code: str, name: str, parent: Unit | None = None) -> Unit:
    unit = Unit(
        tier=tier,
        code=code,
        name=name,
        parent_id=parent.id if parent else None,
        parent_code=parent.code if parent else None,
    )
    session.add(unit)
    session.flush()
    return unit
