"""Periods of days, and what people write for days and moments."""

from datetime import UTC, date, datetime

import pytest

from app.core.errors import Invalid
from petitions.period import Period, parse_day, parse_moment


def test_a_year_is_half_open_and_begins_at_midnight_in_shanghai() -> None:
    year = Period.year(2020)
    assert (year.first, year.end) == (date(2020, 1, 1), date(2021, 1, 1))
    assert (year.starts_at, year.ends_at) == (
        datetime(2019, 12, 31, 16, tzinfo=UTC),
        datetime(2020, 12, 31, 16, tzinfo=UTC),
    )
    assert year.is_year
    assert not Period(date(2020, 1, 1), date(2020, 12, 31)).is_year


def test_the_months_of_a_period_are_those_it_touches() -> None:
    assert list(Period(date(2020, 11, 30), date(2021, 1, 2)).months()) == ["2020-11", "2020-12", "2021-01"]
    assert list(Period(date(2020, 11, 1), date(2020, 12, 1)).months()) == ["2020-11"]
    assert Period.month("2020-12") == Period(date(2020, 12, 1), date(2021, 1, 1))


@pytest.mark.parametrize("text", ["2020-13", "2020-00", "2020-1", "202003", "", "2020-03-01", "9999-12"])
def test_a_month_has_one_form(text: str) -> None:
    with pytest.raises(Invalid):
        Period.month(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-01-01", datetime(2020, 12, 31, 16, tzinfo=UTC)),
        ("2021-01-01T08:30", datetime(2021, 1, 1, 0, 30, tzinfo=UTC)),
        ("2021-01-01T08:30:00+08:00", datetime(2021, 1, 1, 0, 30, tzinfo=UTC)),
        ("2021-01-01T00:30:00Z", datetime(2021, 1, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_cut_off_is_a_day_or_a_moment_of_shanghai(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text", ["yesterday", "2020-02-30", "", "0001-01-01", "9999-12-31", "2021-01-01T25:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_moment(text)
    with pytest.raises(Invalid):
        parse_day(text)


def test_a_period_of_nothing_and_a_year_out_of_reach_are_refused() -> None:
    for year in (1989, 2101, -5, 99999):
        with pytest.raises(Invalid):
            Period.year(year)
    for end in (date(2020, 1, 1), date(2019, 1, 1)):
        with pytest.raises(Invalid):
            Period(date(2020, 1, 1), end)
