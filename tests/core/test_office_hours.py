"""Limits in working minutes run only while the office is open."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.core.office_hours import STREET_OFFICE, OfficeHours

CALENDAR = WorkingCalendar.shipped()


def at(text: str) -> datetime:
    """A moment written in local time, in UTC as the program holds it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2020-03-02T10:00", 60, "2020-03-02T11:00"),
        ("2020-03-02T11:30", 30, "2020-03-02T12:00"),  # up to the break, not across it
        ("2020-03-02T11:30", 31, "2020-03-02T14:01"),
        ("2020-03-02T12:59", 1, "2020-03-02T14:01"),  # inside the break
        ("2020-03-02T08:00", 390, "2020-03-02T17:30"),  # a whole day
        ("2020-03-02T08:00", 391, "2020-03-03T09:01"),
        ("2020-03-02T17:30", 240, "2020-03-03T15:00"),  # four hours from the close
        ("2020-03-02T23:59", 1, "2020-03-03T09:01"),
        ("2020-03-03T00:30", 1, "2020-03-03T09:01"),  # still the day before in UTC
        ("2020-01-23T17:00", 60, "2020-02-03T09:30"),  # across the extended Spring Festival
        ("2020-10-10T07:00", 60, "2020-10-10T10:00"),  # a make-up Saturday, still Friday in UTC
        ("2020-10-11T07:00", 60, "2020-10-12T10:00"),  # a Sunday off
        ("2020-03-02T10:00", 0, "2020-03-02T10:00"),
        ("2020-03-02T12:30", 0, "2020-03-02T14:00"),  # adding nothing waits for the office to open
        ("2020-03-07T12:30", 0, "2020-03-09T09:00"),
        ("2020-03-03T10:00", -60, "2020-03-03T09:00"),
        ("2020-03-03T10:00", -61, "2020-03-02T17:29"),
        ("2020-02-03T09:30", -60, "2020-01-23T17:00"),
        ("2020-03-02T10:00:00.5", 1, "2020-03-02T10:01:00.5"),  # nothing is rounded
    ],
)
def test_office_time_runs_only_while_the_office_is_open(start: str, minutes: int, end: str) -> None:
    assert CALENDAR.add_working_minutes(at(start), minutes) == at(end)


def test_an_office_with_other_hours_passes_its_own() -> None:
    summer = OfficeHours((time(8), time(12)), (time(15), time(18)))
    calendar = WorkingCalendar(CALENDAR.days, office_hours=summer)
    assert calendar.add_working_minutes(at("2020-07-01T11:00"), 120) == at("2020-07-01T16:00")


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(14), time(17)), (time(9), time(12))),
    ],
)
def test_office_hours_out_of_order_are_refused(spans) -> None:
    with pytest.raises(ValueError, match="in order"):
        OfficeHours(*spans)


def test_an_offset_outside_the_working_day_has_no_clock_time() -> None:
    with pytest.raises(ValueError, match="beyond the working day"):
        STREET_OFFICE.opening_at(STREET_OFFICE.per_day)
    with pytest.raises(ValueError, match="beyond the working day"):
        STREET_OFFICE.closing_at(STREET_OFFICE.per_day + 1)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add_working_minutes(datetime(2020, 3, 2, 10), 1)  # noqa: DTZ001


moments = st.datetimes(datetime(2005, 1, 1), datetime(2024, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(start=moments, minutes=st.integers(-20_000, 20_000))
def test_the_answer_in_working_minutes_is_always_in_office_hours(start: datetime, minutes: int) -> None:
    local = CALENDAR.add_working_minutes(start, minutes).astimezone(SHANGHAI)
    clock = local.time()
    assert CALENDAR.is_working_day(local.date())
    assert time(9) <= clock <= time(12) or time(14) <= clock <= time(17, 30)


@given(first=moments, second=moments, minutes=st.integers(1, 20_000))
def test_a_later_moment_never_ends_earlier(first: datetime, second: datetime, minutes: int) -> None:
    earlier, later = sorted((first, second))
    assert CALENDAR.add_working_minutes(earlier, minutes) <= CALENDAR.add_working_minutes(later, minutes)


@given(start=moments, once=st.integers(1, 9_000), more=st.integers(1, 9_000))
def test_minutes_added_in_two_steps_are_minutes_added_in_one(start: datetime, once: int, more: int) -> None:
    stepped = CALENDAR.add_working_minutes(CALENDAR.add_working_minutes(start, once), more)
    assert stepped == CALENDAR.add_working_minutes(start, once + more)
