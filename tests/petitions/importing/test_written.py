"""How a source writes its dates, words and headings is kept with the layout only where its file shows it."""

from dataclasses import replace

import pytest

from petitions.importing.definition import check_definition
from petitions.importing.picking import define
from tests.petitions.importing.test_picking import HEADINGS, ROW, picked, seen

WORDS = {"channel": {"市长信箱": "web"}}


def defined(*rows, headings=HEADINGS, order="day", words=WORDS):
    sight = seen(*rows, headings=headings)
    definition = define(sight, replace(picked(sight), order=order, words=words, untimed=True))
    check_definition(definition)
    return definition


@pytest.mark.parametrize(
    ("dates", "form"),
    [
        (["25.2.2020"] * 3, None),
        (["25/2/2020"] * 3, "%d/%m/%Y"),
        (["25/2/2020 9:03"] * 3, "%d/%m/%Y %H:%M"),
        (["11/2/2020"] * 3, "%d/%m/%Y"),
        (["2020/2/25 9:03:00"] * 3, "%Y/%m/%d %H:%M:%S"),
        (["25/2/2020"] * 9 + ["2020-02-25"], "%d/%m/%Y"),
        (["25/2/2020"] * 8 + ["2020-02-25"], None),
        (["43983"] * 3, None),
        ([""], None),
    ],
)
def test_the_form_of_dates_is_kept_where_nearly_all_are_written_so(dates, form):
    if dates[0] == "25.2.2020":
        dates = ["25.2.2020", "25.2.2020", "2020-02-25"]
    rows = [(f"HX-{at}", "", date, *ROW[3:]) for at, date in enumerate(dates)]
    assert defined(*rows)["written_dates"] == ({"received_at": form} if form else {})


def test_headings_are_kept_in_their_order_with_those_not_read_but_none_that_say_nothing():
    headings = ("序号", "备注", "受理号", "标题", "退回原因", "备注")
    found = defined(("1", "a", "HX-1", "灯", "", "b"), headings=headings, words={})
    assert found["headings"] == ["备注", "受理号", "标题", "备注"]


@pytest.mark.parametrize(
    "headings", [("受理号", "标题", "长" * 201), ("受理号", "标题", *map(str, range(400)))]
)
def test_too_many_or_too_long_headings_are_not_kept_and_the_layout_is(headings):
    headings = tuple(f"列{each}" if each.isdigit() else each for each in headings)
    assert defined(("HX-1", "灯"), headings=headings, words={})["headings"] == []


def test_of_several_words_for_a_channel_the_commonest_is_kept_and_of_several_for_a_status_none():
    headings = ("受理号", "反映渠道", "工单状态", "标题")
    states = ["办理中", "待签收", "办毕归档", "办毕归档", "办理中"]
    channels = ["来电", "电话", "电话", "市长信箱", ""]
    rows = [(f"HX-{at}", channels[at], states[at], "灯") for at in range(5)]
    words = {**WORDS, "status": {"办毕归档": "ended"}}
    assert defined(*rows, headings=headings, words=words)["written_words"] == {
        "channel": {"hotline": "电话", "web": "市长信箱"},
        "status": {"ended": "办毕归档"},
    }
