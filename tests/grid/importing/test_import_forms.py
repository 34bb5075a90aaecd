"""Files as programs write them: what can be read is read, and what cannot is named with its row."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from grid.cli import group
from grid.importing.reading import read_material
from grid.models import LaneSegment, Unit
from grid.vocabulary import Datum
from tests.factories.street import TinyStreet
from tests.grid.conftest import import_file
from tests.grid.material import WEST, features, refused, table, two_grids

HEADER = "code,name,tier,parent_code"
STREET = "440799001,甲街道,street,"
LINE = [[113.062, 22.602], [113.062, 22.608]]


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Polygon", 5),
        ("Polygon", "x"),
        ("Polygon", {"x": 1}),
        ("Polygon", [1, 2]),
        ("Polygon", [[[10**400, 22.6], *WEST[1:]]]),
        ("Polygon", [[[113.06, 22.60, "high"], *WEST[1:-1], [113.06, 22.60, "high"]]]),
        ("MultiPolygon", [1, 2]),
        ("MultiPolygon", [[1], [2]]),
        ("MultiPolygon", "x"),
        ("MultiPolygon", [[[]]]),
    ],
)
def test_coordinates_that_are_none_are_named_with_their_feature(
    session: Session, tmp_path: Path, kind: str, coordinates: Any
) -> None:
    two_grids(session)
    good = ({"code": "440799001101001"}, "Polygon", [WEST])
    bad = ({"code": "440799001101002"}, kind, coordinates)
    message = refused(session, features(tmp_path, good, bad))
    assert "row 2" in message
    assert "pairs of numbers" in message


@pytest.mark.parametrize("coordinates", [LINE[:1], [LINE[0], LINE[0]]])
def test_a_line_of_one_corner_is_named(
    session: Session, tiny: TinyStreet, tmp_path: Path, coordinates: Any
) -> None:
    path = features(tmp_path, (_lane(), "LineString", coordinates))
    message = refused(session, path)
    assert "row 1" in message
    assert "two different corners" in message


def test_the_command_answers_broken_coordinates_in_one_line(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    two_grids(session)
    path = features(tmp_path, ({"code": "440799001101001"}, "Polygon", 5))
    result = app.test_cli_runner().invoke(group, ["import", str(path), "--json"])
    answer = json.loads(result.stdout)
    assert (answer["ok"], answer["defects"][0]["row"]) == (False, 1)


@pytest.mark.parametrize("above", ["\n", "\r\n\r\n", ",,,\n", "  \n"])
def test_blank_lines_above_the_header_are_passed_over_and_counted(tmp_path: Path, above: str) -> None:
    material = read_material(table(tmp_path, f"{above}{HEADER}\n\n{STREET}\n"), Datum.WGS84)
    blank = above.count("\n")
    assert [(row.code, row.row) for row in material.rows] == [("440799001", blank + 3)]


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n,,,\n", "\u3000\n", "\u3000,\n"])
def test_a_file_of_blanks_is_empty(session: Session, tmp_path: Path, text: str) -> None:
    assert "is empty" in refused(session, table(tmp_path, text))


def test_a_column_that_stands_twice_is_refused(session: Session, tmp_path: Path) -> None:
    path = table(tmp_path, f"{HEADER}, NAME\n{STREET},乙街道\n")
    assert "the column name twice" in refused(session, path)
    import_file(session, table(tmp_path, f"{HEADER},,\n{STREET},,\n"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_of_a_spreadsheet_is_read(session: Session, tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    text = f"{mark}{HEADER}\n{STREET}\n".replace(",", "\t")
    import_file(session, table(tmp_path, text, encoding))
    assert session.query(Unit).filter_by(code="440799001").one().name == "甲街道"


def test_utf_16_without_its_mark_is_refused(session: Session, tmp_path: Path) -> None:
    assert "neither UTF-8 nor GBK" in refused(session, table(tmp_path, f"{HEADER}\n{STREET}\n", "utf-16-le"))


@pytest.mark.parametrize(("written", "meant"), [("9.0", 9), (9.0, 9), ("9", 9), ("9.00", 9)])
def test_a_house_number_may_be_written_as_a_decimal(
    session: Session, tiny: TinyStreet, tmp_path: Path, written: Any, meant: int
) -> None:
    import_file(session, features(tmp_path, (_lane(left_to=written), "LineString", LINE)))
    segment = session.query(LaneSegment).filter_by(left_from=1, left_to=meant).one()
    assert segment.right_from is None


@pytest.mark.parametrize("written", ["9.5", "9.", "-9", "1e3", "９", True])
def test_a_house_number_is_whole(session: Session, tiny: TinyStreet, tmp_path: Path, written: Any) -> None:
    path = features(tmp_path, (_lane(left_to=written), "LineString", LINE))
    assert "not a whole number" in refused(session, path)


def _lane(**numbers: Any) -> dict[str, Any]:
    given = {"left_from": 1, "left_to": 9, "right_from": None, "right_to": None}
    return {"lane": "和平巷", **given, **numbers}
