"""No gap, no overlap, nothing outside its parent: each with its place, its area and its land."""

import pytest
import shapely

from grid.checking.finding import Check
from grid.checking.ground import Ground, GroundUnit
from grid.checking.seamless.coverage import coverage_findings, missing_findings
from grid.vocabulary import Tier
from tests.grid.checking.grounds import COMMUNITY, ONE, STREET, TWO, ground


def test_overlap_and_gap_are_measured_in_square_metres() -> None:
    shapes = {
        ONE: shapely.box(113.060, 22.60, 113.071, 22.61),
        TWO: shapely.box(113.070, 22.60, 113.080, 22.61),
        STREET: shapely.box(113.060, 22.60, 113.081, 22.61),
        COMMUNITY: shapely.box(113.060, 22.60, 113.081, 22.61),
    }
    found = {finding.check: finding for finding in coverage_findings(ground(shapes))}
    # A strip of 0.001 by 0.01 degrees at 22.605 N is 102.85 m by 1,107.5 m.
    for check, units, west in ((Check.OVERLAP, (ONE, TWO), 113.070), (Check.GAP, (TWO,), 113.080)):
        assert found[check].area_m2 == pytest.approx(102.85 * 1107.5, rel=0.002)
        assert found[check].units == units
        assert found[check].blocking
        land = shapely.box(west, 22.60, west + 0.001, 22.61)
        assert shapely.equals_exact(
            shapely.normalize(found[check].shape), shapely.normalize(land), tolerance=1e-9
        )
        assert shapely.contains_xy(land, *(found[check].at or ()))


def test_a_hole_among_grids_is_a_gap_where_no_street_outline_allows_it() -> None:
    ring = shapely.box(113.06, 22.60, 113.07, 22.61).difference(shapely.box(113.063, 22.603, 113.066, 22.606))
    assert [finding.check for finding in coverage_findings(ground({ONE: ring}))] == [Check.GAP]
    assert coverage_findings(ground({ONE: ring, STREET: ring, COMMUNITY: ring})) == []


def test_units_without_an_outline_are_the_leaves_only() -> None:
    units = {
        STREET: GroundUnit(Tier.STREET),
        COMMUNITY: GroundUnit(Tier.COMMUNITY, STREET),
        ONE: GroundUnit(Tier.GRID, COMMUNITY),
        TWO: GroundUnit(Tier.GRID, COMMUNITY),
    }
    found = list(missing_findings(Ground(units, {ONE: shapely.box(0, 0, 1, 1)})))
    assert [finding.units for finding in found] == [(TWO,)]
