"""Whatever stands in an address: an answer, in bounded time, and never a crash or a certain guess."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from grid.locating.certainty import SURE
from grid.locating.locate import Locator
from grid.models import Unit
from grid.reason import Reason
from grid.vocabulary import RouteMethod
from tests.factories.street import TinyStreet

LONGEST = 3000
STORY = ("来电人反映楼上半夜装修噪音扰民，" * 200)[:LONGEST]
MOST_STORIES = 100
"""How many times as long as for an ordinary text of that length an answer may take; the worst is seven."""

ENDLESS = [
    "长" * LONGEST, "一" * LONGEST, "9" * LONGEST, "路" * LONGEST, "-" * LONGEST, "迎" * LONGEST,
    "迎椿" * 1500, "号、" * 1500, "1、" * 1500, "12号之" * 750, "1-2-" * 750, "对面" * 1500,
    "门口的" * 1000, "😀" * LONGEST,
    "迎春路12号、" * 430, "\u200b" * LONGEST, "\x00" * LONGEST, "迎春路" + "1" * 2990,
    "迎春路12号" + "、14号" * 740, "ﷺ" * LONGEST, "한" * LONGEST, "e\u0301" * 1500,
]  # fmt: skip

NOISE = st.text(
    st.sampled_from("迎春椿路街巷道东西号栋之对面旁附近与和、-~～至一二十百0129０９ \t\n\x00\x07😀（）()#"),
    max_size=200,
)


@pytest.mark.parametrize("address", ENDLESS, ids=range(len(ENDLESS)))
def test_an_endless_address_is_answered_in_bounded_time(
    session: Session, tiny: TinyStreet, address: str
) -> None:
    locator = Locator.load(session, tiny.street.id)
    assert 0 <= locator.locate(address=address).certainty <= 1
    assert spent(locator, address) < MOST_STORIES * spent(locator, STORY)


def spent(locator: Locator, address: str) -> float:
    """The processor's seconds for one answer, the best of three."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        locator.locate(address=address)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "address",
    [
        "12345", "１３８", "0", "-1", "113.0721,22.6034", "东经113.07度，北纬22.60度", "(22.6034 113.0721)",
        "22°36′12″N 113°4′20″E", "😀😀", "\x00\x07\x1b[31m", "\ufffe\uffff", "号", "12号", "路12号", "???",
        "。", "<script>alert(1)</script>", "'; DROP TABLE lanes; --", "%s%s%n", "{0.__class__}",
        "null", "NaN",
    ],
)  # fmt: skip
def test_what_is_no_address_goes_to_the_desk(session: Session, tiny: TinyStreet, address: str) -> None:
    route = Locator.load(session, tiny.street.id).locate(address=address)
    assert (route.method, route.reason) == (RouteMethod.DESK, Reason.NOTHING_RECOGNISED)


@pytest.mark.parametrize("address", [" ", "\t\n", "\u200b", "\u3000\u3000"])
def test_blanks_alone_are_no_place(session: Session, tiny: TinyStreet, address: str) -> None:
    assert Locator.load(session, tiny.street.id).locate(address=address).method is RouteMethod.DESK


@pytest.mark.parametrize(
    "address",
    [
        "迎春路12号(113.0721,22.6034)", "(113.0721,22.6034)迎春路12号", "迎春路12号，坐标22.6034,113.0721",
        "😡迎春路12号😡", "\x07迎春路12号\x00", "【迎春路】12号之二，迎春路12号", "迎春路12号13800000000",
    ],
)  # fmt: skip
def test_a_point_in_words_or_a_sign_beside_an_address_changes_nothing(
    session: Session, tiny: TinyStreet, address: str
) -> None:
    route = Locator.load(session, tiny.street.id).locate(address=address)
    assert route.grid_id == tiny.a2.id


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(address=st.one_of(st.text(max_size=LONGEST), NOISE))
def test_any_text_is_answered(session: Session, tiny: TinyStreet, address: str) -> None:
    locator = Locator.load(session, tiny.street.id)
    route = locator.locate(address=address)
    assert 0 <= route.certainty <= 1
    assert route.street_id == tiny.street.id
    assert isinstance(locator.unknown_names(address), tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(address=NOISE.filter(lambda text: "迎" not in text or "春" not in text))
def test_without_a_known_name_nothing_is_certain(session: Session, tiny: TinyStreet, address: str) -> None:
    assert Locator.load(session, tiny.street.id).locate(address=address).certainty < SURE


def test_a_long_story_before_the_address_is_not_read_to_its_end(locator: Locator, imported: Unit) -> None:
    story = "来电人反映楼上半夜装修噪音扰民，" * 100
    assert locator.locate(address=f"宏丰路100号，{story}").grid_id is not None
    assert locator.locate(address=f"{story}宏丰路100号").method is RouteMethod.DESK


def test_an_endless_name_of_a_community_is_answered(session: Session, tiny: TinyStreet) -> None:
    locator = Locator.load(session, tiny.street.id)
    for name in ("一" * 9_000, "村" * 9_000, "\x00" * 9_000):
        assert locator.locate(community=name).method is RouteMethod.DESK
