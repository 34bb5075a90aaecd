"""What a file is told by is its content: encodings, separators, sheets, where the headings stand."""

import io

import pytest
from sqlalchemy import select

from petitions.importing.tables import open_tables
from petitions.models import Case
from tests.petitions.importing.files import HEADINGS, bring_in, counts, csv_file, order, xlsx_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_of_an_export_gives_the_same_case(session, tiny, encoding):
    run, _ = bring_in(session, tiny.street.id, csv_file([order()], encoding=encoding))
    assert counts(run) == (1, 1, 0, 0, 0)
    assert session.scalars(select(Case.title)).one() == "路灯不亮"


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_the_one_of_the_headings(session, tiny, separator):
    text = "\n".join(separator.join(row) for row in (HEADINGS, order()))
    run, _ = bring_in(session, tiny.street.id, text.encode())
    assert run.created == 1


def test_an_encoding_is_decided_by_the_whole_file(session, tiny):
    rows = [order(str(number), 工单标题="plain ascii", 主要内容="x" * 200) for number in range(8000)]
    content = csv_file([*rows, order("last")], encoding="gb18030")
    (table,) = open_tables(io.BytesIO(content), "orders")
    last = [cells for _, cells in table.rows()][-1]
    assert last[4] == "路灯不亮"


def test_empty_sheets_and_sheets_without_headings_are_passed_over(session, tiny):
    content = xlsx_file({"空": [], "说明": [["本表由热线导出"]], "工单": [HEADINGS, order()], "空2": []})
    assert bring_in(session, tiny.street.id, content)[0].created == 1


def test_the_headings_may_stand_below_a_title_and_in_any_order(session, tiny):
    row = dict(zip(HEADINGS, order(), strict=True))
    shuffled = list(reversed(HEADINGS))
    content = xlsx_file({"工单": [["每日工单"], [], shuffled, [row[name] for name in shuffled]]})
    run, told = bring_in(session, tiny.street.id, content)
    assert run.created == 1
    assert told[0].row == 4


def test_headings_may_be_marked_padded_or_broken_over_lines(session, tiny):
    marked = ["*工单编号", " 来电 时间 ", "受理\n渠道", *HEADINGS[3:]]
    assert bring_in(session, tiny.street.id, csv_file([order()], marked))[0].created == 1


def test_blank_rows_are_no_rows_but_keep_their_numbers(session, tiny):
    blank = [""] * len(HEADINGS)
    run, told = bring_in(session, tiny.street.id, csv_file([order("1"), blank, order("2")]))
    assert run.rows == 2
    assert [each.row for each in told] == [2, 4]
