"""A reading beside the year in force: what changes, and what looks wrong."""

from datetime import date

import pytest

from app.calendar.doubts import DoubtKind
from app.calendar.proposal import check, propose
from app.calendar.reading import read
from app.core.calendar import CalendarDay, DayKind, WorkingCalendar, notice_year
from tests.factories.notice import NOTICE, YEAR

SHIPPED = WorkingCalendar.shipped()
IN_2026 = tuple(day for day in SHIPPED.days if notice_year(day) == 2026)


def correction(text: str, year: int = 2026):
    return propose(read(text, year=year, notice="a correction"), IN_2026)


def test_a_new_year_is_whole_and_adds_up() -> None:
    found = propose(read(NOTICE), None)
    assert found.before is None
    assert not found.is_blocked
    assert found.doubts == ()
    assert (len(found.of(DayKind.HOLIDAY)), len(found.of(DayKind.WORKDAY))) == (25, 6)
    # 261 days from Monday to Friday, 17 of them off, and 6 made up.
    assert found.working_days == 250


@pytest.mark.parametrize("year", sorted(SHIPPED.years))
def test_a_shipped_year_raises_no_doubt(year: int) -> None:
    assert check(year, [day for day in SHIPPED.days if notice_year(day) == year]) == []


def test_a_correction_of_one_holiday_leaves_the_others_alone() -> None:
    found = correction("中秋节：9月24日至26日放假，共3天。9月20日（周日）上班。")
    assert [day.date for day in found.added] == [date(2026, 9, 24)]
    assert [day.date for day in found.dropped] == [date(2026, 9, 27)]
    assert {day.date for day in found.days if day.name == "春节"} == {
        day.date for day in IN_2026 if day.name == "春节"
    }


def test_a_correction_may_withdraw_a_make_up_day() -> None:
    found = correction("劳动节：5月1日至5日放假调休，共5天。5月10日（周日）上班。")
    assert [day.date for day in found.added] == [date(2026, 5, 10)]
    assert [day.date for day in found.dropped] == [date(2026, 5, 9)]


def test_a_day_that_changes_its_kind_is_a_change() -> None:
    found = correction("元旦：1月1日至4日放假，共4天。")
    assert [(day.date, day.kind) for day in found.added] == [(date(2026, 1, 4), DayKind.HOLIDAY)]
    assert found.dropped == []


def test_the_same_days_again_change_nothing() -> None:
    assert propose(read(NOTICE), read(NOTICE).days).changes_nothing


@pytest.mark.parametrize(
    ("without", "name"), [("元旦", "元旦"), ("春节", "春节"), ("端午节", "端午节"), ("国庆节", "国庆节")]
)
def test_a_statutory_holiday_that_is_left_out_is_missed(without: str, name: str) -> None:
    days = [day for day in read(NOTICE).days if day.name != without]
    assert [(doubt.kind, doubt.params["name"]) for doubt in check(YEAR, days)] == [
        (DoubtKind.HOLIDAY_MISSING, name)
    ]


@pytest.mark.parametrize(
    ("year", "length", "is_missed"),
    [(2024, 3, False), (2025, 3, True), (2025, 4, False)],
)
def test_the_spring_festival_has_four_days_by_law_since_2025(year: int, length: int, is_missed: bool) -> None:
    days = [
        CalendarDay(date(year, 2, day), DayKind.HOLIDAY, "春节", "a notice") for day in range(1, length + 1)
    ]
    missed = {doubt.params["name"] for doubt in check(year, days)}
    assert ("春节" in missed) is is_missed


@pytest.mark.parametrize(("first", "is_missed"), [(1, False), (2, True)])
def test_the_days_the_law_fixes_by_date_are_off(first: int, is_missed: bool) -> None:
    days = [day for day in read(NOTICE).days if day.name != "国庆节"]
    days += [
        CalendarDay(date(YEAR, 10, day), DayKind.HOLIDAY, "国庆节", "a notice") for day in range(first, 8)
    ]
    assert [doubt.kind for doubt in check(YEAR, days)] == [DoubtKind.HOLIDAY_MISSING] * is_missed


@pytest.mark.parametrize(("day", "is_doubted"), [(date(YEAR, 2, 20), False), (date(YEAR, 2, 22), True)])
def test_a_make_up_day_on_a_weekday_is_doubted(day: date, is_doubted: bool) -> None:
    made_up = CalendarDay(day, DayKind.WORKDAY, "春节", "a notice")
    kinds = [doubt.kind for doubt in check(YEAR, [*read(NOTICE).days, made_up])]
    assert kinds == [DoubtKind.MAKE_UP_ON_WEEKDAY] * is_doubted


@pytest.mark.parametrize(
    ("day", "name", "is_outside"),
    [
        (date(YEAR - 1, 12, 31), "元旦", False),
        (date(YEAR - 1, 12, 31), "春节", True),
        (date(YEAR, 12, 31), "元旦", True),
        (date(YEAR, 12, 31), "国庆节", False),
        (date(YEAR + 1, 1, 1), "元旦", True),
    ],
)
def test_a_day_of_another_year_blocks(day: date, name: str, is_outside: bool) -> None:
    strange = CalendarDay(day, DayKind.HOLIDAY, name, "a notice")
    found = check(YEAR, [*read(NOTICE).days, strange])
    assert [doubt.kind for doubt in found] == [DoubtKind.OUTSIDE] * is_outside
    assert all(doubt.is_blocking for doubt in found)
