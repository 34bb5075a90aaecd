"""Which unit covers a point: edges, corners, overlaps, gaps, the sea; and one grid for every point inside."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.demo.street import Street
from grid.locating.coverage import NOWHERE, Coverage, Outline
from grid.vocabulary import Tier

BOX = shapely.box
A, B, C = "440703006101001", "440703006101002", "440703006101003"


def codes_at(outlines: list[tuple[str, Tier, shapely.Polygon]], x: float, y: float) -> list[str]:
    """The codes that cover a point, the chosen one first."""
    made = [Outline(index, code, tier, shape) for index, (code, tier, shape) in enumerate(outlines)]
    coverage = Coverage(made)
    hits = coverage.cover(np.array([x]), np.array([y]))
    unit = int(hits.unit[0])
    units = hits.shared.get(0, (unit,) if unit != NOWHERE else ())
    return [coverage.outlines[index].code for index in units]


GRIDS = [(B, Tier.GRID, BOX(1, 0, 2, 1)), (A, Tier.GRID, BOX(0, 0, 1, 1)), (C, Tier.GRID, BOX(0, 1, 2, 2))]


def test_a_point_inside_has_its_grid() -> None:
    assert codes_at(GRIDS, 0.5, 0.5) == [A]


def test_on_a_shared_edge_the_lowest_code_comes_first() -> None:
    assert codes_at(GRIDS, 1.0, 0.5) == [A, B]


def test_on_a_shared_corner_all_three_are_known() -> None:
    assert codes_at(GRIDS, 1.0, 1.0) == [A, B, C]


def test_in_an_overlap_the_lowest_code_comes_first() -> None:
    assert codes_at([(B, Tier.GRID, BOX(0, 0, 2, 2)), (A, Tier.GRID, BOX(1, 1, 3, 3))], 1.5, 1.5) == [A, B]


def test_in_a_gap_the_community_is_the_fallback_and_beyond_it_the_street() -> None:
    community, street = A[:12], A[:9]
    units = [
        (A, Tier.GRID, BOX(0, 0, 1, 1)),
        (community, Tier.COMMUNITY, BOX(0, 0, 2, 2)),
        (street, Tier.STREET, BOX(0, 0, 3, 3)),
    ]
    assert codes_at(units, 0.5, 0.5) == [A]
    assert codes_at(units, 1.5, 1.5) == [community]
    assert codes_at(units, 2.5, 2.5) == [street]
    assert codes_at(units, 3.5, 3.5) == []


def test_what_is_no_number_lies_nowhere() -> None:
    assert codes_at(GRIDS, float("nan"), 0.5) == []
    assert codes_at(GRIDS, float("inf"), 0.5) == []


def test_without_outlines_everything_lies_nowhere() -> None:
    assert codes_at([], 0.5, 0.5) == []


@given(share_x=st.floats(0, 1), share_y=st.floats(0, 1))
def test_any_point_of_the_street_has_exactly_one_grid_or_stands_on_an_edge(
    drawn: Street, share_x: float, share_y: float
) -> None:
    west, south, east, north = drawn.polygon.bounds
    x, y = west + share_x * (east - west), south + share_y * (north - south)
    found = codes_at([(grid.code, Tier.GRID, grid.polygon) for grid in drawn.grids()], x, y)
    point = shapely.Point(x, y)
    assert bool(found) == drawn.polygon.intersects(point)
    assert found == sorted(grid.code for grid in drawn.grids() if grid.polygon.intersects(point))
    if len(found) > 1:
        assert all(g.polygon.boundary.intersects(point) for g in drawn.grids() if g.code in found)
