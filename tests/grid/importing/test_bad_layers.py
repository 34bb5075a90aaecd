"""Map files that are not what they seem: the fault is named with its feature, and nothing is half-done."""

import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio.raw import write
from sqlalchemy.orm import Session

from grid.importing.layers import MOST_UNPACKED
from tests.grid.conftest import import_file
from tests.grid.importing.layers import CODES, EAST, WEST, written, zipped
from tests.grid.material import features, refused, two_grids

CROSSED = shapely.Polygon([(113.06, 22.60), (113.07, 22.61), (113.07, 22.60), (113.06, 22.61)])
HOLE_OUTSIDE = shapely.Polygon(WEST.exterior, [shapely.box(113.09, 22.60, 113.091, 22.601).exterior])
SWAPPED = shapely.transform(WEST, lambda xy: xy[:, ::-1])


@pytest.mark.parametrize("ending", [".gpkg", ".zip", ".kml", ".geojson"])
@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (CROSSED, "crosses or touches itself at 113.065000, 22.605000"),
        (SWAPPED, "latitude first"),
        (shapely.box(2, 48, 3, 49), "check the datum"),
    ],
)
def test_a_bad_shape_is_named_in_every_format(
    session: Session, tmp_path: Path, ending: str, shape: Any, said: str
) -> None:
    two_grids(session)
    message = refused(session, written(tmp_path / f"grids{ending}", [WEST, shape]))
    assert "row 2" in message
    assert said in message


@pytest.mark.parametrize("ending", [".gpkg", ".kml", ".geojson"])
def test_a_hole_outside_its_ring_is_named(session: Session, tmp_path: Path, ending: str) -> None:
    two_grids(session)
    message = refused(session, written(tmp_path / f"grids{ending}", [HOLE_OUTSIDE, EAST]))
    assert "row 1" in message
    assert "mend it there" in message


@pytest.mark.parametrize("ending", [".gpkg", ".zip"])
def test_a_feature_without_a_shape_is_named(session: Session, tmp_path: Path, ending: str) -> None:
    two_grids(session)
    empty: Any = None
    assert "row 2" in (said := refused(session, written(tmp_path / f"grids{ending}", [WEST, empty])))
    assert "empty" in said


def test_two_units_with_one_code_and_a_missing_code_are_named(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    assert "feature 1" in refused(session, written(tmp_path / "grids.gpkg", code=[CODES[0], CODES[0]]))
    message = refused(session, written(tmp_path / "other.gpkg", code=[CODES[0], None]))
    assert "row 2" in message
    assert "code" in message


def test_a_layer_without_codes_is_none_of_the_files(session: Session, tmp_path: Path) -> None:
    path = written(tmp_path / "grids.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE grids RENAME COLUMN code TO number")
    database.close()
    assert "none of the columns" in refused(session, path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("grids.zip", b"PK\x03\x04 and nothing more", "damaged zip"),
        ("grids.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "cannot be read"),
        ("grids.kml", b"<?xml version='1.0'?><kml><Document><Placemark>", "cannot be read"),
        ("grids.shp", b"\x00\x00\x27\x0a" + b"\x00" * 100, "zip all its parts"),
        ("grids.gpkg", b"code,name\n1,2\n", "lacks"),
        ("grids.geojson", b"\x89PNG\r\n\x1a\n\x00\x00", "neither UTF-8 nor GBK"),
        ("grids.kml", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "none of the columns"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    session: Session, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(session, path)
    assert name in message
    assert said in message


@pytest.mark.parametrize("name", ["grids.zip", "grids.kml", "grids.txt", "grids"])
def test_a_good_file_under_a_wrong_name_is_read_as_what_it_is(
    session: Session, tmp_path: Path, name: str
) -> None:
    two_grids(session)
    path = written(tmp_path / "good.gpkg").rename(tmp_path / name)
    assert import_file(session, path).created == 2


@pytest.mark.parametrize("without", [".dbf", ".shx", ".shp"])
def test_a_shapefile_without_one_of_its_parts_says_which(
    session: Session, tmp_path: Path, without: str
) -> None:
    written(tmp_path / "grids.zip")
    message = refused(session, zipped(tmp_path / "grids.zip", without))
    assert ("holds 0 shapefiles" if without == ".shp" else f"lacks the {without}") in message


def test_attributes_in_no_encoding_are_refused(session: Session, tmp_path: Path) -> None:
    written(tmp_path / "grids.zip", encoding="GBK", name=["东湖", "西湖"])
    table = tmp_path / "grids.dbf"
    table.write_bytes(table.read_bytes().replace("东湖".encode("gbk"), b"\xff\xfe\x81\x20"))
    assert "neither UTF-8 nor GBK" in refused(session, zipped(tmp_path / "grids.zip", ".cpg"))


def test_several_layers_are_named(session: Session, tmp_path: Path) -> None:
    path = written(tmp_path / "grids.gpkg")
    write(
        str(path),
        layer="more",
        geometry=shapely.to_wkb(np.array([WEST], dtype=object)),
        field_data=[],
        fields=[],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        append=True,
    )
    message = refused(session, path)
    assert "grids" in message
    assert "more" in message


def test_ten_million_corners_are_refused_before_they_are_unpacked(session: Session, tmp_path: Path) -> None:
    # 10 million corners of 16 bytes each; zeros stand for them, since nothing is read.
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("many.shp", "w") as part:
            for _ in range(160):
                part.write(bytes(1_000_000))
        archive.writestr("many.shx", b"")
        archive.writestr("many.dbf", b"")
    assert path.stat().st_size < 1_000_000
    assert f"more than {MOST_UNPACKED // 1024**2} MB" in refused(session, path)


def test_a_million_and_one_corners_are_refused_with_both_numbers(session: Session, tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 1_000_001)
    ring = np.column_stack([113.07 + 0.01 * np.cos(angles), 22.60 + 0.01 * np.sin(angles)])
    ring[-1] = ring[0]
    message = refused(session, written(tmp_path / "many.zip", [shapely.Polygon(ring)]))
    assert "1000001 corners, more than the 1000000" in message


def test_an_open_ring_is_named_and_not_closed_in_silence(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    ring = [[113.06, 22.60], [113.07, 22.60], [113.07, 22.61], [113.06, 22.61]]
    message = refused(session, features(tmp_path, ({"code": CODES[0]}, "Polygon", [ring])))
    assert "row 1" in message
    assert "the ring is open" in message
