"""The four principles on what is in force, and the three commands."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.auth.vocabulary import Role
from app.config import grid_standards
from app.core.errors import Unavailable
from app.demo.street import Street
from grid.check import check_street, streets
from grid.cli import group
from grid.models import Unit
from grid.vocabulary import Tier
from tests.factories.street import IN_A1, IN_THE_SEA, TODAY, TinyStreet, make_actor


def run(app: Flask, *arguments: str) -> Result:
    """The command as typed, without `dingfen grid`."""
    return app.test_cli_runner().invoke(group, list(arguments))


def test_the_demonstration_street_only_lacks_people(session: Session, imported: Unit) -> None:
    findings = check_street(session, imported, TODAY)
    assert Counter((finding.check, finding.blocking) for finding in findings) == {("posting", False): 104}


def test_a_posting_counts_on_its_days_only(session: Session, tiny: TinyStreet) -> None:
    make_actor(session, tiny.a1, Role.GRID_WORKER)
    for day, vacant in ((date(2018, 12, 31), 3), (date(2019, 1, 1), 2)):
        found = [finding for finding in check_street(session, tiny.street, day) if finding.check == "posting"]
        assert len(found) == vacant


def test_the_bands_are_a_setting(
    app: Flask, session: Session, imported: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DINGFEN_GRID_HOUSEHOLDS", "1-2")
    monkeypatch.setitem(app.config, "GRID_STANDARDS", grid_standards())
    findings = check_street(session, imported, TODAY)
    assert sum(finding.check == "size" for finding in findings) == 104
    assert not any(finding.blocking for finding in findings)


@pytest.mark.parametrize("band", ["many", "5", "9-1", "1-2-3"])
def test_a_band_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, band: str) -> None:
    monkeypatch.setenv("DINGFEN_GRID_RESIDENTS", band)
    with pytest.raises(Unavailable, match="DINGFEN_GRID_RESIDENTS"):
        grid_standards()


def test_the_tiny_street_is_a_valid_coverage(session: Session, tiny: TinyStreet) -> None:
    assert not [finding for finding in check_street(session, tiny.street, TODAY) if finding.blocking]


def test_a_corner_missing_on_a_longer_edge_is_a_sliver(session: Session, crooked: TinyStreet) -> None:
    blocking = [finding for finding in check_street(session, crooked.street, TODAY) if finding.blocking]
    assert {finding.check for finding in blocking} == {"sliver"}
    assert all(finding.length_m for finding in blocking)


def test_a_street_without_boundaries_is_blocked(session: Session) -> None:
    session.add(Unit(tier=Tier.STREET, code="440798001", name="乙街道"))
    session.flush()
    assert [
        finding.check for street in streets(session) for finding in check_street(session, street, TODAY)
    ] == ["no_boundaries"]


def test_locate_says_where_a_point_lies(app: Flask, session: Session, tiny: TinyStreet) -> None:
    result = run(app, "locate", "--lon", str(IN_A1[0]), "--lat", str(IN_A1[1]), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "grid": tiny.a1.code,
        "community": tiny.a.code,
        "street": tiny.street.code,
        "method": "point",
        "certainty": 1.0,
        "candidates": [],
        "reason": "point_in_grid",
        "alike": [],
    }


@pytest.mark.parametrize(
    ("arguments", "grid", "reason"),
    [
        (["--address", "迎春路12号"], "440799001101002", "house_number"),
        (["--address", "江海区迎春路12号"], None, "other_district"),
        (["--lon", str(IN_THE_SEA[0]), "--lat", str(IN_THE_SEA[1])], None, "point_outside_street"),
    ],
)
def test_locate_by_address_or_to_the_desk(
    app: Flask, session: Session, tiny: TinyStreet, arguments: list[str], grid: str | None, reason: str
) -> None:
    answer = json.loads(run(app, "locate", *arguments, "--json").stdout)
    assert (answer["grid"], answer["reason"]) == (grid, reason)
    assert "reason" in run(app, "locate", *arguments).stdout


@pytest.mark.parametrize(
    "arguments", [["--lon", "113"], [], ["--address", "迎春路", "--street", "440000001"]]
)
def test_locate_refuses_half_a_question(
    app: Flask, session: Session, tiny: TinyStreet, arguments: list[str]
) -> None:
    result = run(app, "locate", *arguments)
    assert type(result.exception).__name__ in ("Invalid", "NotFound")
    assert result.stdout == ""


def test_check_ends_one_where_a_blocking_principle_fails(
    app: Flask, session: Session, crooked: TinyStreet
) -> None:
    result = run(app, "check", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert answer["ok"] is False
    assert {"check", "blocking", "units", "message"} <= set(answer["findings"][0])
    assert "not ok" in run(app, "check").stdout


def test_check_ends_zero_with_warnings_only(app: Flask, session: Session, imported: Unit) -> None:
    result = run(app, "check", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"] is True


def imports(app: Flask, path: Path, *more: str) -> dict[str, Any]:
    result = run(app, "import", str(path), "--json", *more)
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer["ok"] is (result.exception is None)
    return answer


def test_check_tells_of_every_grid_which_lanes_bound_it(
    app: Flask, session: Session, tiny: TinyStreet
) -> None:
    borders = {one["unit"]: one for one in json.loads(run(app, "check", "--json").stdout)["borders"]}
    assert borders[tiny.a1.code]["sides"] == {"north": [], "east": ["迎春路"], "south": [], "west": []}
    assert borders[tiny.a2.code]["sides"]["west"] == ["迎春路"]
    # The lane is one of four sides of 1,028 and 1,107 m.
    assert borders[tiny.a1.code]["share"] == pytest.approx(1107.5 / (2 * (1107.5 + 1028.6)), abs=0.01)


def test_import_tells_what_it_did_and_a_dry_run_does_nothing(
    app: Flask, session: Session, street_files: dict[str, Path], drawn: Street
) -> None:
    path = street_files["hierarchy"]
    assert imports(app, path, "--dry-run")["created"] == 131
    assert session.query(Unit).count() == 0
    assert imports(app, path)["created"] == 131
    again = imports(app, path)
    assert (again["created"], again["unchanged"]) == (0, 131)
    assert "131 rows" in run(app, "import", str(path)).stdout
    assert (
        session.scalar(text("SELECT name FROM units WHERE code = :code"), {"code": drawn.code}) == drawn.name
    )


def test_import_lists_every_defect_as_an_object(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "hierarchy.csv"
    path.write_text("code,name,tier,parent_code\n1,甲,street,\n2,乙,street,\n", encoding="utf-8")
    defects = imports(app, path)["defects"]
    assert [(defect["row"], defect["column"]) for defect in defects] == [(2, "code"), (3, "code")]
    path.write_text("", encoding="utf-8")
    assert imports(app, path)["defects"][0]["row"] is None
