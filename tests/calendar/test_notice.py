"""Sentences as notices write them, and the days they mean."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from app.calendar.doubts import DoubtKind
from app.calendar.notice import notice_number, read_notice, years_named
from tests.factories.notice import ARRANGEMENTS, NOTICE, NUMBER, YEAR

Y, BEFORE = YEAR, YEAR - 1


def days_of(text: str, year: int = YEAR) -> dict[str, bool]:
    """The days named, and whether each is off."""
    return {
        day.date.isoformat(): day.kind == "holiday"
        for said in read_notice(text, year)
        for day in said.days("a test")
    }


def doubts_of(text: str, year: int = YEAR) -> list[DoubtKind]:
    return [doubt.kind for said in read_notice(text, year) for doubt in said.doubts]


def off(*days: str) -> dict[str, bool]:
    return dict.fromkeys(days, True)


def worked(*days: str) -> dict[str, bool]:
    return dict.fromkeys(days, False)


SENTENCES = [
    ("6月9日放假。", off("2027-06-09")),
    ("6月9日（周三）放假1天，不调休。", off("2027-06-09")),
    ("4月5日放假，与周末连休。", off("2027-04-05")),
    ("1月1日（周五）至3日（周日）放假，共3天。", off("2027-01-01", "2027-01-02", "2027-01-03")),
    ("4月30日—5月2日放假，共3天。", off("2027-04-30", "2027-05-01", "2027-05-02")),
    ("4 月 30 日 ～ 5 月 1 日 放假", off("2027-04-30", "2027-05-01")),
    ("５月１日放假，５月３日（星期一）补休。", off("2027-05-01", "2027-05-03")),
    (
        "2月5日（农历除夕、周五）至6日（农历正月初一）放假调休。1月31日（周日）、2月20日（周六）上班。",
        off("2027-02-05", "2027-02-06") | worked("2027-01-31", "2027-02-20"),
    ),
    (
        "9月15日放假，9月18日（周六），9月19日（周日）上班。",
        off("2027-09-15") | worked("2027-09-18", "2027-09-19"),
    ),
    # A year that is not the notice's own is written out, or follows from January.
    (
        f"{BEFORE}年12月31日至{Y}年1月2日放假，共3天。{BEFORE}年12月27日（星期日）上班。",
        off("2026-12-31", "2027-01-01", "2027-01-02") | worked("2026-12-27"),
    ),
    ("1月1日放假。12月27日（星期日）上班。", off("2027-01-01") | worked("2026-12-27")),
    ("12月27日（周一）放假。", off("2027-12-27")),
    # What is moved is off where it goes and worked where it was, unless it is off there all the same.
    (
        "5月1日至3日放假，共3天。其中，5月1日为法定节假日，4月25日（星期日）公休日调至5月3日（星期一）。",
        off("2027-05-01", "2027-05-02", "2027-05-03") | worked("2027-04-25"),
    ),
    (
        "2月5日—8日放假。将6日（星期六）、7日（星期日）、14日（星期日）三个公休日分别调至8日、9日、10日，14日上班。",
        off(*(f"2027-02-{day:02}" for day in range(5, 11))) | worked("2027-02-14"),
    ),
    (
        "10月1日、2日、3日为法定节假日，10月9日（周六）照常公休。",
        off("2027-10-01", "2027-10-02", "2027-10-03", "2027-10-09"),
    ),
]


@pytest.mark.parametrize(("text", "days"), SENTENCES)
def test_a_sentence_names_its_days(text: str, days: dict[str, bool]) -> None:
    assert days_of(text) == days
    assert doubts_of(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("6月9日（周四）放假。", DoubtKind.WEEKDAY),
        ("6月9日（星期天）放假。", DoubtKind.WEEKDAY),
        ("5月1日至3日放假，共4天。", DoubtKind.TOTAL),
        ("5月1日放假2天。", DoubtKind.TOTAL),
        ("5月1日至3日放假，5月2日上班。", DoubtKind.BOTH),
        ("5月1日纪念。", DoubtKind.UNREAD),
        ("2月30日放假。", DoubtKind.UNREAD),
        ("3日放假。", DoubtKind.UNREAD),
        ("5月3日至1日放假。", DoubtKind.UNREAD),
        ("1月1日至12月31日放假。", DoubtKind.UNREAD),
        ("5月6日起正常上班。", DoubtKind.UNREAD),
        ("延长春节假期至2月12日。", DoubtKind.UNREAD),
    ],
)
def test_what_does_not_fit_or_is_not_understood_is_told(text: str, kind: DoubtKind) -> None:
    assert doubts_of(text) == [kind]


def test_what_is_not_understood_names_no_day_and_is_quoted() -> None:
    said = read_notice("5月1日放假，5月2日（周日）游园。", YEAR)[0]
    assert [day.date for day in said.days("a test")] == [date(2027, 5, 1)]
    assert said.doubts[0].params == {"text": "5月2日（周日）游园"}


def test_a_whole_notice_is_read_by_holiday_and_its_date_of_issue_is_no_holiday() -> None:
    said = read_notice(NOTICE, YEAR)
    names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
    assert [arrangement.name for arrangement in said] == names
    assert [doubt for arrangement in said for doubt in arrangement.doubts] == []
    assert days_of(NOTICE) == days_of(ARRANGEMENTS)
    assert sum(days_of(NOTICE).values()) == 3 + 7 + 1 + 5 + 1 + 1 + 7
    assert (notice_number(NOTICE), years_named(NOTICE)) == (NUMBER, {YEAR})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("三、“五一”：5月1日放假。", "劳动节"),
        ("国庆节、中秋节：10月1日放假。", "国庆节、中秋节"),
        ("（一）清明：4月5日放假。", "清明节"),
        ("四、建街百年：5月6日放假。", "建街百年"),
        ("关于调整端午节假期安排的通知\n6月9日放假。", "端午节"),
        ("关于端午节和中秋节的通知\n6月9日放假。", ""),
        ("6月9日放假。", ""),
    ],
)
def test_a_day_belongs_to_the_holiday_named_before_it(text: str, name: str) -> None:
    assert [arrangement.name for arrangement in read_notice(text, YEAR)] == [name]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("通知国办发明电〔2026〕9号各街道", "国办发明电〔2026〕9号"),
        ("国办发（2026）12号", "国办发(2026)12号"),
        ("国 办 发 [2026] 12 号", "国办发[2026]12号"),
        ("门牌12号", None),
    ],
)
def test_the_number_of_a_notice_is_found(text: str, number: str | None) -> None:
    assert notice_number(text) == number


def test_the_real_sentences_are_read_as_holiday_cn_reads_them() -> None:
    beside = Path(__file__).parents[3] / "shared"
    shared = (
        Path(os.environ.get("DINGFEN_SHARED", beside)) / "data/holidays-cn/notice_text_parsing_cases.json"
    )
    if not shared.exists():
        pytest.skip(f"NOT CHECKED against the real sentences: set DINGFEN_SHARED, there is no {shared}")
    cases = json.loads(shared.read_text(encoding="utf-8"))
    assert len(cases) == 49
    for case in cases:
        expected = {day["date"]: day["isOffDay"] for day in case["expected"]}
        assert days_of(case["description"], case["year"]) == expected, case["description"]
        assert doubts_of(case["description"], case["year"]) == [], case["description"]
