"""When a limit ends: worked dates across holidays, make-up days and the edge of the loaded calendar."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from petitions.rules.catalogue import by_code
from petitions.rules.deadlines import (
    Due,
    DueMoment,
    deadline,
    deadline_moment,
    due_moment,
    is_whole_day,
    last_day,
)
from petitions.rules.rule_set import Roll, Step, Unit

CALENDAR = WorkingCalendar.shipped()


def limit(amount: int, unit: Unit = Unit.CALENDAR_DAY, roll: Roll = Roll.NEXT_WORKING_DAY) -> Step:
    return Step("handle", amount, unit, roll, counted_from="receipt", source="a test", is_law=True)


def working(amount: int) -> Step:
    return limit(amount, Unit.WORKING_DAY, Roll.NONE)


def of(rule_set: str, step: str = "handle") -> Step:
    return by_code(rule_set).steps[step]


CALENDAR_DAY_TERMS = [
    # step, start, raw last day, last day
    (of("petition_2005", "accept"), "2020-01-17", "2020-02-01", "2020-02-03"),
    (of("petition_2005", "accept"), "2020-01-20", "2020-02-04", "2020-02-04"),
    (of("petition_2022", "accept"), "2026-09-17", "2026-10-02", "2026-10-08"),
    (of("petition_2005"), "2020-08-02", "2020-10-01", "2020-10-09"),
    (limit(90), "2020-08-02", "2020-10-31", "2020-11-02"),
    (of("petition_2005"), "2021-12-03", "2022-02-01", "2022-02-07"),
    (of("petition_2022", "review"), "2026-09-04", "2026-10-04", "2026-10-08"),
    (of("dispute_default", "judicial_confirmation"), "2026-01-16", "2026-02-15", "2026-02-24"),
    (limit(60), "2020-03-02", "2020-05-01", "2020-05-06"),  # reconsideration
    (of("petition_2005", "accept"), "2020-01-04", "2020-01-19", "2020-01-19"),  # a Sunday that works
]

WORKING_DAY_TERMS = [
    (of("petition_2022", "objection"), "2026-02-12", "2026-02-26"),  # Saturday 02-14 works
    (working(2), "2020-01-23", "2020-02-04"),  # inquiry
    (of("hotline_guangdong_2022_inquiry"), "2026-09-30", "2026-10-09"),
    (working(10), "2020-01-20", "2020-02-11"),  # help
    (of("hotline_guangdong_2022_help"), "2026-02-10", "2026-03-02"),
    (of("hotline_guangdong_2022_complaint"), "2026-09-21", "2026-10-19"),
    (of("hotline_guangdong_2022_complaint"), "2026-12-10", "2026-12-31"),
    (of("petition_simplified"), "2026-04-28", "2026-05-14"),
    (working(5), "2020-09-27", "2020-10-10"),  # from a Sunday that works to a Saturday that works
]


@pytest.mark.parametrize(("step", "start", "raw", "on"), CALENDAR_DAY_TERMS)
def test_a_term_in_calendar_days_rolls_to_the_next_working_day(step, start, raw, on) -> None:
    due = deadline(step, date.fromisoformat(start), CALENDAR)
    assert due == Due(on=date.fromisoformat(on), raw=date.fromisoformat(raw))


@pytest.mark.parametrize(("step", "start", "on"), WORKING_DAY_TERMS)
def test_a_term_in_working_days_counts_make_up_days_and_not_the_start(step, start, on) -> None:
    last = date.fromisoformat(on)
    assert deadline(step, date.fromisoformat(start), CALENDAR) == Due(on=last, raw=last)


def test_an_extension_counts_from_the_raw_last_day_and_not_from_the_rolled_one() -> None:
    first = deadline(of("petition_2005"), date(2020, 8, 2), CALENDAR)
    extended = deadline(of("petition_2005", "extension"), first.raw, CALENDAR)
    assert extended == Due(on=date(2020, 11, 2), raw=date(2020, 10, 31))
    from_the_rolled_day = deadline(of("petition_2005", "extension"), first.on, CALENDAR)
    assert from_the_rolled_day.on == date(2020, 11, 9)


def test_a_term_that_does_not_roll_ends_on_a_day_off_even_without_a_calendar() -> None:
    unrolled = limit(15, roll=Roll.NONE)
    assert deadline(unrolled, date(2020, 1, 17), CALENDAR).on == date(2020, 2, 1)
    assert deadline(unrolled, date(2026, 12, 31), CALENDAR).on == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("step", "start", "raw"),
    [
        (of("hotline_guangdong_2022_complaint"), "2026-12-11", None),
        (of("petition_2022"), "2026-11-02", "2027-01-01"),
    ],
)
def test_a_limit_beyond_the_loaded_calendar_has_no_date_and_names_the_year(step, start, raw) -> None:
    due = deadline(step, date.fromisoformat(start), CALENDAR)
    assert due == Due(on=None, raw=raw and date.fromisoformat(raw), missing_year=2027)


def test_the_last_limit_before_the_edge_of_the_calendar_is_still_answered() -> None:
    assert deadline(of("petition_2022"), date(2026, 11, 1), CALENDAR).on == date(2026, 12, 31)


def test_a_limit_ends_at_24_00_in_shanghai_and_not_in_utc() -> None:
    assert due_moment(date(2020, 2, 3)) == datetime(2020, 2, 3, 16, tzinfo=UTC)


def test_the_start_day_is_the_day_in_shanghai() -> None:
    just_past_midnight = datetime(2020, 1, 20, 0, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert just_past_midnight.date() == date(2020, 1, 19)
    moment = deadline_moment(of("petition_2005", "accept"), just_past_midnight, CALENDAR)
    assert moment == DueMoment(at=due_moment(date(2020, 2, 4)), raw=date(2020, 2, 4))


def test_a_limit_in_hours_runs_in_office_hours_and_has_no_last_day() -> None:
    sign_for = of("hotline_default", "sign_for")
    before_the_festival = datetime(2020, 1, 23, 16, tzinfo=SHANGHAI)
    assert deadline_moment(sign_for, before_the_festival, CALENDAR) == DueMoment(
        at=datetime(2020, 2, 3, 11, 30, tzinfo=SHANGHAI).astimezone(UTC)
    )
    with pytest.raises(ValueError, match="deadline_moment"):
        deadline(sign_for, date(2020, 1, 23), CALENDAR)


@pytest.mark.parametrize("step", ["sign_for", "return_order"])
def test_a_moment_beyond_the_loaded_calendar_is_unknown_too(step: str) -> None:
    last_hour = datetime(2026, 12, 31, 17, tzinfo=SHANGHAI)
    moment = deadline_moment(of("hotline_default", step), last_hour, CALENDAR)
    assert (moment.at, moment.missing_year) == (None, 2027)


@given(
    start=st.dates(date(2005, 1, 1), date(2025, 1, 1)),
    later=st.integers(0, 400),
    amount=st.integers(1, 90),
    unit=st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY]),
)
def test_a_limit_ends_on_a_working_day_and_never_earlier_for_a_later_start(
    start, later, amount, unit
) -> None:
    due = deadline(limit(amount, unit), start, CALENDAR)
    assert CALENDAR.is_working_day(due.on)
    assert due.raw <= due.on
    assert due.on <= deadline(limit(amount, unit), date.fromordinal(start.toordinal() + later), CALENDAR).on


@pytest.mark.parametrize(
    ("ends", "day", "whole"),
    [
        (datetime(2026, 12, 5, 23, 59, 59, tzinfo=SHANGHAI), date(2026, 12, 5), False),
        (datetime(2026, 12, 6, tzinfo=SHANGHAI), date(2026, 12, 5), True),
        (datetime(2026, 12, 6, 0, 0, 1, tzinfo=SHANGHAI), date(2026, 12, 6), False),
    ],
)
def test_a_deadline_at_midnight_is_the_whole_of_the_day_before(
    ends: datetime, day: date, whole: bool
) -> None:
    assert (last_day(ends), is_whole_day(ends)) == (day, whole)
