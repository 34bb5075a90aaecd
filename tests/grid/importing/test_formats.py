"""GeoJSON, Shapefile, GeoPackage and KML in and out, in every system; coordinates come back as given."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grid.cli import group
from grid.geometry.reference import Projection, Reference, reference_of
from grid.importing.files import Feature, read_content
from grid.importing.reading import read_material
from grid.models import Boundary, Unit
from grid.vocabulary import Datum
from tests.grid.conftest import import_file
from tests.grid.importing.layers import CODES, EAST, WEST, written, zipped
from tests.grid.material import outlines, refused, two_grids

ENDINGS = (".geojson", ".gpkg", ".kml", ".zip")
ZONE = Projection(4547)
"""CGCS2000, Gauss-Krüger, three degrees around 114 E: what a surveying office hands over."""


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, list(arguments))


def stored(session: Session) -> dict[str, shapely.Geometry]:
    """The published outlines by code."""
    query = select(Unit.code, func.ST_AsBinary(Boundary.outline)).join(Unit, Unit.id == Boundary.unit_id)
    return {code: shapely.from_wkb(bytes(outline)) for code, outline in session.execute(query)}


@pytest.mark.parametrize("ending", ENDINGS)
def test_boundaries_come_from_every_format(session: Session, tmp_path: Path, ending: str) -> None:
    two_grids(session)
    import_file(session, written(tmp_path / f"grids{ending}"))
    found = stored(session)
    for code, outline in zip(CODES, (WEST, EAST), strict=True):
        assert shapely.hausdorff_distance(found[code], outline) < 1e-9


@pytest.mark.parametrize("reference", [ZONE, Datum.CGCS2000, Datum.WGS84], ids=lambda one: one.value)
def test_what_a_file_says_of_its_system_is_believed(
    session: Session, tmp_path: Path, reference: Reference
) -> None:
    two_grids(session)
    import_file(session, written(tmp_path / "grids.zip", reference=reference))
    assert shapely.hausdorff_distance(stored(session)[CODES[0]], WEST) < 1e-8
    assert session.scalars(select(Boundary.datum).distinct()).all() == [reference.value]


def test_a_declaration_that_contradicts_the_file_is_refused(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    path = written(tmp_path / "grids.zip", reference=ZONE)
    assert "EPSG:4547, not wgs84" in refused(session, path, datum=Datum.WGS84)
    assert "wgs84, not EPSG:4547" in refused(session, written(tmp_path / "grids.gpkg"), datum=ZONE)


def test_a_projection_is_declared_where_the_file_is_silent(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    written(tmp_path / "grids.zip", reference=ZONE)
    path = zipped(tmp_path / "grids.zip", ".prj")
    assert "not in degrees" in refused(session, path)
    import_file(session, path, datum=reference_of("EPSG:4547"))
    assert shapely.hausdorff_distance(stored(session)[CODES[0]], WEST) < 1e-8


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("without", [(), (".cpg",)])
def test_attributes_are_read_in_either_encoding_though_the_file_does_not_say(
    tmp_path: Path, encoding: str, without: tuple[str, ...]
) -> None:
    written(tmp_path / "grids.zip", encoding=encoding, name=["东湖一网格", "东湖二网格"])
    content = read_content(zipped(tmp_path / "grids.zip", *without))
    assert [item.properties["name"] for item in content.items if isinstance(item, Feature)] == [
        "东湖一网格", "东湖二网格",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4547"])
def test_an_export_comes_back_as_it_was(
    app: Flask, session: Session, tmp_path: Path, ending: str, datum: str
) -> None:
    two_grids(session)
    import_file(session, outlines(tmp_path))
    before, out = stored(session), tmp_path / f"out{ending}"
    form = "shp" if ending == ".zip" else ending[1:]
    result = run(app, "export", "--format", form, "--datum", datum, str(out))
    if ending == ".kml" and datum.startswith("EPSG"):
        assert type(result.exception).__name__ == "Invalid"
        assert not out.exists()
        return
    assert result.exit_code == 0, result.output
    material = read_material(out, reference_of(datum))
    assert {row.code for row in material.rows} == set(before)
    for row in material.rows:
        assert shapely.hausdorff_distance(row.shape, before[row.code]) < 1e-8
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_carries_what_is_known_of_a_unit_in_gbk_too(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    two_grids(session)
    import_file(session, outlines(tmp_path))
    out = tmp_path / "out.zip"
    run(app, "export", "--format", "shp", "--encoding", "gbk", "--datum", "gcj02", str(out))
    (grid,) = (
        item.properties
        for item in read_content(out).items
        if isinstance(item, Feature) and item.properties["code"] == CODES[0]
    )
    assert (grid["name"], grid["tier"], grid["parent"]) == ("一网格", "grid", "440799001101")
    assert grid["datum"] == "gcj02"


def test_coordinates_in_another_system_are_kept_and_given_back_to_the_last_digit(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    two_grids(session)
    source = written(tmp_path / "grids.geojson", reference=ZONE)
    given = [shapely.from_geojson(json.dumps(item.geometry)) for item in read_content(source).items]  # type: ignore[union-attr]
    import_file(session, source)
    out = tmp_path / "out.geojson"
    assert run(app, "export", "--format", "geojson", "--datum", "EPSG:4547", str(out)).exit_code == 0
    back = {
        item.properties["code"]: shapely.from_geojson(json.dumps(item.geometry))
        for item in read_content(out).items
        if isinstance(item, Feature)
    }
    for code, shape in zip(CODES, given, strict=True):
        corners = np.unique(shapely.get_coordinates(shape), axis=0)
        assert np.array_equal(np.unique(shapely.get_coordinates(back[code]), axis=0), corners)
    kept = dict(
        session.execute(select(Unit.code, Boundary.given).join(Boundary, Boundary.unit_id == Unit.id)).all()
    )
    assert all(kept[code] for code in CODES)
    # What is united from below no file had.
    assert [code for code, one in kept.items() if one is None] == ["440799001", "440799001101"]


def test_a_street_without_boundaries_cannot_be_exported(app: Flask, session: Session, tmp_path: Path) -> None:
    two_grids(session)
    result = run(app, "export", "--format", "gpkg", str(tmp_path / "out.gpkg"))
    assert type(result.exception).__name__ == "NotFound"
    assert not (tmp_path / "out.gpkg").exists()
