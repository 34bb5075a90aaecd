"""An unknown file's columns are suggested by heading and cells; what two could be is a question."""

from datetime import datetime

import pytest

from app.core.clock import SHANGHAI
from petitions.importing.suggesting import date_forms, heading_row, suggest


def roles(headings: str, **samples: list[object]) -> dict[str, str]:
    names = headings.split()
    found = suggest(names, [samples.get(name, []) for name in names])
    return {names[at]: role for at, role in found.roles.items()}


def test_a_heading_that_says_it_whole_comes_before_one_that_has_a_word_of_it():
    assert roles("分类编号 工单编号") == {"工单编号": "number"}


def test_of_several_words_in_a_heading_the_longest_counts():
    assert roles("镇街来电时间")["镇街来电时间"] == "received_at"


def test_two_columns_that_could_both_be_one_thing_are_a_question():
    found = suggest(["工单类型", "诉求类型", "标题"], [[], [], []])
    assert found.questions == {"order_type": (0, 1)}
    assert found.roles == {2: "title"}


@pytest.mark.parametrize(
    ("heading", "cells", "role"),
    [
        ("登记时间", ["2026/11/2 9:03"], "received_at"),
        ("登记时间", [datetime(2026, 11, 2, tzinfo=SHANGHAI)], "received_at"),
        ("登记时间", ["上午"], None),
        ("登记时间", [], "received_at"),
        ("电话", ["1380000****"], "phone"),
        ("电话", ["没有"], None),
        ("经度", ["113.08"], "lon"),
        ("经度", ["东经"], None),
        ("人数", ["3人"], "persons"),
        ("人数", ["许多"], None),
        ("来源", ["热线"], "channel"),
        ("来源", ["市民来电反映楼下的路灯已经三天不亮，请尽快派人来修，谢谢你们了。"], None),
    ],
)
def test_cells_that_contradict_a_meaning_take_it_from_the_column(heading, cells, role):
    assert suggest([heading], [cells]).roles.get(0) == role


def test_the_row_of_headings_is_the_one_with_most_known_headings_and_the_first_of_them():
    rows = [
        ["某区热线工单"],
        ["制表", "2026年"],
        ["编号", "标题", "内容"],
        ["1", "路灯", "不亮"],
        ["编号", "标题", "内容"],
    ]
    assert heading_row(rows) == 2


def test_without_a_known_heading_it_is_the_row_of_most_texts():
    assert heading_row([["清单"], ["甲", "乙", "丙"], ["1", "2", "三"]]) == 1


def test_forms_of_dates_are_found_by_what_reads_most_cells():
    assert date_forms(["13/1/2026", "5/2/2026"]) == ["%m/%d/%Y", "%d/%m/%Y"]
    assert date_forms(["2026.11.2"]) == ["%Y.%m.%d"]
    assert date_forms(["昨天", "前天", "2026-11-2"]) == []


def test_telephones_and_moments_are_known_by_their_shape_where_no_heading_says_them():
    headings = ("甲", "乙", "丙")
    cells = (["13800000001", "13900000002"], ["25/11/2026 09:15", "26/11/2026 10:00"], ["44197", "44198"])
    assert suggest(headings, cells).roles == {0: "phone", 1: "received_at"}
    found = suggest((*headings, "丁"), (*cells, ["27/11/2026", "28/11/2026"]))
    assert found.roles == {0: "phone"}
    assert found.questions == {"received_at": (1, 3)}
    assert suggest(headings[:1], (["13800000001", "1", "2"],)).roles == {}
