"""The four files of a street: recognised by their columns, all or nothing, every fault named."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.errors import AppError, Forbidden, Invalid
from grid.datum import from_wgs84
from grid.defects import Defective
from grid.files import MOST_BYTES
from grid.locate import Locator
from grid.models import Boundary, LaneSegment, Place, Revision, Unit
from grid.reading import Subject, read_material
from grid.rows import UnitRow
from grid.service import apply_hierarchy
from grid.vocabulary import Datum, Tier
from tests.factories.street import TinyStreet, make_actor
from tests.grid.conftest import NOW, import_file

HEADER = "code,name,tier,parent_code,households,residents\n"
STREET = "440799001,甲街道,street,,,\n"
COMMUNITY = "440799001101,东湖社区,community,440799001,,\n"
GRID = "440799001101001,东湖一网格,grid,440799001101,420,1100\n"
WEST = [[113.06, 22.60], [113.07, 22.60], [113.07, 22.61], [113.06, 22.61], [113.06, 22.60]]
EAST = [[113.07, 22.60], [113.08, 22.60], [113.08, 22.61], [113.07, 22.61], [113.07, 22.60]]
CROSSED = [[113.06, 22.60], [113.07, 22.61], [113.07, 22.60], [113.06, 22.61], [113.06, 22.60]]
LANE = {"lane": "和平巷", "left_from": 1, "left_to": 9, "right_from": 2, "right_to": 10}
LINE = [[113.062, 22.602], [113.062, 22.608]]


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def features(tmp_path: Path, *items: tuple[dict[str, Any], str, Any]) -> Path:
    """A GeoJSON file of properties, type and coordinates."""
    path = tmp_path / "file.geojson"
    listed = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in items
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")
    return path


def refused(session: Session, path: Path, **given: Any) -> str:
    """The message of a refusal; nothing may have been written."""
    tables = (Unit, Revision, Boundary, LaneSegment, Place)
    before = [session.scalar(select(func.count()).select_from(one)) for one in tables]
    with pytest.raises(AppError) as caught:
        import_file(session, path, **given)
    assert [session.scalar(select(func.count()).select_from(one)) for one in tables] == before
    with force_locale("en"):
        return caught.value.message


def two_grids(session: Session) -> None:
    """A hierarchy of one community with two grids."""
    rows = [
        UnitRow("440799001", "甲街道", Tier.STREET),
        UnitRow("440799001101", "东湖社区", Tier.COMMUNITY, "440799001"),
        UnitRow("440799001101001", "一网格", Tier.GRID, "440799001101"),
        UnitRow("440799001101002", "二网格", Tier.GRID, "440799001101"),
    ]
    apply_hierarchy(session, rows, actor=OPERATOR, now=NOW)


def outlines(tmp_path: Path, west: Any = WEST, east: Any = EAST, **more: Any) -> Path:
    """The boundaries of those two grids."""
    listed = [
        ({"code": "440799001101001"}, "Polygon", [west]),
        ({"code": "440799001101002"}, "Polygon", [east]),
    ]
    listed += [({"code": code}, "Polygon", [ring]) for code, ring in more.items()]
    return features(tmp_path, *listed)


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
    assert "check the datum" in refused(session, outlines(tmp_path), datum=Datum.GCJ02)
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
    monkeypatch.setattr("grid.reading.MOST_VERTICES", 9)
    assert "10 corners" in refused(session, outlines(tmp_path))


def test_lanes_are_laid_anew_and_others_stay(session: Session, tiny: TinyStreet, tmp_path: Path) -> None:
    path = features(tmp_path, (LANE, "LineString", LINE))
    import_file(session, path)
    import_file(session, path)
    assert session.query(LaneSegment).count() == 2


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"left_to": None}, LINE, ["row 1", "left_from", "both ends"]),
        ({"left_from": 11}, LINE, ["row 1", "11 to 9 descends"]),
        ({"left_from": "x"}, LINE, ["row 1", "left_from", "whole number"]),
        ({"right_from": 3, "right_to": 11}, LINE, ["row 1", "stands once"]),
        ({"lane": ""}, LINE, ["row 1", "lane"]),
        ({}, [[113.9, 21.5], [113.9, 21.6]], ["row 1", "outside 440799001", "datum"]),
        ({}, [[22.602, 113.062], [22.608, 113.062]], ["latitude first"]),
    ],
)
def test_a_bad_lane_is_refused(
    session: Session, tiny: TinyStreet, tmp_path: Path, change: dict[str, Any], line: Any, said: list[str]
) -> None:
    message = refused(session, features(tmp_path, ({**LANE, **change}, "LineString", line)))
    for part in said:
        assert part in message


def test_places_are_put_on_the_map_and_keep_what_was_learnt(
    session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    text = "name,kind,lon,lat,address,aliases\n向阳花园,compound,113.065,22.605,,花园|向阳园\n"
    import_file(session, table(tmp_path, text))
    session.expire_all()
    place = session.query(Place).filter_by(name="向阳花园").one()
    assert place.aliases == ["向阳小区", "花园", "向阳园"]
    route = Locator.load(session, tiny.street.id).locate(address="向阳园")
    assert route.grid_id == tiny.a1.id


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("甲,castle,113.065,22.605,,", ["row 2", "kind", "castle"]),
        ("甲,park,here,22.605,,", ["row 2", "lon", "here"]),
        ("甲,park,,22.605,,", ["row 2", "lon"]),
        ("甲,park,nan,22.605,,", ["row 2", "lon"]),
        ("甲,park,22.605,113.065,,", ["row 2", "latitude first"]),
        ("甲,park,113.9,21.5,,", ["row 2", "outside 440799001"]),
        ("甲,park,113.065,22.605,,\n甲,park,113.065,22.605,,", ["row 3", "row 2 too"]),
        ("甲,park,113.065,22.605,," + "长" * 61, ["row 2", "aliases"]),
    ],
)
def test_a_bad_place_is_refused(
    session: Session, tiny: TinyStreet, tmp_path: Path, row: str, said: list[str]
) -> None:
    message = refused(session, table(tmp_path, "name,kind,lon,lat,address,aliases\n" + row))
    for part in said:
        assert part in message


def test_with_several_streets_lanes_ask_which(session: Session, tiny: TinyStreet, tmp_path: Path) -> None:
    apply_hierarchy(session, [UnitRow("440798001", "乙街道", Tier.STREET)], actor=OPERATOR, now=NOW)
    path = features(tmp_path, (LANE, "LineString", LINE))
    assert "--street" in refused(session, path)
    assert "440797001" in refused(session, path, street="440797001")
    import_file(session, path, street=tiny.street.code)


def test_who_may_not_manage_changes_nothing(session: Session, tiny: TinyStreet) -> None:
    actor = make_actor(session, tiny.a1, Role.GRID_WORKER)
    with pytest.raises(Forbidden):
        apply_hierarchy(session, [UnitRow("440798001", "乙街道", Tier.STREET)], actor=actor, now=NOW)


def test_the_verb_itself_refuses_what_no_file_brought(session: Session) -> None:
    with pytest.raises(Invalid):
        apply_hierarchy(session, [UnitRow("44", "乙街道", Tier.STREET)], actor=OPERATOR, now=NOW)
