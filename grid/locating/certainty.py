"""How sure each kind of evidence is. Pure."""

from grid.locating.house_numbers import Relation
from grid.reason import Reason

SURE = 0.75
"""From here on a route counts as certain; below, a person should look at it. A local default."""

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
    Reason.CROSSING: 0.85,
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

APART = 0.75
"""What is left where several lanes are named that do not cross."""

MISSPELT = 0.75
"""What is left where a name was taken for a misspelt one: never certain."""

HOUSE_ASIDE = {Relation.HERE: 1.0, Relation.BESIDE: 0.9, Relation.NEAR: 0.75}
"""What is left beside and near a house number; beside it, its neighbours on its side were looked at too."""

PLACE_ASIDE = {Relation.HERE: 1.0, Relation.BESIDE: 0.8, Relation.NEAR: 0.75}
"""What is left beside and near a place, whose own extent is not known."""
