"""A year in months, and its days gathered by holiday."""

from datetime import date

import pytest

from app.calendar.year_view import Mark, Occasion, days_of, months, occasions
from app.core.calendar import CalendarDay, DayKind, WorkingCalendar

SHIPPED = WorkingCalendar.shipped()
TYPHOON = CalendarDay(date(2026, 9, 2), DayKind.HOLIDAY, "台风")


@pytest.mark.parametrize("year", [2020, 2023, 2024, 2026])
def test_a_year_has_every_day_once_under_its_weekday(year: int) -> None:
    shown = [
        (month.number, column, cell.day)
        for month in months(year, SHIPPED, ())
        for week in month.weeks
        for column, cell in enumerate(week)
        if cell
    ]
    assert [day for _month, _column, day in shown] == [
        date.fromordinal(ordinal)
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    assert all((day.month, day.weekday()) == (month, column) for month, column, day in shown)


def test_a_day_is_marked_as_the_calendar_has_it() -> None:
    local = SHIPPED.with_overrides([TYPHOON])
    cells = {
        cell.day: cell
        for month in months(2026, local, [TYPHOON])
        for week in month.weeks
        for cell in week
        if cell
    }
    assert {day: cells[day].mark for day in (date(2026, 9, 1), date(2026, 9, 5), date(2026, 9, 20))} == {
        date(2026, 9, 1): Mark.WORK,
        date(2026, 9, 5): Mark.WEEKEND,
        date(2026, 9, 20): Mark.MADE_UP,
    }
    assert (cells[TYPHOON.date].mark, cells[TYPHOON.date].named) == (Mark.OFF, TYPHOON)
    assert [day for day, cell in cells.items() if cell.is_local] == [TYPHOON.date]
    works = {day for day, cell in cells.items() if cell.mark in (Mark.WORK, Mark.MADE_UP)}
    assert works == {day for day in cells if local.is_working_day(day)}


def test_the_days_of_a_year_are_those_of_its_notice_and_no_local_one() -> None:
    found = days_of(SHIPPED.with_overrides([TYPHOON]), 2019, [TYPHOON])
    assert (found[0].date, found[-1].date) == (date(2018, 12, 29), date(2019, 10, 12))
    assert TYPHOON not in days_of(SHIPPED.with_overrides([TYPHOON]), 2026, [TYPHOON])


def test_a_holiday_is_told_in_spans_with_what_is_made_up_for_it_notice_by_notice() -> None:
    spring = [each for each in occasions(days_of(SHIPPED, 2020, ())) if each.name == "春节"]
    assert [each.off for each in spring] == [
        [(date(2020, 1, 24), date(2020, 1, 30))],
        [(date(2020, 1, 31), date(2020, 2, 2))],
    ]
    assert [each.made_up for each in spring] == [[date(2020, 1, 19)], []]
    split = [CalendarDay(date(2027, 5, day), DayKind.HOLIDAY, "劳动节", "n") for day in (1, 3, 4)]
    assert occasions(split) == [
        Occasion(
            "劳动节", "n", [(date(2027, 5, 1), date(2027, 5, 1)), (date(2027, 5, 3), date(2027, 5, 4))], []
        )
    ]
