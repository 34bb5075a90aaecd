"""Working days, as the State Council's notices had them."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import CalendarDay, CalendarMissing, DayKind, WorkingCalendar
from app.core.clock import SHANGHAI

CALENDAR = WorkingCalendar.shipped()
FIRST, END = date(2004, 1, 1), date(2027, 1, 1)

MAKE_UP_DAYS = {
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
WORKING_DAYS = {2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}

LIBRARY_DIFFERS_ON = {
    # The notice for 2006 (国办发明电〔2005〕35号) makes this Saturday a working day; the library missed it.
    date(2005, 12, 31),
}


def each_day(start: date, end: date) -> Iterator[date]:
    return map(date.fromordinal, range(start.toordinal(), end.toordinal()))


def at(text: str) -> datetime:
    """A moment written in local time, in UTC as the program holds it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2020-01-19", True),  # Sunday, made up for the Spring Festival
        ("2020-01-23", True),  # the last day before the Spring Festival
        ("2020-01-24", False),
        ("2020-01-31", False),  # Friday, the extension
        ("2020-02-01", False),  # Saturday: a make-up day in the first notice, off in the second
        ("2020-02-02", False),
        ("2020-02-03", True),
        ("2020-06-28", True),
        ("2020-10-10", True),
        ("2021-02-07", True),
        ("2021-02-20", True),
        ("2021-09-18", True),
        ("2024-02-09", True),  # New Year's Eve, statutory only from 2025
        ("2025-01-28", False),  # New Year's Eve under the new rule
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up for National Day
    ],
)
def test_a_day_works_as_its_notice_says(day: str, works: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(("year", "days"), MAKE_UP_DAYS.items())
def test_the_make_up_days_of_a_year_are_those_of_its_notice(year: int, days: str) -> None:
    weekends_at_work = [
        f"{day:%m-%d}"
        for day in each_day(date(year, 1, 1), date(year + 1, 1, 1))
        if day.weekday() >= 5 and CALENDAR.is_working_day(day)
    ]
    assert weekends_at_work == days.split()


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS.items())
def test_a_year_has_its_known_number_of_working_days(year: int, count: int) -> None:
    assert CALENDAR.working_days_between(date(year, 1, 1), date(year + 1, 1, 1)) == count


def test_every_day_agrees_with_chinesecalendar_but_for_one_named_day() -> None:
    differing = {
        day
        for day in each_day(FIRST, END)
        if CALENDAR.is_working_day(day) is not chinese_calendar.is_workday(day)
    }
    assert differing == LIBRARY_DIFFERS_ON


def test_every_day_since_2007_agrees_with_the_notices_as_holiday_cn_reads_them() -> None:
    beside = Path(__file__).parents[3] / "shared"
    shared = Path(os.environ.get("DINGFEN_SHARED", beside)) / "data/holidays-cn/holiday_cn_2007_2026.json"
    if not shared.exists():
        pytest.skip(f"NOT CHECKED against holiday-cn: set DINGFEN_SHARED, there is no {shared}")
    named = {
        date.fromisoformat(day["date"]): not day["isOffDay"]
        for year in json.loads(shared.read_text(encoding="utf-8")).values()
        for day in year["days"]
    }
    differing = [
        day
        for day in each_day(date(2007, 1, 1), END)
        if CALENDAR.is_working_day(day) is not named.get(day, day.weekday() < 5)
    ]
    assert differing == []


def test_the_shipped_days_are_in_order_once_each_and_each_names_its_notice() -> None:
    dates = [day.date for day in CALENDAR.days]
    assert dates == sorted(set(dates))
    assert all(day.name and day.notice for day in CALENDAR.days)
    assert all(day.date.weekday() >= 5 for day in CALENDAR.days if day.kind is DayKind.WORKDAY)


def test_the_loaded_years_are_2004_to_2026() -> None:
    assert CALENDAR.years == frozenset(range(2004, 2027))


@pytest.mark.parametrize(
    ("ask", "year"),
    [
        (lambda: CALENDAR.is_working_day(date(2027, 1, 1)), 2027),
        (lambda: CALENDAR.is_working_day(date(2003, 12, 31)), 2003),
        (lambda: CALENDAR.add_working_days(date(2026, 12, 31), 1), 2027),
        (lambda: CALENDAR.add_working_days(date(2028, 5, 1), 1), 2028),
        (lambda: CALENDAR.add_working_days(date(2004, 1, 1), -1), 2003),
        (lambda: CALENDAR.next_working_day(date(2027, 1, 1)), 2027),
        (lambda: CALENDAR.previous_working_day(date(2004, 1, 1)), 2003),
        (lambda: CALENDAR.working_days_between(date(2026, 12, 31), date(2027, 1, 2)), 2027),
        (lambda: CALENDAR.working_days_between(date(2003, 12, 31), date(2004, 2, 1)), 2003),
        (lambda: CALENDAR.add_working_minutes(at("2026-12-31T17:00"), 31), 2027),
        (lambda: CALENDAR.add_working_minutes(at("2027-01-04T10:00"), -1), 2027),
    ],
)
def test_a_question_that_needs_another_year_names_that_year(ask, year: int) -> None:
    with pytest.raises(CalendarMissing, match=str(year)) as missing:
        ask()
    assert missing.value.year == year


def test_the_last_loaded_day_is_still_answered() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)
    assert CALENDAR.add_working_days(date(2003, 12, 31), 1) == date(2004, 1, 2)
    assert CALENDAR.working_days_between(date(2026, 12, 31), date(2027, 1, 1)) == 1
    assert CALENDAR.add_working_minutes(at("2026-12-31T17:00"), 30) == at("2026-12-31T17:30")


def test_a_gap_between_loaded_years_is_not_stepped_over() -> None:
    gapped = WorkingCalendar(CALENDAR.days, years={2019, 2021})
    with pytest.raises(CalendarMissing, match="2020"):
        gapped.add_working_days(date(2019, 12, 31), 1)


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        ("2020-01-23", "2020-01-23", "2020-01-23"),
        ("2020-01-24", "2020-02-03", "2020-01-23"),
        ("2020-02-02", "2020-02-03", "2020-01-23"),
        ("2026-10-10", "2026-10-10", "2026-10-10"),
        ("2026-10-11", "2026-10-12", "2026-10-10"),
    ],
)
def test_the_nearest_working_day_is_the_day_itself_when_it_works(day, following, preceding) -> None:
    asked = date.fromisoformat(day)
    assert CALENDAR.next_working_day(asked) == date.fromisoformat(following)
    assert CALENDAR.previous_working_day(asked) == date.fromisoformat(preceding)


def test_counting_back_one_working_day_skips_the_holidays() -> None:
    assert CALENDAR.add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert CALENDAR.add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)


def test_an_empty_period_has_no_working_days_whatever_is_loaded() -> None:
    assert CALENDAR.working_days_between(date(2027, 1, 4), date(2027, 1, 4)) == 0


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        CALENDAR.working_days_between(date(2020, 1, 2), date(2020, 1, 1))


def test_a_local_override_wins_over_the_notice_and_leaves_the_shipped_calendar_alone() -> None:
    typhoon, monday = CalendarDay(date(2020, 9, 1), DayKind.HOLIDAY, "typhoon"), date(2020, 9, 7)
    sunday = CalendarDay(date(2020, 9, 6), DayKind.WORKDAY, "made up")
    local = CALENDAR.with_overrides([typhoon, sunday])
    assert not local.is_working_day(typhoon.date)
    assert local.is_working_day(sunday.date)
    assert local.is_working_day(monday)
    assert CALENDAR.is_working_day(typhoon.date)
    assert local.working_days_between(date(2020, 9, 1), date(2020, 9, 8)) == 5


def test_a_local_override_does_not_make_its_year_loaded() -> None:
    local = CALENDAR.with_overrides([CalendarDay(date(2027, 10, 1), DayKind.HOLIDAY, "National Day")])
    with pytest.raises(CalendarMissing, match="2027"):
        local.is_working_day(date(2027, 10, 1))


days = st.dates(date(2005, 1, 1), date(2024, 12, 31))
counts = st.integers(1, 300)


@given(start=days, n=counts)
def test_adding_n_working_days_and_counting_them_gives_n(start: date, n: int) -> None:
    end = CALENDAR.add_working_days(start, n)
    following = timedelta(days=1)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(start + following, end + following) == n


@given(start=days, n=counts)
def test_counting_back_from_a_working_day_undoes_counting_forward(start: date, n: int) -> None:
    working = CALENDAR.next_working_day(start)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(working, n), -n) == working


@given(first=days, second=days, n=counts)
def test_a_later_start_never_ends_earlier(first: date, second: date, n: int) -> None:
    earlier, later = sorted((first, second))
    assert CALENDAR.add_working_days(earlier, n) <= CALENDAR.add_working_days(later, n)
    assert CALENDAR.next_working_day(earlier) <= CALENDAR.next_working_day(later)
