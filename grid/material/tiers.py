"""What a code says about its unit, and the outlines of upper tiers from those below. Pure."""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from grid.vocabulary import CODE_LENGTH, PARENT_TIER, Tier

_LENGTHS = {length: tier for tier, length in CODE_LENGTH.items()}


def tier_of(code: str) -> Tier | None:
    """The tier that the length of a code says."""
    return _LENGTHS.get(len(code))


def parent_code(code: str) -> str | None:
    """The code of the unit above, by the lengths of codes."""
    tier = tier_of(code)
    above = PARENT_TIER[tier] if tier else None
    return code[: CODE_LENGTH[above]] if above else None


def completed(shapes: Mapping[str, BaseGeometry], street_code: str) -> dict[str, BaseGeometry]:
    """`shapes` by code, with outlines of communities and of the street united from below where absent."""
    found = dict(shapes)
    for tier in (Tier.GRID, Tier.COMMUNITY):
        parts: dict[str, list[BaseGeometry]] = {}
        above = CODE_LENGTH[Tier.COMMUNITY] if tier is Tier.GRID else CODE_LENGTH[Tier.STREET]
        for code, shape in found.items():
            if tier_of(code) is tier and code.startswith(street_code):
                parts.setdefault(code[:above], []).append(shape)
        for code, below in parts.items():
            found.setdefault(code, shapely.union_all(below))
    return found
