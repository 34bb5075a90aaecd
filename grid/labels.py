"""What tiers, kinds of place and ways of finding a place are called; the one place for their labels."""

from enum import StrEnum
from typing import Any

from app.core.i18n import lazy as _
from grid.reason import Reason
from grid.vocabulary import AliasState, DraftState, Duty, RouteMethod, Tier

TIER: dict[Tier, Any] = {
    Tier.STREET: _("Street"),
    Tier.COMMUNITY: _("Community"),
    Tier.GRID: _("Grid"),
}
METHOD: dict[RouteMethod, Any] = {
    RouteMethod.POINT: _("By the point on the map"),
    RouteMethod.LANE_NUMBER: _("By lane and house number"),
    RouteMethod.LANE: _("By the lane"),
    RouteMethod.PLACE: _("By the name of a compound or building"),
    RouteMethod.COMMUNITY: _("By the name of the community or grid"),
    RouteMethod.UNIT: _("Named by a person"),
    RouteMethod.DESK: _("Left to the street's desk"),
}
REASON: dict[str, Any] = {
    Reason.POINT_IN_GRID: _("The point lies inside this grid."),
    Reason.POINT_ON_EDGE: _("The point lies on the border of several grids."),
    Reason.POINT_WITHOUT_GRID: _("The point lies in the street but in no grid."),
    Reason.POINT_OUTSIDE_STREET: _("The point lies outside this street."),
    Reason.POINT_AGAINST_WORDS: _("The point lies inside this unit, but the words name somewhere else."),
    Reason.DATUM_MISSING: _("The point came without its datum, so it was not used."),
    Reason.HOUSE_NUMBER: _("The house number lies on this side of the lane."),
    Reason.HOUSE_NUMBER_ON_EDGE: _("The house number lies on the border of several grids."),
    Reason.HOUSES_DIFFER: _("Several house numbers are named, which lie apart."),
    Reason.ACROSS_THE_LANE: _("The place lies across the lane from the house number."),
    Reason.ACROSS_FROM_PLACE: _("The place lies opposite the place of this name."),
    Reason.CROSSING: _("Two lanes cross here."),
    Reason.LANE_ONLY: _("Only the lane is known; it touches several grids."),
    Reason.NUMBER_OUT_OF_RANGE: _("The lane has no such house number."),
    Reason.LANE_AMBIGUOUS: _("Several lanes bear this name."),
    Reason.PLACE_NAME: _("The place of this name lies in this grid."),
    Reason.PLACE_AMBIGUOUS: _("Several places bear this name."),
    Reason.PLACES_DIFFER: _("Several places are named, which lie apart."),
    Reason.GRID_NAME: _("The grid is named."),
    Reason.GRID_AMBIGUOUS: _("Several grids bear this name."),
    Reason.COMMUNITY_NAME: _("The community is named."),
    Reason.COMMUNITY_AMBIGUOUS: _("Several communities bear this name."),
    Reason.NAME_MISSPELT: _("A name is not known here, but it sounds or looks like this one alone."),
    Reason.NAMES_ALIKE: _("A name is not known here; several are like it."),
    Reason.OTHER_DISTRICT: _("The address names another district, street or community."),
    Reason.NOTHING_RECOGNISED: _("The address holds no name that is known here."),
    Reason.NO_PLACE_GIVEN: _("No place was given."),
    "boundaries_changed": _("The boundaries were published anew, and the place lies in this unit now."),
    "named_by_person": _("A person named the unit."),
}


DUTY: dict[Duty, Any] = {
    Duty.GRID_HEAD: _("Grid head"),
    Duty.FULL_TIME: _("Full-time grid worker"),
    Duty.PART_TIME: _("Part-time grid worker"),
}
DRAFT: dict[DraftState, Any] = {
    DraftState.OPEN: _("Draft"),
    DraftState.PUBLISHED: _("Published"),
    DraftState.DISCARDED: _("Given up"),
}


def duty_label(duty: StrEnum) -> Any:
    """The lazy label of a duty in a grid."""
    return DUTY[Duty(duty)]


ALIAS: dict[AliasState, Any] = {
    AliasState.PROPOSED: _("waits for a second person"),
    AliasState.CONFIRMED: _("confirmed"),
    AliasState.REFUSED: _("turned down"),
}


def alias_label(state: StrEnum) -> Any:
    """The lazy label of the state of an alias."""
    return ALIAS[AliasState(state)]


def draft_label(state: StrEnum) -> Any:
    """The lazy label of the state of a draft."""
    return DRAFT[DraftState(state)]


def tier_label(tier: StrEnum) -> Any:
    """The lazy label of a tier."""
    return TIER[Tier(tier)]


def method_label(method: StrEnum) -> Any:
    """The lazy label of a way of finding a place."""
    return METHOD[RouteMethod(method)]


def reason_label(code: str) -> Any:
    """The lazy sentence of a reason code; the code itself where it is unknown."""
    return REASON.get(code, code)
