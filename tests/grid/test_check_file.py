"""Checking and repairing a file whose units are not in the database."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import Result
from flask import Flask

from grid.cli import group
from tests.grid.importing.layers import CODES, EAST, WEST, written
from tests.grid.material import features
from tests.grid.shared import shared

METRE = 1 / 102_850
OVERLAPPING = shapely.box(113.07 - 20 * METRE, 22.60, 113.08, 22.61)
STREETS = ("--code-property", "code", "--parent-property", "parentCode")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, list(arguments))


def checked(app: Flask, path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    result = run(app, "check", "--file", str(path), "--json", *more)
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".kml", ".zip"])
def test_a_file_is_checked_repaired_and_passes(app: Flask, tmp_path: Path, ending: str) -> None:
    drawn = written(tmp_path / f"drawn{ending}", [WEST, OVERLAPPING], name=["东湖", "西湖"])
    code, answer = checked(app, drawn)
    assert (code, answer["ok"]) == (1, False)
    (finding,) = answer["findings"]
    assert {key: finding[key] for key in ("check", "blocking", "units")} == {
        "check": "overlap", "blocking": True, "units": list(CODES),
    }  # fmt: skip
    assert finding["area_m2"] == pytest.approx(20 * 1107.5, rel=0.01)
    assert shapely.from_geojson(json.dumps(finding["geometry"])).contains(shapely.Point(finding["at"]))
    mended = tmp_path / f"mended{ending}"
    repaired = run(app, "repair", str(drawn), str(mended), "--json")
    assert (repaired.exit_code, len(json.loads(repaired.stdout)["given"])) == (0, 1)
    assert checked(app, mended) == (0, {"ok": True, "findings": []})


def test_a_ring_that_crosses_itself_is_a_finding_and_does_not_stop_the_check(
    app: Flask, tmp_path: Path
) -> None:
    crossed = [[113.06, 22.60], [113.07, 22.61], [113.07, 22.60], [113.06, 22.61], [113.06, 22.60]]
    path = features(tmp_path, ({"id": 7}, "Polygon", [crossed]))
    _code, answer = checked(app, path, "--code-property", "ID")
    assert [(finding["check"], finding["units"]) for finding in answer["findings"]] == [("crossing", ["7"])]


@pytest.mark.parametrize(
    ("rows", "arguments", "said"),
    [
        ([("a", True), ("a", True)], [], ["row 2", "a is none"]),
        ([("a", True), (None, True)], [], ["row 2", "code of its own"]),
        ([("a", True), ("b", False)], [], ["row 2", "empty"]),
        ([("a", True)], ["--code-property", "number"], ["no property number", "it has code"]),
        ([("a", True)], ["--datum", "mars"], ["mars is none of wgs84"]),
    ],
)
def test_a_file_that_cannot_be_checked_is_refused_by_feature(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    rows: list[tuple[Any, bool]],
    arguments: list[str],
    said: list[str],
) -> None:
    ring = [[113.06, 22.60], [113.07, 22.60], [113.07, 22.61], [113.06, 22.60]]
    path = features(tmp_path, *(({"code": code}, "Polygon", [ring] if drawn else []) for code, drawn in rows))
    monkeypatch.setitem(app.config, "BABEL_DEFAULT_LOCALE", "en")
    result = run(app, "check", "--file", str(path), *arguments)
    assert result.exception is not None
    for part in said:
        assert part in str(result.exception)


def test_a_repair_needs_an_ending_it_knows(app: Flask, tmp_path: Path) -> None:
    drawn = written(tmp_path / "drawn.gpkg", [WEST, EAST])
    result = run(app, "repair", str(drawn), str(tmp_path / "out.dwg"))
    assert type(result.exception).__name__ == "Invalid"
    assert not (tmp_path / "out.dwg").exists()


@shared("geo-beijing-subdistricts")
def test_real_streets_are_checked_refused_repaired_and_pass(app: Flask, tmp_path: Path, folder: Path) -> None:
    (path,) = folder.glob("*343*.geojson")
    code, answer = checked(app, path, *STREETS)
    assert code == 1
    found = answer["findings"]
    pairs = {tuple(one["units"]) for one in found if "overlap" in (one["check"], one.get("of"))}
    assert len(pairs) == 67
    assert all("area_m2" in one for one in found if one["check"] in ("overlap", "gap", "exclave"))
    mended = tmp_path / "mended.gpkg"
    narrow = run(app, "repair", str(path), str(mended), *STREETS, "--json")
    left = json.loads(narrow.stdout)["left"]
    assert narrow.exit_code == 1
    assert {finding["check"] for finding in left} == {"gap"}
    assert run(app, "repair", str(path), str(mended), *STREETS, "--gap-width", "50").exit_code == 0
    assert checked(app, mended, *STREETS)[0] == 0
