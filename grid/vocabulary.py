"""Tiers of the hierarchy, their codes, and how a place was found."""

from enum import StrEnum


class Tier(StrEnum):
    """The three tiers of the linkage 街道 + 村(社区) + 网格."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


# A code begins with its parent's: 9 digits (GB/T 2260 and 10114), 12 (statistical), 15 (local suffix).
CODE_LENGTH = {Tier.STREET: 9, Tier.COMMUNITY: 12, Tier.GRID: 15}
PARENT_TIER = {Tier.GRID: Tier.COMMUNITY, Tier.COMMUNITY: Tier.STREET, Tier.STREET: None}


class Datum(StrEnum):
    """The declared datum of a coordinate; WGS-84 and CGCS2000 agree within a metre."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class PlaceKind(StrEnum):
    """What a named place of the gazetteer is."""

    COMPOUND = "compound"
    BUILDING = "building"
    VILLAGE = "village"
    MARKET = "market"
    SCHOOL = "school"
    PARK = "park"


class Duty(StrEnum):
    """What somebody does in a grid: 网格长 has it, 专职 and 兼职 work in it (DOMAIN C.3)."""

    GRID_HEAD = "grid_head"
    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class AliasState(StrEnum):
    """Whether another name is only proposed, counts because a second person confirmed it, or does not."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class DraftState(StrEnum):
    """Whether a draft of new boundaries is worked on, in force or superseded by now, or given up."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class EditKind(StrEnum):
    """What a draft does to the grids of a street."""

    REDRAW = "redraw"
    SPLIT = "split"
    MERGE = "merge"
    ADD = "add"
    CLOSE = "close"
    MOVE = "move"
    DESCRIBE = "describe"


class RouteMethod(StrEnum):
    """How the place of a case was found."""

    POINT = "point"
    LANE_NUMBER = "lane_number"
    LANE = "lane"
    PLACE = "place"
    COMMUNITY = "community"
    UNIT = "unit"
    DESK = "desk"
