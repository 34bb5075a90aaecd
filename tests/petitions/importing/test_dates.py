"""A date that is refused says in which order it was read, and what of it does not fit."""

import pytest
from flask_babel import force_locale

from petitions.importing.dates import read_moment
from petitions.importing.fault import RowFault

DAY_FIRST = ("%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y", "serial")
MONTH_FIRST = ("%Y-%m-%d", "%m/%d/%Y")


def told(text, forms):
    with force_locale("en"), pytest.raises(RowFault) as refused:
        read_moment(text, forms, "A")
    with force_locale("en"):
        return refused.value.reason


@pytest.mark.parametrize(
    ("text", "forms", "why"),
    [
        ("2.13.2020", DAY_FIRST, "is read as day/month/year, and 13 is no month. Mend it, or choose"),
        ("2.0.2020 9:03", DAY_FIRST, "is read as day/month/year, and 0 is no month. Mend it, or choose"),
        ("25/2/2020", MONTH_FIRST, "is read as month/day/year, and 25 is no month. Mend it, or choose"),
        ("2020-13-02", MONTH_FIRST, "is read as year/month/day, and 13 is no month. Mend it."),
        ("30.2.2020", DAY_FIRST, "is read as day/month/year, and there is no day 30 in that month."),
        ("29.2.2021", DAY_FIRST, "is read as day/month/year, and there is no day 29 in that month."),
        ("29.2.2020 25:00", DAY_FIRST, "is no date that can be read."),
        ("2/12/2020", DAY_FIRST, "is no date that can be read."),
        ("0000-05-05", MONTH_FIRST, "is no date that can be read."),
        ("4.4e4", DAY_FIRST, "is no date that can be read."),
        ("44,000", DAY_FIRST, "is no date that can be read."),
        ("昨天", DAY_FIRST, "is no date that can be read."),
    ],
)
def test_what_does_not_fit_is_named_with_the_order(text, forms, why):
    assert f'Column A: "{text}" {why}' in told(text, forms)


@pytest.mark.parametrize("text", ["2.12.2020", "29.2.2020", "29.2.2020 23:59"])
def test_a_date_on_the_right_side_of_each_boundary_is_read(text):
    assert read_moment(text, DAY_FIRST, "A") is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("43831", "2020-01-01T00:00"),
        ("43831.5", "2020-01-01T12:00"),
        ("2.12.2020  9:03", "2020-12-02T09:03"),
        ("2020-12-02", "2020-12-02T00:00"),
    ],
)
def test_each_form_reads_what_has_its_shape(text, moment):
    assert read_moment(text, DAY_FIRST, "A").isoformat(timespec="minutes") == f"{moment}+08:00"
