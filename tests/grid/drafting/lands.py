"""The tiny street of `tests.factories.street` as a land, and what a test asks of one."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from grid.drafting.land import Fact, Land
from grid.geometry.plane import Plane
from grid.vocabulary import Tier

STREET, A, B = "440799001", "440799001101", "440799001102"
A1, A2, B1 = A + "001", A + "002", B + "001"
BORDER = shapely.box(113.06, 22.60, 113.08, 22.62)


def tiny_land() -> Land:
    """Two grids of community A side by side, and one of community B along the north of both."""
    north = shapely.Polygon(
        [(113.06, 22.61), (113.07, 22.61), (113.08, 22.61), (113.08, 22.62), (113.06, 22.62)]
    )
    facts = (
        Fact(STREET, Tier.STREET, "甲街道"),
        *(Fact(code, Tier.COMMUNITY, name) for code, name in ((A, "东湖社区"), (B, "西湖社区"))),
        *(Fact(code, Tier.GRID, name, 300, 900) for code, name in ((A1, "一"), (A2, "二"), (B1, "三"))),
    )
    return Land(
        STREET,
        BORDER,
        {fact.code: fact for fact in facts},
        {
            A1: shapely.box(113.06, 22.60, 113.07, 22.61),
            A2: shapely.box(113.07, 22.60, 113.08, 22.61),
            B1: north,
        },
    )


def line(*corners: tuple[float, float]) -> dict[str, Any]:
    """A line as the browser sends it."""
    return {"type": "LineString", "coordinates": [list(corner) for corner in corners]}


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    """A polygon as the browser sends it."""
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}


def flaws(land: Land) -> dict[str, float]:
    """Square metres in two grids, in none, and beyond the border, counted by areas alone; and unshared edges.

    An independent count: no function that the checks or the edits use.
    """
    shapes = list(land.outlines.values())
    plane = Plane.around(land.border)
    metric = [plane.to_metres(shape) for shape in shapes]
    border = plane.to_metres(land.border)
    union: BaseGeometry = shapely.union_all(metric)
    return {
        "overlap": sum(shape.area for shape in metric) - union.area,
        "gap": border.difference(union).area,
        "outside": union.difference(border).area,
        "unshared": 0.0 if shapely.coverage_is_valid(shapes) else 1.0,
    }
