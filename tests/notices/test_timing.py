"""When a notice may go: on the boundary and on both sides of it."""

from datetime import datetime, timedelta

import pytest

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.notices.timing import (
    GATHERED,
    NEWS,
    PAUSES,
    first_try,
    is_news,
    is_office_time,
    next_try,
)
from tests.factories.cases import MORNING

CALENDAR = WorkingCalendar.shipped()
MOMENT = timedelta(microseconds=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("2020-06-01T09:00", "2020-06-01T12:00"), ("2020-06-01T14:00", "2020-06-01T17:30")],
)
def test_the_office_is_open_from_each_opening_to_before_the_closing(opening: str, closing: str) -> None:
    first, end = shanghai(opening), shanghai(closing)
    assert not is_office_time(first - MOMENT, CALENDAR)
    assert is_office_time(first, CALENDAR)
    assert is_office_time(end - MOMENT, CALENDAR)
    assert not is_office_time(end, CALENDAR)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("2020-06-01T03:00", False),  # a night; in UTC it is still Sunday
        ("2020-06-05T10:00", True),  # a Friday
        ("2020-06-06T10:00", False),  # a Saturday
        ("2020-06-25T10:00", False),  # the Dragon Boat Festival, a Thursday
        ("2020-06-28T10:00", True),  # a Sunday made up for it
        ("2020-01-19T10:00", True),  # a Sunday made up for the Spring Festival
        ("2020-01-31T10:00", False),  # a Friday of the prolonged Spring Festival
    ],
)
def test_days_off_and_made_up_days_are_those_of_the_notices(text: str, is_open: bool) -> None:
    assert is_office_time(shanghai(text), CALENDAR) is is_open


def test_nobody_knows_the_days_off_of_a_year_without_a_calendar() -> None:
    assert not is_office_time(shanghai("2003-06-02T10:00"), CALENDAR)
    assert not is_office_time(shanghai("2099-06-01T10:00"), CALENDAR)


def test_an_urgent_notice_may_go_at_once_and_another_once_it_is_gathered() -> None:
    assert first_try(MORNING, urgent=True) == MORNING
    assert first_try(MORNING, urgent=False) == MORNING + GATHERED


def test_the_pauses_grow_and_the_last_try_is_the_last() -> None:
    assert list(PAUSES) == sorted(set(PAUSES))
    tries = [next_try(MORNING, attempts) for attempts in range(1, len(PAUSES) + 2)]
    assert tries == [*(MORNING + pause for pause in PAUSES), None]


def test_a_week_old_notice_is_no_news() -> None:
    assert is_news(MORNING, MORNING + NEWS - MOMENT)
    assert not is_news(MORNING, MORNING + NEWS)
