"""How sure each kind of evidence is. Pure."""

from grid.reason import Reason

CERTAINTY = {
    Reason.POINT_IN_GRID: 1.0,
    Reason.POINT_ON_EDGE: 0.5,
    Reason.POINT_WITHOUT_GRID: 0.8,
    Reason.HOUSE_NUMBER: 0.95,
    Reason.HOUSE_NUMBER_ON_EDGE: 0.5,
    Reason.PLACE_NAME: 0.9,
    Reason.ACROSS_THE_LANE: 0.7,
    Reason.ACROSS_FROM_PLACE: 0.6,
    Reason.GRID_NAME: 0.85,
    Reason.LANE_ONLY: 0.8,
    Reason.NUMBER_OUT_OF_RANGE: 0.6,
    Reason.COMMUNITY_NAME: 0.8,
}
"""How sure a route is by what decided it; the desk's is 0. Local estimates."""

OFFSET_DATUM = 0.95
"""What is left of the certainty of a point whose datum had to be converted."""

CONTRADICTED = 0.7
"""What is left where the point and the words, or two of the words, say otherwise."""

IN_PARENT = 0.75
"""What is left where the grids found share only their community."""
