"""Lanes and places of a file: laid anew, kept, refused with their place; and who may do it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.errors import Forbidden, Invalid
from grid.locating.locate import Locator
from grid.material.rows import UnitRow
from grid.models import LaneSegment, Place, Unit
from grid.service import Outcome, apply_hierarchy
from grid.vocabulary import Tier
from tests.factories.street import TinyStreet, make_actor
from tests.grid.conftest import NOW, import_file
from tests.grid.material import features, refused, table

LANE = {"lane": "和平巷", "left_from": 1, "left_to": 9, "right_from": 2, "right_to": 10}
LINE = [[113.062, 22.602], [113.062, 22.608]]
FARTHER = {"left_from": 11, "left_to": 19, "right_from": 12, "right_to": 20}
BEYOND = [[113.062, 22.608], [113.062, 22.612]]


def test_lanes_are_laid_anew_and_others_stay(session: Session, tiny: TinyStreet, tmp_path: Path) -> None:
    path = features(tmp_path, (LANE, "LineString", LINE))
    assert import_file(session, path) == Outcome(created=1)
    kept = session.scalars(select(LaneSegment.id)).all()
    assert import_file(session, path) == Outcome(unchanged=1)
    assert session.scalars(select(LaneSegment.id)).all() == kept
    longer = features(tmp_path, (LANE, "LineString", LINE), ({**LANE, **FARTHER}, "LineString", BEYOND))
    assert import_file(session, longer) == Outcome(changed=2)
    assert session.query(LaneSegment).count() == 3


def test_places_that_are_the_same_are_told_from_those_that_changed(
    session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    header = "name,kind,lon,lat,address,aliases\n"
    same, other = "西苑,compound,113.065,22.605,迎春路1号,苑\n", "北苑,park,113.065,22.615,,\n"
    assert import_file(session, table(tmp_path, header + same)) == Outcome(created=1)
    assert import_file(session, table(tmp_path, header + same + other)) == Outcome(created=1, unchanged=1)
    for changed in ("park,113.065,22.615,,园", "park,113.065,22.616,,", "park,113.065,22.616,东湖,"):
        path = table(tmp_path, f"{header}{same}北苑,{changed}\n")
        assert import_file(session, path) == Outcome(changed=1, unchanged=1)


def test_an_import_that_changes_nothing_keeps_the_locator(
    session: Session, imported: Unit, street_files: dict[str, Path]
) -> None:
    locator = Locator.load(session, imported.id)
    for name in ("lanes", "places"):
        outcome = import_file(session, street_files[name])
        assert (outcome.created, outcome.changed) == (0, 0)
        assert outcome.unchanged > 100
    assert Locator.load(session, imported.id) is locator


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
