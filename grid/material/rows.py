"""What the files of a street say, row by row, already typed. `row` is the row of the file, or 0."""

from dataclasses import dataclass
from typing import Any

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from grid.vocabulary import PlaceKind, Tier


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A street, community or grid of the hierarchy; `owner` is the login name of who heads a grid."""

    code: str
    name: str
    tier: Tier
    parent_code: str | None = None
    households: int | None = None
    residents: int | None = None
    row: int = 0
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """The outline of a unit: polygon or multipolygon in degrees of WGS-84.

    `given` is the geometry as the file had it, as GeoJSON, where that is in another system.
    """

    code: str
    shape: BaseGeometry
    row: int = 0
    given: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A stretch of a lane in degrees of WGS-84, with the house numbers of its sides (both ends belong)."""

    lane: str
    line: LineString
    left_from: int | None = None
    left_to: int | None = None
    right_from: int | None = None
    right_to: int | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A compound, building, market or the like at a point in degrees of WGS-84."""

    name: str
    kind: PlaceKind
    point: Point
    address: str | None = None
    aliases: tuple[str, ...] = ()
    row: int = 0


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Another name of the lane, place, community or grid that is called `name`."""

    alias: str
    name: str
    row: int = 0
