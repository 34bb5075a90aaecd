"""Other names: what may be one, who decides, from when it routes, and the table of old names."""

from pathlib import Path

import pytest
from shapely import LineString
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from grid.aliases import decide, propose
from grid.landmarks import load_lanes
from grid.locating.locate import Locator
from grid.material.defects import Defective
from grid.material.rows import LaneRow
from grid.models import Alias, Unit
from grid.reason import Reason
from grid.vocabulary import AliasState, RouteMethod
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.grid.conftest import NOW, import_file
from tests.grid.material import table


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.street, Role.HOTLINE_CLERK)


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def test_an_alias_routes_once_a_second_person_confirms_it(
    session: Session, tiny: TinyStreet, clerk: Actor, leader: Actor
) -> None:
    def find() -> tuple[int | None, RouteMethod]:
        route = Locator.load(session, tiny.street.id).locate(address="糖厂街十二号")
        return route.grid_id, route.method

    alias = propose(session, tiny.street.id, wording="糖厂街", name="迎春路", actor=clerk, now=NOW)
    assert find() == (None, RouteMethod.DESK)
    with pytest.raises(Forbidden):
        decide(session, alias.id, confirmed=True, actor=clerk, now=NOW)
    decide(session, alias.id, confirmed=True, actor=leader, now=NOW)
    assert find() == (tiny.a2.id, RouteMethod.LANE_NUMBER)
    assert (alias.state, alias.decided_by, alias.decided_by_name) == ("confirmed", leader.id, leader.name)


def test_a_refused_alias_never_routes_and_may_be_proposed_again(
    session: Session, tiny: TinyStreet, clerk: Actor, leader: Actor
) -> None:
    alias = propose(session, tiny.street.id, wording="糖厂街", name="迎春路", actor=clerk, now=NOW)
    decide(session, alias.id, confirmed=False, actor=leader, now=NOW)
    assert Locator.load(session, tiny.street.id).locate(address="糖厂街12号").method is RouteMethod.DESK
    with pytest.raises(Conflict):
        decide(session, alias.id, confirmed=True, actor=leader, now=NOW)
    again = propose(session, tiny.street.id, wording="糖厂街", name="向阳花园", actor=clerk, now=NOW)
    assert again.id != alias.id


def test_whoever_proposed_may_take_it_back(session: Session, tiny: TinyStreet, clerk: Actor) -> None:
    alias = propose(session, tiny.street.id, wording="糖厂街", name="迎春路", actor=clerk, now=NOW)
    assert decide(session, alias.id, confirmed=False, actor=clerk, now=NOW).state is AliasState.REFUSED


def test_a_place_a_community_and_a_grid_have_other_names_too(
    session: Session, tiny: TinyStreet, clerk: Actor, leader: Actor
) -> None:
    for wording, name in (
        ("向阳大院", "向阳花园"),
        ("东湖老村", "东湖社区"),
        ("老码头片区", "东湖社区001网格"),
    ):
        alias = propose(session, tiny.street.id, wording=wording, name=name, actor=clerk, now=NOW)
        decide(session, alias.id, confirmed=True, actor=leader, now=NOW)
    locator = Locator.load(session, tiny.street.id)
    assert locator.locate(address="向阳大院3栋").grid_id == tiny.a2.id
    assert locator.locate(address="东湖老村祠堂前").community_id == tiny.a.id
    assert locator.locate(address="老码头片区").grid_id == tiny.a1.id


def test_one_wording_confirmed_for_two_lanes_asks_a_person(
    session: Session, tiny: TinyStreet, clerk: Actor, leader: Actor
) -> None:
    lane = LaneRow("和平巷", LineString([(113.062, 22.602), (113.062, 22.608)]), 1, 9, 2, 10)
    load_lanes(session, tiny.street.id, [lane], actor=OPERATOR, now=NOW)
    for name in ("迎春路", "和平巷"):
        alias = propose(session, tiny.street.id, wording="糖厂街", name=name, actor=clerk, now=NOW)
        decide(session, alias.id, confirmed=True, actor=leader, now=NOW)
    route = Locator.load(session, tiny.street.id).locate(address="糖厂街4号")
    assert (route.grid_id, route.community_id) == (None, tiny.a.id)
    assert route.candidates == (tiny.a1.code, tiny.a2.code)


@pytest.mark.parametrize(
    "wording",
    [
        "路", "街" * 31, "一" * 9_000, "糖厂 街，", "12号", "糖厂街12号", "糖厂街３０１室", "糖厂街第十二号",
        "张三先生家", "我家", "糖厂街13800000000", "😀街", "#糖厂", "", "3栋",
    ],
)  # fmt: skip
def test_a_house_a_person_or_a_number_is_no_name(
    session: Session, tiny: TinyStreet, clerk: Actor, wording: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        propose(session, tiny.street.id, wording=wording, name="迎春路", actor=clerk, now=NOW)
    assert "wording" in refusal.value.fields


@pytest.mark.parametrize("wording", ["向阳小区", "西湖社区", "西湖居委会", "迎春路", "甲街道"])
def test_what_names_something_else_here_is_no_alias(
    session: Session, tiny: TinyStreet, clerk: Actor, wording: str
) -> None:
    with pytest.raises(Invalid):
        propose(session, tiny.street.id, wording=wording, name="迎春路", actor=clerk, now=NOW)


def test_a_sibling_lane_is_never_made_an_alias(session: Session, tiny: TinyStreet, clerk: Actor) -> None:
    lane = LaneRow("迎宾路", LineString([(113.062, 22.602), (113.062, 22.608)]), 1, 9, 2, 10)
    load_lanes(session, tiny.street.id, [lane], actor=OPERATOR, now=NOW)
    with pytest.raises(Invalid):
        propose(session, tiny.street.id, wording="迎宾路", name="迎春路", actor=clerk, now=NOW)


@pytest.mark.parametrize("name", ["没有路", "", "向阳小区"])
def test_an_alias_means_something_that_is_called_so(
    session: Session, tiny: TinyStreet, clerk: Actor, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        propose(session, tiny.street.id, wording="糖厂街", name=name, actor=clerk, now=NOW)
    assert "name" in refusal.value.fields


def test_the_same_is_not_proposed_twice(
    session: Session, tiny: TinyStreet, clerk: Actor, leader: Actor
) -> None:
    propose(session, tiny.street.id, wording="糖厂一街", name="迎春路", actor=clerk, now=NOW)
    with pytest.raises(Conflict):
        propose(session, tiny.street.id, wording="糖厂1街", name="迎春路", actor=leader, now=NOW)


def test_a_community_proposes_and_only_the_street_decides(
    session: Session, tiny: TinyStreet, clerk: Actor
) -> None:
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    alias = propose(session, tiny.street.id, wording="糖厂街", name="迎春路", actor=lead, now=NOW)
    with pytest.raises(NotFound):
        decide(session, alias.id, confirmed=True, actor=lead, now=NOW)
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    with pytest.raises(Forbidden):
        propose(session, tiny.street.id, wording="油库路", name="迎春路", actor=worker, now=NOW)
    other = make_actor(session, make_street(session, "440799002", "乙街道").street, Role.STREET_LEADER)
    with pytest.raises(NotFound):
        decide(session, alias.id, confirmed=True, actor=other, now=NOW)
    decide(session, alias.id, confirmed=True, actor=clerk, now=NOW)


def test_the_database_lets_nobody_confirm_their_own(session: Session, tiny: TinyStreet, clerk: Actor) -> None:
    alias = propose(session, tiny.street.id, wording="糖厂街", name="迎春路", actor=clerk, now=NOW)
    with pytest.raises(IntegrityError, match="another_decides"), session.begin_nested():
        session.execute(
            update(Alias)
            .where(Alias.id == alias.id)
            .values(state="confirmed", decided_at=NOW, decided_by=clerk.id, decided_by_name=clerk.name)
        )


def test_a_table_of_old_names_counts_at_once_and_again_changes_nothing(
    session: Session, tiny: TinyStreet, tmp_path: Path, clerk: Actor
) -> None:
    propose(session, tiny.street.id, wording="油库路", name="迎春路", actor=clerk, now=NOW)
    path = table(tmp_path, "alias,name\n糖厂街,迎春路\n油库路,迎春路\n向阳大院,向阳花园\n")
    outcome = import_file(session, path)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (2, 1, 0)
    locator = Locator.load(session, tiny.street.id)
    for address in ("糖厂街12号", "油库路12号", "向阳大院"):
        assert locator.locate(address=address).grid_id == tiny.a2.id
    again = import_file(session, path)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 3)
    assert session.scalars(select(Alias.decided_by_name)).all() == ["command line"] * 3


def test_a_table_with_faults_names_each_and_loads_nothing(
    session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    rows = ["糖厂街,迎春路", "油库路,没有路", "糖厂街3号,迎春路", "向阳小区,迎春路", ",迎春路"]
    with pytest.raises(Defective) as refusal:
        import_file(session, table(tmp_path, "\n".join(["alias,name", *rows])))
    assert {defect.row for defect in refusal.value.defects} == {6}
    with pytest.raises(Defective) as refusal:
        import_file(session, table(tmp_path, "\n".join(["alias,name", *rows[:-1]])))
    assert [(defect.row, defect.column) for defect in refusal.value.defects] == [
        (3, "name"), (4, "alias"), (5, "alias"),
    ]  # fmt: skip
    assert session.scalars(select(Alias)).all() == []


def test_an_alias_wins_over_a_name_that_is_only_like_it(
    session: Session, imported: Unit, tmp_path: Path
) -> None:
    locator = Locator.load(session, imported.id)
    before = locator.locate(address="锦峰大道3号")
    assert (before.reason, before.grid_id is None) == (Reason.NAME_MISSPELT, False)
    import_file(session, table(tmp_path, "alias,name\n锦峰大道,泰祥路\n"))
    after = Locator.load(session, imported.id).locate(address="锦峰大道3号")
    assert after.reason == Reason.HOUSE_NUMBER
    assert after.grid_id != before.grid_id
