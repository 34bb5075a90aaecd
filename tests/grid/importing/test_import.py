"""The four files of a street: recognised by their columns, all or nothing, every fault named."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grid.geometry.datum import from_wgs84
from grid.importing.files import MOST_BYTES
from grid.importing.reading import Subject, read_material
from grid.locating.locate import Locator
from grid.material.defects import Defective
from grid.models import Boundary, Unit
from grid.vocabulary import Datum
from tests.grid.conftest import import_file
from tests.grid.material import EAST, WEST, features, outlines, refused, table, two_grids

HEADER = "code,name,tier,parent_code,households,residents\n"
STREET = "440799001,甲街道,street,,,\n"
COMMUNITY = "440799001101,东湖社区,community,440799001,,\n"
GRID = "440799001101001,东湖一网格,grid,440799001101,420,1100\n"
CROSSED = [[113.06, 22.60], [113.07, 22.61], [113.07, 22.60], [113.06, 22.61], [113.06, 22.60]]


def test_the_four_files_are_told_apart_by_their_columns(street_files: dict[str, Path]) -> None:
    for subject, path in street_files.items():
        assert read_material(path, Datum.WGS84).subject is Subject(subject)


def test_the_demonstration_street_is_imported_whole(session: Session, imported: Unit) -> None:
    units = session.scalar(select(func.count()).select_from(Unit).where(Unit.street_code == imported.code))
    outlined = session.scalar(select(func.count()).select_from(Boundary))
    assert units == outlined == 131


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_hierarchy_in_either_encoding_and_row_order(
    session: Session, tmp_path: Path, encoding: str
) -> None:
    path = table(tmp_path, HEADER + GRID + COMMUNITY + STREET, encoding)
    import_file(session, path)
    grid = session.query(Unit).filter_by(code="440799001101001").one()
    assert (grid.name, grid.households, grid.residents) == ("东湖一网格", 420, 1100)
    community = session.get_one(Unit, grid.parent_id)
    assert community.name == "东湖社区"


def test_importing_a_hierarchy_again_renames_and_forgets_nothing(session: Session, tmp_path: Path) -> None:
    import_file(session, table(tmp_path, HEADER + STREET + COMMUNITY + GRID))
    before = session.query(Unit).filter_by(code="440799001101").one().id
    import_file(session, table(tmp_path, HEADER + COMMUNITY.replace("东湖", "西湖")))
    unit = session.query(Unit).filter_by(code="440799001101").one()
    assert (unit.id, unit.name) == (before, "西湖社区")
    assert session.query(Unit).filter(Unit.street_code == "440799001").count() == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + GRID, ["row 2", "parent_code", "440799001101 is unknown"]),
        (
            HEADER + STREET + COMMUNITY + GRID.replace(",440799001101,", ",440799001,"),
            ["row 4", "tier above"],
        ),
        (HEADER + STREET + COMMUNITY.replace("440799001101", "440798001101"), ["row 3", "begin with"]),
        (HEADER + STREET + STREET, ["row 3", "code", "row 2 too"]),
        (HEADER + "4.40799E+08,甲街道,street,,,\n", ["row 2", "code", "9 digits"]),
        (HEADER + STREET.replace("street", "ward"), ["row 2", "tier", "ward", "street, community, grid"]),
        (HEADER + STREET.replace("甲街道", ""), ["row 2", "name"]),
        (HEADER + STREET.replace("甲街道", "长" * 61), ["row 2", "name", "60"]),
        (HEADER + STREET.replace(",,,", ",,many,"), ["row 2", "households", "many"]),
        (HEADER + STREET.replace(",,,", ",440799,,"), ["row 2", "parent_code"]),
        (HEADER + STREET.strip() + ",more,more\n", ["row 2", "8 cells under 6 columns"]),
        (HEADER, ["header and no rows"]),
        ("code,name\n1,2\n", ["lacks parent_code, tier"]),
        ("   \n", ["empty"]),
        ("", ["empty"]),
        ('code,name,tier,parent_code\n"440799001', ["not a CSV table"]),
        ("{not json", ["not JSON"]),
        ("[" * 100_000, ["not JSON"]),
        ('{"type": "Feature"}', ["FeatureCollection"]),
        ("a\x00b", ["neither UTF-8 nor GBK"]),
    ],
)
def test_a_bad_table_is_refused_with_the_place_and_nothing_is_changed(
    session: Session, tmp_path: Path, text: str, said: list[str]
) -> None:
    message = refused(session, table(tmp_path, text))
    for part in ["file.csv", *said]:
        assert part in message


def test_bytes_of_no_encoding_are_refused(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xff\xfe\x00\x81\xff")
    assert "neither UTF-8 nor GBK" in refused(session, path)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    rows = [STREET.replace("440799001", "1"), STREET.replace("street", "ward")]
    with pytest.raises(Defective) as caught:
        read_material(table(tmp_path, HEADER + "".join(rows) + STREET.replace(",,,", ",,x,y")), Datum.WGS84)
    assert [(defect.row, defect.column) for defect in caught.value.defects] == [
        (3, "tier"), (4, "households"), (4, "residents"),
    ]  # fmt: skip


def test_boundaries_become_a_revision_with_the_outlines_above_united(
    session: Session, tmp_path: Path
) -> None:
    two_grids(session)
    import_file(session, outlines(tmp_path))
    rows = session.execute(
        select(Unit.code, func.ST_Area(Boundary.outline)).join(Boundary, Boundary.unit_id == Unit.id)
    )
    areas = {code: round(area, 9) for code, area in rows}
    assert areas == {
        "440799001101001": 0.0001, "440799001101002": 0.0001, "440799001101": 0.0002, "440799001": 0.0002,
    }  # fmt: skip


def test_boundaries_in_another_datum_are_converted_corner_by_corner(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    west, east = (
        [[float(value) for value in from_wgs84(x, y, Datum.GCJ02)] for x, y in ring] for ring in (WEST, EAST)
    )
    import_file(session, outlines(tmp_path, west, east), datum=Datum.GCJ02)
    street = session.query(Unit).filter_by(code="440799001").one()
    route = Locator.load(session, street.id).locate(lon=113.0699, lat=22.605, datum=Datum.WGS84)
    assert session.get_one(Unit, route.grid_id).code == "440799001101001"
    assert session.scalars(select(Boundary.datum).distinct()).all() == ["gcj02"]


def test_a_street_that_moves_as_a_whole_was_declared_in_a_wrong_datum(
    session: Session, tmp_path: Path
) -> None:
    two_grids(session)
    import_file(session, outlines(tmp_path))
    assert "declare --datum wgs84" in refused(session, outlines(tmp_path), datum=Datum.GCJ02)
    assert "check the datum" in refused(session, outlines(tmp_path, _moved(WEST, 0.003), _moved(EAST, 0.003)))
    import_file(session, outlines(tmp_path, _moved(WEST, 0.0005), _moved(EAST, 0.0005)))


def _moved(ring: list[list[float]], east: float) -> list[list[float]]:
    return [[x + east, y] for x, y in ring]


@pytest.mark.parametrize(
    ("west", "east", "said"),
    [
        (CROSSED, EAST, ["row 1", "crosses", "113.065000, 22.605000"]),
        (WEST[:-1], EAST, ["row 1", "open", "113.060000, 22.610000"]),
        ([WEST[0], WEST[1], WEST[0]], EAST, ["row 1", "three corners"]),
        ([[y, x] for x, y in WEST], EAST, ["row 1", "latitude first"]),
        ([[x * 1e5, y * 1e5] for x, y in WEST], EAST, ["row 1", "not in degrees"]),
        ([[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 48.0]], EAST, ["row 1", "check the datum"]),
        ([["a", "b"]], EAST, ["row 1", "pairs of numbers"]),
        ([], EAST, ["row 1", "pairs of numbers"]),
        (WEST, _moved(EAST, -0.001), ["row 1", "overlap", "440799001101002", "m²"]),
        (WEST, _moved(WEST, 0.0), ["overlap"]),
    ],
)
def test_a_bad_outline_is_refused_with_its_place(
    session: Session, tmp_path: Path, west: Any, east: Any, said: list[str]
) -> None:
    two_grids(session)
    message = refused(session, outlines(tmp_path, west, east))
    for part in ["file.geojson", *said]:
        assert part in message


def test_a_gap_to_the_street_s_own_outline_is_named_with_its_area(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    whole = [[113.06, 22.60], [113.09, 22.60], [113.09, 22.61], [113.06, 22.61], [113.06, 22.60]]
    message = refused(session, outlines(tmp_path, **{"440799001": whole, "440799001101": whole}))
    # 0.01 by 0.01 degrees at 22.605 N.
    area = float(message.split(" m² beside")[0].split()[-1])
    assert area == pytest.approx(1028.5 * 1107.5, rel=0.002)


def test_a_grid_beyond_its_community_is_named(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    assert "lie outside the parent" in refused(session, outlines(tmp_path, **{"440799001101": WEST}))


def test_an_edge_that_differs_by_a_hand_s_breadth_is_a_sliver(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    assert "share one edge" in refused(session, outlines(tmp_path, east=_moved(EAST, -0.000001)))


def test_units_without_outline_unknown_units_and_doubles_are_named(session: Session, tmp_path: Path) -> None:
    two_grids(session)
    one = ({"code": "440799001101001"}, "Polygon", [WEST])
    assert "440799001101002 has no boundary" in refused(session, features(tmp_path, one))
    stranger = ({"code": "440799001101003"}, "Polygon", [EAST])
    assert "440799001101003 is unknown" in refused(session, features(tmp_path, one, stranger))
    assert "row 2" in refused(session, features(tmp_path, one, one))
    elsewhere = ({"code": "440798001101003"}, "Polygon", [EAST])
    assert "one street at a time" in refused(session, features(tmp_path, one, elsewhere))
    assert "not a Polygon" in refused(session, features(tmp_path, (one[0], "Point", WEST[0])))
    assert "hierarchy first" in refused(
        session, features(tmp_path, ({"code": "440797001"}, "Polygon", [WEST]))
    )


def test_a_file_too_large_or_with_too_many_corners_is_refused(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.geojson"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    assert "larger than 32 MB" in refused(session, path)
    monkeypatch.setattr("grid.importing.shapes.MOST_VERTICES", 9)
    assert "10 corners" in refused(session, outlines(tmp_path))
