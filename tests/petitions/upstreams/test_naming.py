"""A file that is sent bears a plain name, or one by which a person knows who sent it and when."""

import pytest

from app.core.errors import Invalid
from petitions.upstreams.naming import LONGEST, default_name, demand_name


@pytest.mark.parametrize("name", ["orders.xlsx", "早班 2026-11-30.csv", "..csv", "a" * LONGEST])
def test_a_plain_name_is_taken(name):
    assert demand_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/b", "a\\b", "../x", "a" * (LONGEST + 1)])
def test_a_folder_nothing_and_what_is_too_long_are_refused(name):
    with pytest.raises(Invalid):
        demand_name(name)


def test_who_sent_it_and_when_by_the_local_clock():
    assert default_name("市12345平台", 1_590_974_999) == "市12345平台 2020-06-01 09.29.59.csv"
    assert default_name("市/区", 1_590_940_800) == "市 区 2020-06-01 00.00.00.csv"
