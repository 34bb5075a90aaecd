"""A coverage mended: what is narrow is given away by a stated rule, what is wide is left and told."""

import pytest
import shapely
from hypothesis import given, settings

from grid.checking.finding import Check
from grid.checking.repair import repaired
from grid.checking.seamless.coverage import coverage_findings
from tests.grid.checking.grounds import COMMUNITY, ONE, STREET, THREE, TWO, ground
from tests.grid.checking.test_coverage_random import PLANE, Tiling, defects

METRE = 1 / 102_850
A = shapely.box(113.060, 22.60, 113.070, 22.61)


def beside(metres: float) -> shapely.Polygon:
    """The grid east of A with a gap of so many metres between them, or an overlap where negative."""
    return shapely.box(113.070 + metres * METRE, 22.60, 113.080, 22.61)


@pytest.mark.parametrize("metres", [-30, -0.3, 0.3, 4.9])
def test_overlaps_and_narrow_gaps_are_given_to_one_unit(metres: float) -> None:
    around = shapely.box(113.060, 22.60, 113.080, 22.61)
    drawn = ground({ONE: A, TWO: beside(metres), COMMUNITY: around, STREET: around})
    repair = repaired(drawn)
    assert repair.left == ()
    (one,) = repair.given
    assert one.unit in (ONE, TWO)
    assert repair.moved == {
        (TWO if (one.unit == ONE) is (metres < 0) else ONE): pytest.approx(abs(metres) * 1107.5, rel=0.01)
    }
    assert coverage_findings(repair.ground) == []


def test_a_wide_gap_is_left_and_told_until_it_is_asked_for() -> None:
    whole = shapely.box(113.05, 22.59, 113.09, 22.62).difference(shapely.box(113.06, 22.60, 113.080, 22.61))
    drawn = ground({THREE: whole, ONE: A, TWO: beside(12)})
    repair = repaired(drawn, gap_width=5)
    assert [finding.check for finding in repair.left] == [Check.GAP]
    assert repaired(drawn, gap_width=2000).left == ()


def test_land_of_the_street_that_nobody_is_given_stays_a_gap() -> None:
    around = shapely.box(113.060, 22.60, 113.080, 22.61)
    repair = repaired(ground({ONE: A, TWO: beside(12), COMMUNITY: around, STREET: around}))
    (finding,) = repair.left
    assert finding.check is Check.GAP
    assert finding.area_m2 == pytest.approx(12 * 1107.5, rel=0.01)


def test_what_is_whole_stays_as_it_is() -> None:
    repair = repaired(ground({ONE: A, TWO: beside(0)}))
    assert (repair.given, repair.moved, repair.left) == ((), {}, ())


@settings(max_examples=40, deadline=None)
@given(tiling=defects())
def test_nothing_overlaps_after_a_repair_and_what_is_left_is_wide(tiling: Tiling) -> None:
    shapes = {code: shapely.transform(shape, PLANE.to_degrees) for code, shape in tiling.grids.items()}
    repair = repaired(ground(shapes), gap_width=1000)
    assert repair.left == ()
    before = shapely.union_all(list(tiling.grids.values())).area
    after = shapely.area(PLANE.to_metres(list(repair.ground.outlines.values()))).sum()
    # All land is still there; enclosed gaps have joined it.
    assert after >= before - 0.05
