"""Datums: round trips, points that are known in two datums, and one district drawn in both."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from grid.geometry.datum import from_wgs84, to_wgs84
from grid.geometry.plane import Plane
from grid.vocabulary import Datum
from tests.grid.shared import shared

METRES_PER_DEGREE = 111_320.0
IN_CHINA = (st.floats(74, 134), st.floats(3.9, 53.5))


@pytest.mark.parametrize("datum", list(Datum))
@given(lon=IN_CHINA[0], lat=IN_CHINA[1])
def test_a_point_converted_and_back_stays_within_half_a_metre(datum: Datum, lon: float, lat: float) -> None:
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert np.hypot(back_lon - lon, back_lat - lat) * METRES_PER_DEGREE < 0.5


@given(lon=IN_CHINA[0], lat=IN_CHINA[1])
def test_cgcs2000_passes_for_wgs84(lon: float, lat: float) -> None:
    assert to_wgs84(lon, lat, Datum.CGCS2000) == (lon, lat)


@given(lon=IN_CHINA[0], lat=IN_CHINA[1])
def test_gcj02_lies_between_ten_and_a_thousand_metres_off(lon: float, lat: float) -> None:
    there_lon, there_lat = from_wgs84(lon, lat, Datum.GCJ02)
    away = np.hypot((there_lon - lon) * np.cos(np.radians(lat)), there_lat - lat) * METRES_PER_DEGREE
    assert 10 < away < 1000


# 天安门 and 广州塔 as published by map services in WGS-84, GCJ-02 and BD-09 (four decimals, about 10 m).
@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [((116.39124, 39.90733), (116.39748, 39.90873)), ((113.31913, 23.10902), (113.32450, 23.10640))],
)
def test_public_landmarks_are_met_within_thirty_metres(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    lon, lat = from_wgs84(*wgs84, Datum.GCJ02)
    assert np.hypot(lon - gcj02[0], lat - gcj02[1]) * METRES_PER_DEGREE < 30


def test_bd09_adds_its_published_rotation_to_gcj02() -> None:
    gcj = from_wgs84(113.07, 22.60, Datum.GCJ02)
    bd = from_wgs84(113.07, 22.60, Datum.BD09)
    assert bd[0] - gcj[0] == pytest.approx(0.0065, abs=0.0005)
    assert bd[1] - gcj[1] == pytest.approx(0.0060, abs=0.0005)


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("point", [(2.35, 48.85), (-74.0, 40.7), (151.2, -33.9), (0.0, 0.0)])
def test_points_outside_china_are_untouched(datum: Datum, point: tuple[float, float]) -> None:
    assert from_wgs84(*point, datum) == point
    assert to_wgs84(*point, datum) == point


@pytest.mark.parametrize("datum", list(Datum))
def test_what_is_no_number_stays_none_and_spoils_no_neighbour(datum: Datum) -> None:
    lon, lat = to_wgs84([np.nan, 113.07], [22.6, 22.6], datum)
    assert np.isnan(lon[0])
    assert np.isfinite([lon[1], lat[1]]).all()


@shared("geo-jiangmen-boundaries")
def test_one_district_in_both_datums_falls_together_once_converted(folder: Path) -> None:
    drawn = _district(folder / "jiangmen_districts_gcj02_datav2021.json")
    wanted = _district(folder / "jiangmen_districts_wgs84_tianditu_simplified.geojson")
    plane = Plane.around(wanted)
    before = _apart(plane, drawn, wanted)
    assert before[0] == pytest.approx(517, abs=25)
    assert before[1] == pytest.approx(-425, abs=25)
    converted = shapely.transform(
        drawn, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], Datum.GCJ02))
    )
    after = _apart(plane, converted, wanted)
    assert np.hypot(*after) < np.hypot(*before) / 5


def _district(path: Path) -> shapely.MultiPolygon:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if "蓬江区" in feature["properties"].values():
            return shapely.from_geojson(json.dumps(feature["geometry"]))
    raise AssertionError(f"no district in {path.name}")


def _apart(plane: Plane, one: shapely.Geometry, other: shapely.Geometry) -> tuple[float, float]:
    first, second = (shapely.centroid(plane.to_metres(shape)) for shape in (one, other))
    return first.x - second.x, first.y - second.y
