"""Why a matter was placed where it was: codes that are stored, shown and translated."""

from enum import StrEnum


class Reason(StrEnum):
    """What decided a route, or why the street's desk has to."""

    POINT_IN_GRID = "point_in_grid"
    POINT_ON_EDGE = "point_on_edge"
    POINT_WITHOUT_GRID = "point_without_grid"
    POINT_OUTSIDE_STREET = "point_outside_street"
    POINT_AGAINST_WORDS = "point_against_words"
    DATUM_MISSING = "datum_missing"
    HOUSE_NUMBER = "house_number"
    HOUSE_NUMBER_ON_EDGE = "house_number_on_edge"
    ACROSS_THE_LANE = "across_the_lane"
    ACROSS_FROM_PLACE = "across_from_place"
    LANE_ONLY = "lane_only"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    LANE_AMBIGUOUS = "lane_ambiguous"
    PLACE_NAME = "place_name"
    PLACE_AMBIGUOUS = "place_ambiguous"
    PLACES_DIFFER = "places_differ"
    GRID_NAME = "grid_name"
    GRID_AMBIGUOUS = "grid_ambiguous"
    COMMUNITY_NAME = "community_name"
    COMMUNITY_AMBIGUOUS = "community_ambiguous"
    OTHER_DISTRICT = "other_district"
    NOTHING_RECOGNISED = "nothing_recognised"
    NO_PLACE_GIVEN = "no_place_given"
