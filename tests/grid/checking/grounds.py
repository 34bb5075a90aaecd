"""States of a street for the checks, small enough to reckon with by hand."""

from typing import Any

from shapely.geometry.base import BaseGeometry

from grid.checking.ground import Ground, GroundUnit
from grid.material.tiers import parent_code, tier_of
from grid.vocabulary import Tier

STREET = "440799001"
COMMUNITY = f"{STREET}101"
ONE, TWO, THREE = (f"{COMMUNITY}00{number}" for number in (1, 2, 3))


def ground(outlines: dict[str, BaseGeometry], **more: Any) -> Ground:
    """A ground of the units that have an outline and of those above them."""
    codes = set(outlines)
    codes |= {parent for code in outlines if (parent := parent_code(code))}
    codes |= {parent for code in codes if (parent := parent_code(code))}
    units = {code: GroundUnit(tier_of(code) or Tier.GRID, parent_code(code)) for code in codes}
    return Ground(units, outlines, **more)
