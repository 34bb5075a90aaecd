"""Where an area is no valid area: a ring that crosses itself, a hole outside, parts that overlap."""

import re

import shapely
from shapely.geometry.base import BaseGeometry

_AT = re.compile(r"\[(?P<x>\S+) (?P<y>[^\]]+)\]$")


def invalid_at(shape: BaseGeometry) -> tuple[float, float] | None:
    """The first place where `shape` is wrong, in its own coordinates; None where it is valid."""
    found = _AT.search(shapely.is_valid_reason(shape))
    return (float(found["x"]), float(found["y"])) if found else None
