"""No gap, no overlap, nothing outside its parent: each with its place, its area and its land."""

import json
from collections import Counter
from pathlib import Path

import pytest
import shapely

from grid.checking.finding import Check
from grid.checking.ground import Ground, GroundUnit
from grid.checking.seamless.coverage import coverage_findings, missing_findings
from grid.geometry.plane import Plane
from grid.vocabulary import Tier
from tests.grid.checking.grounds import COMMUNITY, ONE, STREET, THREE, TWO, ground
from tests.grid.shared import shared

A, B = shapely.box(113.060, 22.60, 113.070, 22.61), shapely.box(113.070, 22.60, 113.080, 22.61)
METRE_EAST = 1 / 102_850
"""Degrees of a metre there; a strip of that width is 1,107.5 m high."""


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


@pytest.mark.parametrize(
    ("metres", "check"),
    [(0.15, Check.SLIVER), (0.19, Check.OVERLAP), (0.6, Check.OVERLAP), (-0.15, Check.SLIVER)],
)
def test_a_narrow_strip_is_a_sliver_until_its_area_is_missed(metres: float, check: Check) -> None:
    moved = shapely.box(113.070 - metres * METRE_EAST, 22.60, 113.080, 22.61)
    around = {STREET: shapely.box(113.060, 22.60, 113.080, 22.61)}
    (finding,) = coverage_findings(ground({ONE: A, TWO: moved, **around}))
    assert finding.check == check
    assert finding.area_m2 == pytest.approx(abs(metres) * 1107.5, rel=0.01)
    assert finding.of == ((Check.OVERLAP if metres > 0 else Check.GAP) if check is Check.SLIVER else None)


def test_a_small_but_wide_overlap_is_real() -> None:
    corner = shapely.box(113.0699, 22.6050, 113.07 + METRE_EAST, 22.6050 + METRE_EAST)
    shapes = {ONE: A, TWO: B, THREE: shapely.box(113.06, 22.61, 113.07, 22.62)}
    assert coverage_findings(ground(shapes)) == []
    (finding,) = coverage_findings(ground(shapes | {ONE: A.union(corner)}))
    assert (finding.check, finding.units) == (Check.OVERLAP, (ONE, TWO))
    assert finding.area_m2 == pytest.approx(1.07, abs=0.05)


def test_a_ring_that_crosses_itself_is_named_with_its_spot() -> None:
    crossed = shapely.Polygon([(113.06, 22.60), (113.07, 22.61), (113.07, 22.60), (113.06, 22.61)])
    found = coverage_findings(ground({ONE: crossed, TWO: B}))
    assert [finding.check for finding in found] == [Check.CROSSING]
    assert found[0].at == pytest.approx((113.065, 22.605))


def test_a_part_apart_from_its_unit_is_told_and_does_not_block() -> None:
    apart = shapely.box(113.09, 22.60, 113.091, 22.61)
    (finding,) = coverage_findings(ground({ONE: shapely.union_all([A, apart]), TWO: B}))
    assert (finding.check, finding.units, finding.blocking) == (Check.EXCLAVE, (ONE,), False)
    assert finding.area_m2 == pytest.approx(102.85 * 1107.5, rel=0.002)


def test_a_unit_amidst_another_parent_is_an_exclave_of_its_own() -> None:
    other = f"{STREET}102"
    west = {f"{other}002": 113.0, f"{COMMUNITY}001": 113.01, f"{COMMUNITY}002": 113.02, f"{other}001": 113.03}
    shapes = {code: shapely.box(lon, 22, round(lon + 0.01, 2), 22.01) for code, lon in west.items()}
    shapes[f"{other}003"] = shapely.box(113.04, 22, 113.05, 22.01)
    (finding,) = coverage_findings(ground(shapes))
    assert (finding.check, finding.units) == (Check.EXCLAVE, (f"{other}002",))
    assert other in str(finding.message)


def beijing(folder: Path) -> Ground:
    """The streets as units of their districts."""
    (path,) = folder.glob("*343*.geojson")
    units: dict[str, GroundUnit] = {}
    outlines = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        about = feature["properties"]
        code, district = str(about["code"]), str(about["parentCode"])
        units[district] = GroundUnit(Tier.COMMUNITY)
        units[code] = GroundUnit(Tier.GRID, district, about["Name"])
        outlines[code] = shapely.from_geojson(json.dumps(feature["geometry"]))
    return Ground(units, outlines)


@shared("geo-beijing-subdistricts")
def test_the_overlapping_pairs_of_real_outlines_are_those_of_a_plain_comparison(folder: Path) -> None:
    streets = beijing(folder)
    findings = coverage_findings(streets)
    ours: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        if Check.OVERLAP in (finding.check, finding.of):
            ours[finding.units] += finding.area_m2 or 0
    codes = sorted(streets.outlines)
    shapes = [streets.outlines[code] for code in codes]
    metric = Plane.around(shapes).to_metres(shapes)
    plain = {
        (codes[one], codes[other]): shapely.area(shapely.intersection(metric[one], metric[other]))
        for one in range(len(codes))
        for other in range(one + 1, len(codes))
        if shapely.intersects(metric[one], metric[other])
    }
    plain = {pair: area for pair, area in plain.items() if area > 0.01}
    assert len(plain) == 67
    assert dict(ours) == pytest.approx(plain, abs=0.2)


@shared("geo-beijing-subdistricts")
def test_the_gaps_and_the_exclave_of_real_outlines_are_found(folder: Path) -> None:
    streets = beijing(folder)
    findings = coverage_findings(streets)
    told = [finding.area_m2 or 0 for finding in findings if Check.GAP in (finding.check, finding.of)]
    shapes = list(streets.outlines.values())
    union = shapely.union_all(Plane.around(shapes).to_metres(shapes))
    rings = [ring for part in shapely.get_parts(union) for ring in shapely.get_rings(part)[1:]]
    holes = [area for area in shapely.area(shapely.polygons(rings)).tolist() if area > 100]
    # Nine of them are strips narrower than half a metre on average, and told as slivers of gaps.
    assert len(holes) == 26
    assert sorted(area for area in told if area > 100) == pytest.approx(sorted(holes), rel=0.05)
    assert sum(finding.check == Check.GAP and (finding.area_m2 or 0) > 100 for finding in findings) == 17
    apart = [finding.units for finding in findings if "rest of 110105000000" in str(finding.message)]
    assert [[streets.units[code].name for code in codes] for codes in apart] == [["首都机场街道"]]
