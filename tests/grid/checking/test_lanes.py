"""The share of a border along named lanes, and which lanes run on which side."""

import pytest
import shapely

from grid.checking.borders import Side, borders
from grid.checking.ground import NamedLane
from grid.checking.lanes import border_findings
from tests.grid.checking.grounds import ONE, ground

GRID = shapely.box(113.06, 22.60, 113.07, 22.61)
WIDE, HIGH = 1028.6, 1107.5
"""Metres of its south and west sides."""

RING = NamedLane("环路", shapely.LineString(GRID.exterior.coords))
SOUTH = NamedLane("迎春路", shapely.LineString([(113.05, 22.60), (113.08, 22.60)]))
EAST = NamedLane("建设路", shapely.LineString([(113.07, 22.59), (113.07, 22.62)]))
CROSSING = NamedLane("横街", shapely.LineString([(113.065, 22.599), (113.065, 22.611)]))


def test_a_border_that_follows_lanes_all_round_is_not_questioned() -> None:
    assert list(border_findings(ground({ONE: GRID}, lanes=[RING]))) == []


def test_a_border_off_the_lanes_is_questioned_with_its_length_and_its_stretch() -> None:
    (finding,) = border_findings(ground({ONE: GRID}, lanes=[SOUTH, EAST]))
    assert finding.length_m == pytest.approx(WIDE + HIGH, abs=2)
    off = shapely.LineString([(113.07, 22.61), (113.06, 22.61), (113.06, 22.60)])
    assert shapely.hausdorff_distance(finding.shape, off) < 1e-9
    assert not finding.blocking
    for said in ("建设路", "迎春路"):
        assert said in str(finding.message)


def test_the_lanes_of_each_side_are_told() -> None:
    border = borders(ground({ONE: GRID}, lanes=[SOUTH, EAST, CROSSING]))[ONE]
    assert border.sides == {Side.NORTH: (), Side.EAST: ("建设路",), Side.SOUTH: ("迎春路",), Side.WEST: ()}
    assert border.share == pytest.approx(0.5, abs=0.001)


def test_a_lane_that_crosses_the_border_is_not_followed() -> None:
    border = borders(ground({ONE: GRID}, lanes=[CROSSING]))[ONE]
    assert border.along_m == 0


@pytest.mark.parametrize(("metres", "follows"), [(14.9, True), (15.1, False)])
def test_a_lane_counts_within_the_tolerance_only(metres: float, follows: bool) -> None:
    away = metres / 110_750
    beside = NamedLane("巷", shapely.LineString([(113.05, 22.60 - away), (113.08, 22.60 - away)]))
    border = borders(ground({ONE: GRID}, lanes=[beside]))[ONE]
    assert border.along_m == pytest.approx(WIDE if follows else 0, abs=1)


def test_without_lanes_or_grids_nothing_breaks() -> None:
    assert [finding.units for finding in border_findings(ground({ONE: GRID}))] == [(ONE,)]
    assert list(border_findings(ground({}, lanes=[RING]))) == []
