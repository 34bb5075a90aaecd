"""What is checked: any state of a street, whether in force, drafted or only in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from grid.checking.standards import Standards
from grid.vocabulary import Tier


@dataclass(frozen=True, slots=True)
class GroundUnit:
    """A unit and the code of the one above it, where there is one."""

    tier: Tier
    parent: str | None = None
    name: str = ""
    households: int | None = None
    residents: int | None = None


@dataclass(frozen=True, slots=True)
class NamedLane:
    """A stretch of a named lane in degrees of WGS-84."""

    name: str
    line: LineString


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody other than a backup serves the unit `code` from `since` until before `until`, if ever."""

    code: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that is not published, and the units it changes."""

    name: str
    units: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Ground:
    """`units` and `outlines` by code, these in degrees of WGS-84; `postings` of `day` and after.

    Without `day` nobody asks who is posted: the units are not in the database, or not yet.
    """

    units: Mapping[str, GroundUnit]
    outlines: Mapping[str, BaseGeometry]
    lanes: Sequence[NamedLane] = ()
    postings: Sequence[Held] = ()
    drafts: Sequence[OpenDraft] = ()
    day: date | None = None
    standards: Standards = field(default_factory=Standards)

    def grids(self) -> list[str]:
        """The codes of the lowest tier, in order."""
        return sorted(code for code, unit in self.units.items() if unit.tier is Tier.GRID)
