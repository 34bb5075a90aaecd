"""Random tilings with one random defect: what is reported is what PostGIS computes from the same outlines."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Polygon
from sqlalchemy import text
from sqlalchemy.orm import Session

from grid.checking.finding import Check, Finding
from grid.checking.seamless.coverage import coverage_findings
from grid.geometry.plane import Plane
from tests.grid.checking.grounds import COMMUNITY, STREET, ground

SIDE = 150.0
"""Metres of a grid's side before its corners are moved by up to a quarter of it."""

PLANE = Plane(113.07, 22.61)

OVERLAPS = """
SELECT a.code, b.code, ST_Area(ST_Intersection(a.shape, b.shape))
FROM drawn AS a JOIN drawn AS b ON a.code < b.code AND ST_Intersects(a.shape, b.shape)
"""
MISSING = """
SELECT ST_Area(ST_Difference(ST_GeomFromText(:street), ST_Union(shape))),
    ST_Area(ST_Difference(ST_Union(shape), ST_GeomFromText(:street))) FROM drawn
"""


@dataclass(frozen=True)
class Tiling:
    """Grids in metres by code, and the outline of the street, which a defect leaves alone."""

    grids: dict[str, Polygon]
    street: Polygon


@st.composite
def tilings(draw: st.DrawFn) -> Tiling:
    columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1) * SIDE
    corners += rng.uniform(-SIDE / 4, SIDE / 4, corners.shape)
    grids = {}
    for row in range(rows):
        for column in range(columns):
            ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            grids[f"{COMMUNITY}{len(grids) + 1:03d}"] = Polygon([corners[place] for place in ring])
    return Tiling(grids, shapely.coverage_union_all(list(grids.values())))


@st.composite
def defects(draw: st.DrawFn) -> Tiling:
    """A tiling in which one or two neighbouring corners of one grid are moved, hardly or far, or nothing."""
    tiling = draw(tilings())
    code = draw(st.sampled_from(sorted(tiling.grids)))
    first, count = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    metres = draw(st.one_of(st.floats(0.05, 0.6), st.floats(1, SIDE / 5)))
    angle = draw(st.floats(0, 2 * np.pi))
    ring = np.array(tiling.grids[code].exterior.coords)[:-1]
    for number in range(first, first + count):
        ring[number % 4] += metres * np.cos(angle), metres * np.sin(angle)
    moved = Polygon(ring)
    return replace(tiling, grids=tiling.grids | {code: moved}) if moved.is_valid else tiling


def found_in(tiling: Tiling) -> list[Finding]:
    shapes = {code: shapely.transform(shape, PLANE.to_degrees) for code, shape in tiling.grids.items()}
    street = shapely.transform(tiling.street, PLANE.to_degrees)
    return coverage_findings(ground(shapes | {COMMUNITY: street, STREET: street}))


def computed(session: Session, tiling: Tiling) -> tuple[dict[tuple[str, str], float], float, float]:
    """Square metres of each overlapping pair, of what no grid has, and of what lies outside the street."""
    session.execute(text("CREATE TEMPORARY TABLE drawn (code text, shape geometry) ON COMMIT DROP"))
    session.execute(
        text("INSERT INTO drawn VALUES (:code, ST_GeomFromText(:shape))"),
        [{"code": code, "shape": shape.wkt} for code, shape in tiling.grids.items()],
    )
    pairs = {(one, other): area for one, other, area in session.execute(text(OVERLAPS))}
    missing, beyond = session.execute(text(MISSING), {"street": tiling.street.wkt}).one()
    session.execute(text("DROP TABLE drawn"))
    return pairs, missing, beyond


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tiling=defects())
def test_gaps_overlaps_and_land_outside_are_those_of_an_independent_computation(
    session: Session, tiling: Tiling
) -> None:
    findings = found_in(tiling)
    areas: Counter[object] = Counter()
    for finding in findings:
        if Check.OVERLAP in (finding.check, finding.of):
            areas[finding.units] += finding.area_m2 or 0
        elif finding.check is Check.OUTSIDE_PARENT:
            areas["beyond"] += finding.area_m2 or 0
        elif Check.GAP in (finding.check, finding.of):
            areas["missing"] += finding.area_m2
    pairs, missing, beyond = computed(session, tiling)
    # The plane of the check lies around the street, so its metres differ by a ten-thousandth or so.
    assert areas.pop("missing", 0) == pytest.approx(missing, rel=0.001, abs=0.05)
    assert areas.pop("beyond", 0) == pytest.approx(beyond, rel=0.001, abs=0.05)
    # A sliver may be found by one of the two only, as long as it is as small as what they may differ by.
    either = areas.keys() | pairs.keys()
    assert {pair: areas.get(pair, 0) for pair in either} == pytest.approx(
        {pair: pairs.get(pair, 0) for pair in either}, rel=0.001, abs=0.05
    )


@settings(max_examples=30, deadline=None)
@given(tiling=tilings())
def test_a_tiling_without_defect_has_no_finding(tiling: Tiling) -> None:
    assert found_in(tiling) == []


@settings(max_examples=30, deadline=None)
@given(tiling=tilings(), metres=st.floats(1, 20))
def test_land_handed_to_a_unit_elsewhere_is_an_exclave_and_nothing_else(
    tiling: Tiling, metres: float
) -> None:
    first, last = min(tiling.grids), max(tiling.grids)
    middle = tiling.grids[first].representative_point()
    handed = shapely.box(
        middle.x - metres / 2, middle.y - metres / 2, middle.x + metres / 2, middle.y + metres / 2
    )
    handed = shapely.intersection(handed, shapely.buffer(tiling.grids[first], -1))
    rest = shapely.difference(tiling.grids[first], handed)
    grids = tiling.grids | {first: rest, last: shapely.union(tiling.grids[last], handed)}
    (finding,) = found_in(replace(tiling, grids=grids))
    assert (finding.check, finding.units) == (Check.EXCLAVE, (last,))
    assert finding.area_m2 == pytest.approx(handed.area, rel=0.001, abs=0.05)
