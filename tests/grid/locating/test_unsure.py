"""Where the words name somewhere else, the other side or several spots, no answer is sure."""

import pytest
from shapely import LineString, Point
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from grid.landmarks import load_lanes, load_places
from grid.locating.locate import Locator
from grid.material.rows import LaneRow, PlaceRow
from grid.models import Unit
from grid.reason import Reason
from grid.vocabulary import Datum, PlaceKind, RouteMethod
from tests.factories.street import IN_A1, IN_A2, IN_B1, TinyStreet
from tests.grid.conftest import NOW

SURE = 0.95


@pytest.mark.parametrize(
    "address",
    [
        "白沙街宏丰路100号",
        "江门市蓬江区白沙街宏丰路100号",
        "白沙街道办宏丰路100号",
        "蓬江区白沙宏丰路100号",
        "棠下宏丰路100号",
        "新会会城宏丰路100号",
        "新会宏丰路100号",
        "广州宏丰路100号",
        "范罗岗社区宏丰路100号",
        "范罗岗居委会宏丰路100号",
        "宏丰路100号（范罗岗社区）",
        "桐井村宏丰路100号",
    ],
)
def test_another_street_by_a_short_name_or_by_its_community_goes_to_the_desk(
    locator: Locator, address: str
) -> None:
    route = locator.locate(address=address)
    assert (route.method, route.reason) == (RouteMethod.DESK, Reason.OTHER_DISTRICT)


@pytest.mark.parametrize(
    "address",
    [
        "环市街宏丰路100号",
        "宏丰路100号白沙街口",
        "新会路口宏丰路100号",
        "白沙街12号旁宏丰路100号",
        "江南花园旁宏丰路100号",
        "新范罗岗社区旁宏丰路100号",
        "范罗岗社区路口宏丰路100号",
    ],
)
def test_a_short_name_that_may_be_something_else_proves_nothing(locator: Locator, address: str) -> None:
    route = locator.locate(address=address)
    assert (route.method, route.certainty) == (RouteMethod.LANE_NUMBER, SURE)


@pytest.mark.parametrize("said", ["对面", "斜对面", "的对面", "正对面", "门口对面", "（对面）"])
def test_opposite_a_house_number_is_the_other_side_of_the_lane(
    session: Session, tiny: TinyStreet, said: str
) -> None:
    locator = Locator.load(session, tiny.street.id)
    odd, even = (locator.locate(address=f"迎春路{number}号{said}") for number in (11, 12))
    assert (odd.grid_id, even.grid_id) == (tiny.a2.id, tiny.a1.id)
    assert odd.reason == even.reason == Reason.ACROSS_THE_LANE
    assert odd.certainty < SURE
    assert locator.locate(address=f"{said}迎春路11号").grid_id == tiny.a1.id


def test_opposite_a_house_at_the_street_s_own_border_goes_to_the_desk(
    session: Session, tiny: TinyStreet
) -> None:
    lane = LaneRow("和平巷", LineString([(113.06, 22.602), (113.06, 22.608)]), None, None, 2, 10)
    load_lanes(session, tiny.street.id, [lane], actor=OPERATOR, now=NOW)
    locator = Locator.load(session, tiny.street.id)
    assert locator.locate(address="和平巷4号").grid_id == tiny.a1.id
    across = locator.locate(address="和平巷4号对面")
    assert (across.method, across.reason) == (RouteMethod.DESK, Reason.ACROSS_THE_LANE)


def test_opposite_a_number_that_the_lane_lacks_is_only_the_lane(session: Session, tiny: TinyStreet) -> None:
    route = Locator.load(session, tiny.street.id).locate(address="迎春路301号对面")
    assert (route.method, route.community_id, route.grid_id) == (RouteMethod.LANE, tiny.a.id, None)


def test_opposite_a_place_is_only_its_community(session: Session, tiny: TinyStreet) -> None:
    locator = Locator.load(session, tiny.street.id)
    route = locator.locate(address="向阳花园对面")
    assert (route.community_id, route.grid_id, route.reason) == (tiny.a.id, None, Reason.ACROSS_FROM_PLACE)
    assert route.candidates == (tiny.a2.code,)
    assert route.certainty < locator.locate(address="向阳花园").certainty
    assert locator.locate(address="向阳花园对面迎春路11号").grid_id == tiny.a1.id


def test_between_two_places_both_are_possible(session: Session, tiny: TinyStreet) -> None:
    places = [
        PlaceRow("西苑", PlaceKind.COMPOUND, Point(*IN_A1)),
        PlaceRow("北苑", PlaceKind.COMPOUND, Point(*IN_B1)),
        PlaceRow("向阳小学", PlaceKind.SCHOOL, Point(*IN_A2)),
    ]
    load_places(session, tiny.street.id, places, actor=OPERATOR, now=NOW)
    locator = Locator.load(session, tiny.street.id)
    near = locator.locate(address="向阳花园与西苑之间")
    assert (near.community_id, near.grid_id) == (tiny.a.id, None)
    assert near.candidates == (tiny.a1.code, tiny.a2.code)
    far = locator.locate(address="向阳花园与北苑之间")
    assert (far.method, far.reason) == (RouteMethod.DESK, Reason.PLACES_DIFFER)
    assert far.candidates == (tiny.a2.code, tiny.b1.code)
    assert locator.locate(address="向阳花园与向阳小学之间").grid_id == tiny.a2.id


def test_between_two_compounds_of_the_demonstration_nothing_is_sure(locator: Locator) -> None:
    route = locator.locate(address="金城花园与东林雅居之间")
    assert route.method is RouteMethod.DESK
    assert route.candidates == ("440703006101001", "440703006102001")


@pytest.mark.parametrize(
    "grid",
    ["五福社区第2网格", "五福社区第二网格", "五福居委会2网格", "五福社区，第2网格", "第2网格（五福社区）"],
)
def test_a_grid_named_in_words_is_found(session: Session, locator: Locator, grid: str) -> None:
    route = locator.locate(address=grid)
    named = session.query(Unit).filter_by(code="440703006101002").one()
    assert (route.grid_id, route.community_id, route.reason) == (named.id, named.parent_id, Reason.GRID_NAME)
    assert route.method is RouteMethod.COMMUNITY
    assert 0 < route.certainty < SURE


def test_a_grid_without_its_community_has_namesakes(locator: Locator) -> None:
    route = locator.locate(address="第2网格")
    assert (route.method, route.reason) == (RouteMethod.DESK, Reason.GRID_AMBIGUOUS)
    assert len(route.candidates) == 26


@pytest.mark.parametrize("number", [2, 9])
def test_a_house_number_after_a_grid_is_read(locator: Locator, number: int) -> None:
    bare = locator.locate(address="宏丰路100号")
    route = locator.locate(address=f"五福社区第{number}网格宏丰路100号")
    assert (route.grid_id, route.method) == (bare.grid_id, RouteMethod.LANE_NUMBER)


def test_another_grid_named_beside_a_house_number_lowers_the_certainty(
    session: Session, tiny: TinyStreet
) -> None:
    locator = Locator.load(session, tiny.street.id)
    right, wrong = (locator.locate(address=f"东湖社区00{grid}网格迎春路12号") for grid in (2, 1))
    assert right.grid_id == wrong.grid_id == tiny.a2.id
    assert (right.certainty, right.candidates) == (SURE, ())
    assert wrong.certainty < SURE
    assert wrong.candidates == (tiny.a1.code,)


@pytest.mark.parametrize("words", [{"address": "西湖社区居委会旁"}, {"community": "西湖"}])
def test_a_point_beside_the_name_of_another_community_is_less_sure(
    session: Session, tiny: TinyStreet, words: dict[str, str]
) -> None:
    locator = Locator.load(session, tiny.street.id)
    lon, lat = IN_A1
    route = locator.locate(lon=lon, lat=lat, datum=Datum.WGS84, **words)  # type: ignore[arg-type]
    assert (route.grid_id, route.method) == (tiny.a1.id, RouteMethod.POINT)
    assert (route.reason, route.candidates) == (Reason.POINT_AGAINST_WORDS, (tiny.b.code,))
    assert route.certainty < SURE


def test_a_point_beside_the_name_of_its_own_unit_stays_sure(session: Session, tiny: TinyStreet) -> None:
    locator = Locator.load(session, tiny.street.id)
    for address in ("甲街道东湖社区", "东湖社区001网格", "迎春路"):
        assert locator.locate(address=address, lon=IN_A1[0], lat=IN_A1[1], datum=Datum.WGS84).certainty == 1.0
    edge = locator.locate(address="东湖社区002网格", lon=113.07, lat=22.605, datum=Datum.WGS84)
    assert (edge.reason, edge.certainty) == (Reason.POINT_ON_EDGE, 0.5)


def test_a_point_beside_the_name_of_another_street_is_less_sure(locator: Locator) -> None:
    spot = locator.locate(address="金城花园").point
    assert spot is not None
    route = locator.locate(address="白沙街道西园路3号", lon=spot[0], lat=spot[1], datum=Datum.WGS84)
    assert (route.method, route.reason) == (RouteMethod.POINT, Reason.POINT_AGAINST_WORDS)
    assert route.candidates == ("440703002",)
    assert route.certainty < SURE
