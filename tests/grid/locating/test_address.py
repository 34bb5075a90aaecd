"""What people write, and what is read out of it."""

import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.locating.address import Reading, read
from grid.locating.communities import COMMUNITY_ENDINGS, core
from grid.locating.divisions import division_names
from grid.locating.lexicon import Lexicon, Name, NameKind
from grid.locating.numerals import numeral, plain

LANES = {"迎春路": 1, "迎春一路": 2, "瑞安路": 3, "东安街": 4, "瑞安路五巷": 5}
PLACES = {"向阳花园": 0, "向阳小区": 0, "金山大厦": 1, "翠湖": 2}
COMMUNITIES = {"发展": "440703006123", "龙溪": "440703006104", "里村": "440703006109"}
LEXICON = Lexicon(
    [
        *((plain(name), Name(NameKind.LANE, key)) for name, key in LANES.items()),
        *((plain(name), Name(NameKind.PLACE, key)) for name, key in PLACES.items()),
        *(
            (plain(name) + ending, Name(NameKind.COMMUNITY, code))
            for name, code in COMMUNITIES.items()
            for ending in COMMUNITY_ENDINGS
        ),
        *division_names(("440703006", "环市街道"), ()),
    ]
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("一百零五", 105), ("十二", 12), ("二十", 20), ("二〇一", 201), ("三", 3), ("一百二", 102), ("两", 2),
    ],
)  # fmt: skip
def test_chinese_numerals_below_a_thousand(written: str, meant: int) -> None:
    assert numeral(written) == meant


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("江门市蓬江区环市街道迎春路12号", 12),
        ("迎春路１２号", 12),
        ("环市街道 迎春路 12 号", 12),
        ("迎春路12號", 12),
        ("迎春路十二号", 12),
        ("迎春路一百零五号", 105),
        ("迎春路12号之二", 12),
        ("迎春路12之二号", 12),
        ("迎春路12-3号", 12),
        ("迎春路12-1203号", 12),
        ("迎春路12号10楼1001室", 12),
        ("迎春路12号楼下", 12),
        ("迎春路12", 12),
        ("迎春路#12", None),
        ("迎春路12#", 12),
        ("广东省蓬江区江门市迎春路第12号", 12),
        ("迎春路0号", None),
        ("迎春路", None),
        ("迎春路中段", None),
        ("迎春路12栋", None),
        ("迎春路12楼", None),
        ("迎春路12号楼", None),
        ("迎春路5巷3号", None),
        ("迎春路2020年", None),
    ],
)
def test_the_house_number_follows_its_lane(address: str, number: int | None) -> None:
    assert read(address, LEXICON).lanes == ((1, number),)


@pytest.mark.parametrize(
    ("address", "lane"),
    [("迎春1路3号", 2), ("迎春一路3号", 2), ("瑞安路五巷3号", 5), ("瑞安路5巷3号", 5), ("在瑞安路3号", 3)],
)
def test_the_longest_known_name_wins_however_its_numeral_is_written(address: str, lane: int) -> None:
    assert read(address, LEXICON).lanes == ((lane, 3),)


@pytest.mark.parametrize("address", ["新东安街3号", "南瑞安路3号", "小东安街"])
def test_a_known_name_inside_a_longer_unknown_one_is_no_match(address: str) -> None:
    assert read(address, LEXICON) == Reading()


@pytest.mark.parametrize("ending", ["社区", "社区居委会", "居委会", "村", "村委会", "经联社"])
def test_a_community_counts_with_its_ending(ending: str) -> None:
    assert read(f"环市街道发展{ending}附近", LEXICON).communities == (COMMUNITIES["发展"],)


@pytest.mark.parametrize("address", ["城市发展很快", "发展", "龙溪边上", "联合群众"])
def test_everyday_words_are_no_communities(address: str) -> None:
    assert read(address, LEXICON).communities == ()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("石冲社区居委会", "石冲"),
        ("石冲社区", "石冲"),
        ("里村村", "里村"),
        ("里村社区", "里村"),
        ("石冲", "石冲"),
    ],
)
def test_the_core_of_a_community_name(name: str, short: str) -> None:
    assert core(name) == short


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("江海区外海街道迎春路3号", "440704"),
        ("新会区会城街道迎春路3号", "440705"),
        ("广东省蓬江区江门市棠下镇迎春路3号", "440703101"),
        ("迎春路3号（江海区）", "440704"),
        ("广州市迎春路3号", "4401"),
        ("北京市朝阳区迎春路3号", "11"),
    ],
)
def test_another_district_or_town_is_noticed_before_or_after(address: str, code: str) -> None:
    assert read(address, LEXICON).other == code


@pytest.mark.parametrize(
    "address",
    [
        "江门市蓬江区环市街道迎春路3号",
        "江门蓬江环市迎春路3号",
        "环市街迎春路3号",
        "广东省江门市莲江区环市街道迎春路3号",
    ],
)
def test_our_own_divisions_in_any_order_or_misspelt_name_no_other(address: str) -> None:
    reading = read(address, LEXICON)
    assert reading.other is None
    assert reading.lanes == ((1, 3),)


def test_a_far_city_counts_only_where_the_address_begins_with_it() -> None:
    assert read("迎春路3号广州市牌照车辆", LEXICON).other is None


@pytest.mark.parametrize(
    ("address", "named"),
    [("环市街道迎春路", True), ("环市街迎春路", True), ("环市迎春路", False), ("迎春路", False)],
)
def test_the_street_is_named_by_its_full_or_short_form(address: str, named: bool) -> None:
    assert read(address, LEXICON).names_street is named


def test_a_place_name_that_goes_on_as_a_road_is_that_road() -> None:
    assert read("翠湖路3号", LEXICON).places == ()
    assert read("翠湖3号楼", LEXICON).places == ((2,),)


def test_lane_and_place_are_both_kept_in_the_order_written() -> None:
    reading = read("瑞安路82号之二金山大厦10楼", LEXICON)
    assert reading.lanes == ((3, 82),)
    assert reading.places == ((1,),)


@given(st.text(max_size=3000))
def test_any_text_is_read_without_failing(text: str) -> None:
    read(text, LEXICON)


def test_a_thousand_times_the_names_hardly_lengthen_a_reading() -> None:
    assert calls_among(50_000) < 2 * calls_among(50)


def calls_among(size: int) -> int:
    """How many functions are called to read one address where `size` names are known."""
    lexicon = Lexicon((f"{index:x}号地块路", Name(NameKind.LANE, index)) for index in range(size))
    seen = Counter[str]()
    sys.setprofile(lambda _frame, event, _function: seen.update([event]))
    try:
        read("蓬江区环市街道" + "ab12号地块路12号" * 10, lexicon)
    finally:
        sys.setprofile(None)
    return seen["call"] + seen["c_call"]
