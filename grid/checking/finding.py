"""What a check found: the principle, the units, the size, and the place in words and on the map."""

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry


class Check(StrEnum):
    """What was looked at; the words stand in the answers of `dingfen grid check`."""

    NO_BOUNDARIES = "no_boundaries"
    UNIT_WITHOUT_BOUNDARY = "unit_without_boundary"
    CROSSING = "crossing"
    OVERLAP = "overlap"
    GAP = "gap"
    SLIVER = "sliver"
    OUTSIDE_PARENT = "outside_parent"
    EXCLAVE = "exclave"
    BORDER = "border"
    SIZE = "size"
    POSTING = "posting"
    POSTING_ENDS = "posting_ends"
    OPEN_DRAFT = "open_draft"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; blocking ones keep a revision from being published.

    `at` is longitude and latitude of the spot; `area_m2` or `length_m` its size where it has one; `shape`
    the offending land or line. Degrees are of WGS-84. A sliver is a strip `of` an overlap or a gap.
    """

    check: Check
    blocking: bool
    units: tuple[str, ...]
    message: object
    area_m2: float | None = None
    length_m: float | None = None
    at: tuple[float, float] | None = None
    shape: BaseGeometry | None = None
    of: Check | None = None
