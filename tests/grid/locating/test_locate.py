"""Finding the grid: the order of the evidence, its certainty, and what goes to the desk."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.errors import NotFound
from app.demo.street import Street
from grid.geometry.datum import from_wgs84
from grid.landmarks import load_lanes, load_places
from grid.locating.locate import Locator, Where
from grid.material.rows import LaneRow, OutlineRow, PlaceRow, UnitRow
from grid.models import Unit
from grid.reason import Reason
from grid.route import Route
from grid.service import apply_hierarchy, publish_boundaries
from grid.vocabulary import Datum, PlaceKind, RouteMethod, Tier
from tests.factories.street import IN_A1, IN_A2, IN_B1, IN_THE_SEA, TinyStreet
from tests.grid.conftest import NOW


def at(tiny: TinyStreet, session: Session, point: tuple[float, float], **more: object) -> Route:
    """The route of a WGS-84 point in the tiny street."""
    where = {"datum": Datum.WGS84, **more}
    return Locator.load(session, tiny.street.id).locate(lon=point[0], lat=point[1], **where)  # type: ignore[arg-type]


def called(tiny: TinyStreet, session: Session, address: str | None, **more: object) -> Route:
    """The route of an address in the tiny street."""
    return Locator.load(session, tiny.street.id).locate(address=address, **more)  # type: ignore[arg-type]


def test_a_point_inside_a_grid_is_sure(session: Session, tiny: TinyStreet) -> None:
    route = at(tiny, session, IN_A1)
    assert (route.grid_id, route.community_id, route.street_id) == (tiny.a1.id, tiny.a.id, tiny.street.id)
    assert (route.method, route.certainty, route.reason) == (RouteMethod.POINT, 1.0, Reason.POINT_IN_GRID)
    assert route.point == IN_A1


def test_a_point_on_a_shared_edge_takes_the_lower_code_and_keeps_the_other(
    session: Session, tiny: TinyStreet
) -> None:
    route = at(tiny, session, (113.07, 22.605))
    assert route.grid_id == tiny.a1.id
    assert route.candidates == (tiny.a2.code,)
    assert route.reason == Reason.POINT_ON_EDGE
    assert route.certainty == 0.5


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_point_in_a_map_service_datum_is_converted_first(
    session: Session, tiny: TinyStreet, datum: Datum
) -> None:
    # 300 m west of the edge: unconverted, it would fall into the next grid.
    shifted = from_wgs84(113.0671, 22.605, datum)
    given_point = (float(shifted[0]), float(shifted[1]))
    route = at(tiny, session, given_point, datum=datum)
    assert route.grid_id == tiny.a1.id
    assert route.point == pytest.approx((113.0671, 22.605), abs=1e-6)
    assert route.certainty < 1.0
    assert at(tiny, session, given_point).grid_id == tiny.a2.id


@pytest.mark.parametrize("point", [IN_THE_SEA, (22.605, 113.065), (0.0, 0.0), (1e9, 1e9)])
def test_a_point_outside_the_street_goes_to_the_desk(
    session: Session, tiny: TinyStreet, point: tuple[float, float]
) -> None:
    route = at(tiny, session, point)
    assert route.method is RouteMethod.DESK
    assert route.reason == Reason.POINT_OUTSIDE_STREET
    assert (route.grid_id, route.community_id, route.certainty) == (None, None, 0.0)


def test_a_point_outside_leaves_the_word_to_the_address_with_less_certainty(
    session: Session, tiny: TinyStreet
) -> None:
    route = at(tiny, session, IN_THE_SEA, address="迎春路12号")
    assert route.grid_id == tiny.a2.id
    assert route.certainty < called(tiny, session, "迎春路12号").certainty


@pytest.mark.parametrize("datum", [None, "", "tokyo"])
def test_the_datum_of_a_point_is_not_guessed(session: Session, tiny: TinyStreet, datum: str | None) -> None:
    assert at(tiny, session, IN_A1, datum=datum).reason == Reason.DATUM_MISSING
    assert at(tiny, session, IN_A1, datum=datum, address="迎春路12号").grid_id == tiny.a2.id


def test_the_point_outranks_the_address(session: Session, tiny: TinyStreet) -> None:
    assert at(tiny, session, IN_B1, address="迎春路12号").grid_id == tiny.b1.id


def test_odd_and_even_sides_of_a_boundary_lane_differ(session: Session, tiny: TinyStreet) -> None:
    odd, even = called(tiny, session, "迎春路11号"), called(tiny, session, "迎春路12号")
    assert (odd.grid_id, even.grid_id) == (tiny.a1.id, tiny.a2.id)
    assert odd.method is even.method is RouteMethod.LANE_NUMBER
    assert odd.point is not None


@pytest.mark.parametrize("address", ["迎春路", "甲街道迎春路101号"])
def test_a_lane_between_grids_of_one_community_gives_the_community(
    session: Session, tiny: TinyStreet, address: str
) -> None:
    route = called(tiny, session, address)
    assert (route.grid_id, route.community_id) == (None, tiny.a.id)
    assert route.method is RouteMethod.LANE
    assert route.candidates == (tiny.a1.code, tiny.a2.code)


def test_a_place_or_its_alias_outranks_a_lane_without_a_number(session: Session, tiny: TinyStreet) -> None:
    for address in ("向阳花园3栋", "迎春路向阳小区"):
        route = called(tiny, session, address)
        assert (route.grid_id, route.method) == (tiny.a2.id, RouteMethod.PLACE)


def test_a_community_by_name_in_an_address_or_bare_in_its_column(session: Session, tiny: TinyStreet) -> None:
    named = called(tiny, session, "东湖社区居委会附近")
    assert (named.community_id, named.grid_id, named.method) == (tiny.a.id, None, RouteMethod.COMMUNITY)
    assert called(tiny, session, None, community="东湖").community_id == tiny.a.id
    assert called(tiny, session, "东湖").method is RouteMethod.DESK


def test_another_community_named_beside_a_house_number_lowers_the_certainty(
    session: Session, tiny: TinyStreet
) -> None:
    route = called(tiny, session, "迎春路12号", community="西湖社区")
    assert route.grid_id == tiny.a2.id
    assert route.candidates == (tiny.b.code,)
    assert route.certainty < called(tiny, session, "迎春路12号", community="东湖社区").certainty


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("江海区外海街道迎春路12号", Reason.OTHER_DISTRICT),
        ("公交站旁边的空地", Reason.NOTHING_RECOGNISED),
        (None, Reason.NO_PLACE_GIVEN),
        ("", Reason.NO_PLACE_GIVEN),
        ("长" * 3000, Reason.NOTHING_RECOGNISED),
    ],
)
def test_what_is_not_known_goes_to_the_desk_with_the_reason(
    session: Session, tiny: TinyStreet, address: str | None, reason: Reason
) -> None:
    route = called(tiny, session, address)
    assert (route.method, route.reason, route.holder_id) == (RouteMethod.DESK, reason, tiny.street.id)


def test_many_places_are_answered_in_their_order(session: Session, tiny: TinyStreet) -> None:
    locator = Locator.load(session, tiny.street.id)
    routes = locator.locate_many(
        [
            Where(address="迎春路12号"),
            Where(None, *IN_B1, Datum.WGS84),
            Where(),
            Where(None, *IN_THE_SEA, "wgs84"),
            Where(None, *IN_A1, "wgs84"),
        ]
    )
    assert [route.grid_id for route in routes] == [tiny.a2.id, tiny.b1.id, None, None, tiny.a1.id]
    assert locator.locate_many([]) == []


def test_what_is_no_street_is_not_found(session: Session, tiny: TinyStreet) -> None:
    for unit_id in (tiny.a.id, 0):
        with pytest.raises(NotFound):
            Locator.load(session, unit_id)


def test_a_street_without_boundaries_still_knows_its_communities(session: Session) -> None:
    rows = [
        UnitRow("440798001", "乙街道", Tier.STREET),
        UnitRow("440798001001", "南湖社区", Tier.COMMUNITY, "440798001"),
    ]
    apply_hierarchy(session, rows, actor=OPERATOR, now=NOW)
    street = session.query(Unit).filter_by(code="440798001").one()
    locator = Locator.load(session, street.id)
    assert locator.locate(address="南湖社区").method is RouteMethod.COMMUNITY
    assert locator.locate(lon=113.0, lat=22.0, datum="wgs84").method is RouteMethod.DESK


def test_a_loaded_locator_costs_one_query_and_is_kept(
    session: Session, tiny: TinyStreet, statements: list[str]
) -> None:
    first = Locator.load(session, tiny.street.id)
    statements.clear()
    assert Locator.load(session, tiny.street.id) is first
    assert len(statements) == 1


def test_a_published_revision_reaches_the_next_question(session: Session, tiny: TinyStreet) -> None:
    assert at(tiny, session, IN_A2).grid_id == tiny.a2.id
    # The edge between A1 and A2 moves east; B1 gets the corner where it now ends.
    outlines = {
        tiny.a1.code: Polygon([(113.06, 22.60), (113.079, 22.60), (113.079, 22.61), (113.06, 22.61)]),
        tiny.a2.code: Polygon([(113.079, 22.60), (113.08, 22.60), (113.08, 22.61), (113.079, 22.61)]),
        tiny.b1.code: Polygon(
            [(113.06, 22.61), (113.079, 22.61), (113.08, 22.61), (113.08, 22.62), (113.06, 22.62)]
        ),
    }
    rows = [OutlineRow(code, shape) for code, shape in outlines.items()]
    publish_boundaries(session, rows, datum=Datum.WGS84, source="new.geojson", actor=OPERATOR, now=NOW)
    assert at(tiny, session, IN_A2).grid_id == tiny.a1.id


def test_a_lane_or_place_put_on_the_map_reaches_the_next_question(session: Session, tiny: TinyStreet) -> None:
    assert called(tiny, session, "和平巷3号").method is RouteMethod.DESK
    lane = LaneRow("和平巷", LineString([(113.062, 22.602), (113.062, 22.608)]), 1, 9, 2, 10)
    load_lanes(session, tiny.street.id, [lane], actor=OPERATOR, now=NOW)
    assert called(tiny, session, "和平巷3号").grid_id == tiny.a1.id
    assert called(tiny, session, "和平巷").grid_id == tiny.a1.id
    place = PlaceRow("北门市场", PlaceKind.MARKET, Point(*IN_B1))
    load_places(session, tiny.street.id, [place], actor=OPERATOR, now=NOW)
    assert called(tiny, session, "北门市场").grid_id == tiny.b1.id


def test_one_name_for_two_places_asks_a_person(session: Session, tiny: TinyStreet) -> None:
    places = [
        PlaceRow("中心小学东校区", PlaceKind.SCHOOL, Point(*IN_A1), None, ("中心小学",)),
        PlaceRow("中心小学北校区", PlaceKind.SCHOOL, Point(*IN_B1), None, ("中心小学",)),
    ]
    load_places(session, tiny.street.id, places, actor=OPERATOR, now=NOW)
    route = called(tiny, session, "中心小学门口")
    assert (route.method, route.reason) == (RouteMethod.DESK, Reason.PLACE_AMBIGUOUS)
    assert route.candidates == (tiny.a1.code, tiny.b1.code)
    assert called(tiny, session, "西湖社区中心小学门口").grid_id == tiny.b1.id


def test_a_community_of_the_same_name_elsewhere_in_the_district_is_asked_about(locator: Locator) -> None:
    bare = locator.locate(address="龙溪社区")
    assert (bare.method, bare.reason) == (RouteMethod.DESK, Reason.COMMUNITY_AMBIGUOUS)
    assert bare.candidates[0] == "440703006104"
    assert bare.candidates[1].startswith("440703103")
    assert locator.locate(community="龙溪").reason == Reason.COMMUNITY_AMBIGUOUS
    assert locator.locate(address="环市街道龙溪社区").reason == Reason.COMMUNITY_NAME


def test_every_house_number_of_the_street_lands_in_the_grid_of_its_side(
    session: Session, locator: Locator, drawn: Street
) -> None:
    codes = dict(session.query(Unit.id, Unit.code).all())
    wanted = [
        (f"蓬江区环市街道{lane.name}{number}号", segment.grid_of(number))
        for lane in drawn.lanes
        for segment in lane.segments
        for number in segment.numbers()
    ]
    routes = locator.locate_many([Where(address) for address, _ in wanted])
    assert [codes.get(route.grid_id) for route in routes] == [code for _, code in wanted]


def test_every_place_lies_in_the_grid_it_was_drawn_in(
    session: Session, locator: Locator, drawn: Street
) -> None:
    codes = dict(session.query(Unit.id, Unit.code).all())
    routes = locator.locate_many([Where(place.name) for place in drawn.places])
    assert [codes.get(route.grid_id) for route in routes] == [place.grid for place in drawn.places]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.floats(113.0601, 113.0799), y=st.floats(22.6001, 22.6199))
def test_a_point_is_found_alike_in_every_datum(
    session: Session, tiny: TinyStreet, x: float, y: float
) -> None:
    locator = Locator.load(session, tiny.street.id)
    plain = locator.locate(lon=x, lat=y, datum=Datum.WGS84)
    for datum in (Datum.GCJ02, Datum.BD09):
        lon, lat = from_wgs84(x, y, datum)
        moved = locator.locate(lon=float(lon), lat=float(lat), datum=datum)
        near_an_edge = min(abs(x - 113.07), abs(y - 22.61)) < 1e-8
        assert near_an_edge or moved.grid_id == plain.grid_id
