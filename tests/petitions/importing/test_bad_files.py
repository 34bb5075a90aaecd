"""A file that cannot be read as a whole: one message with file, row and column, and nothing changed."""

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.core.errors import Invalid
from petitions.models import Case, ImportRun
from tests.petitions.importing.files import HEADINGS, bring_in, csv_file, order, xlsx_file


@pytest.fixture(autouse=True)
def in_english(session):
    """What is told is compared in the language of the message ids."""
    with force_locale("en"):
        yield


GOOD = xlsx_file({"工单": [HEADINGS, order()]})

BAD = {
    "an empty file": (b"", "empty"),
    "blank lines only": (b"\n\n\n", "no sheet"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "neither"),
    "a web page called XLS": (b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table>", "web page"),
    "a workbook in XML of 2003": (b'<?xml version="1.0"?><Workbook/>', "web page"),
    "a truncated workbook": (GOOD[: len(GOOD) // 2], "damaged"),
    "a zip that is no workbook": (b"PK\x03\x04" + b"x" * 400, "damaged"),
    "an unknown encoding": ("工单编号".encode() + b"\n\xff\xff\xff\n", "row 2"),
    "text damaged after a good start": (
        csv_file([order(), order("2")]) + b"\xff\xfe,\n",
        "row 4",
    ),
    "a quotation mark that is never closed": (csv_file([order()]) + b'2,"never', "row 3"),
    "a cell longer than any": (csv_file([order(), order("2", 主要内容="长" * 131_073)]), "row 3.*131,072"),
    "GB18030 damaged in its third row": (csv_file([order()], encoding="gb18030") + b"\xff\xff\n", "row 3"),
    "a missing column": (
        csv_file([order()[1:]], HEADINGS[1:]),
        "工单编号",
    ),
    "no headings at all": (csv_file([], ["甲", "乙"]), "headings"),
    "a column twice": (csv_file([[*order(), "又一次"]], [*HEADINGS, "工单标题"]), "工单标题"),
    "headings below the twentieth row": (
        xlsx_file({"工单": [*[["说明"]] * 20, HEADINGS, order()]}),
        "headings",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_line_and_leaves_nothing(session, tiny, name):
    content, told = BAD[name]
    with pytest.raises(Invalid) as refused:
        bring_in(session, tiny.street.id, content)
    assert re.search(told, refused.value.message), refused.value.message
    assert "\n" not in refused.value.message
    assert session.scalar(select(func.count(Case.id))) == 0
    assert session.scalar(select(func.count(ImportRun.id))) == 0


def test_a_profile_that_does_not_exist_is_told_with_those_that_do(session, tiny):
    with pytest.raises(Invalid, match="wide"):
        bring_in(session, tiny.street.id, csv_file([order()]), profile="nothing")


def test_a_named_profile_tells_which_column_is_missing_in_which_row(session, tiny):
    with pytest.raises(Invalid) as refused:
        bring_in(session, tiny.street.id, csv_file([order()]), profile="demo_export")
    assert all(word in refused.value.message for word in ("demo_export", "坐标系", "1"))


def test_a_file_that_fits_two_profiles_asks_which(session, tiny):
    headings = [*HEADINGS, "事件编号", "受理时间", "诉求来源", "工单类型", "事发地址", "市民诉求"]
    row = [*order(), "1", "2020-06-01 09:00:00", "电话", "投诉", "迎春路3号", "灯坏了"]
    with pytest.raises(Invalid, match="app, wide"):
        bring_in(session, tiny.street.id, csv_file([row], headings))


def test_a_file_that_writes_into_the_past_must_be_asked_for_by_name(session, tiny):
    row = ("1", "2019-05-06 10:00:00", "修灯", "灯坏了", "迎春路3号", "")
    content = csv_file([row], ("工单编号", "受理时间", "工单标题", "主要内容", "事发地址", "坐标系"))
    with pytest.raises(Invalid, match="demo_export"):
        bring_in(session, tiny.street.id, content)
    assert bring_in(session, tiny.street.id, content, profile="demo_export")[0].created == 1


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("title", ["2020年工单导出", "2020年工单, 六月", "说明：按月;导出"])
def test_a_title_above_the_headings_does_not_hide_the_delimiter(session, tiny, delimiter, title):
    lines = [title, delimiter.join(HEADINGS), delimiter.join(map(str, order()))]
    assert bring_in(session, tiny.street.id, "\n".join(lines).encode())[0].created == 1


def test_a_file_with_headings_only_has_no_rows(session, tiny):
    run, told = bring_in(session, tiny.street.id, csv_file([]))
    assert (run.rows, told) == (0, [])
    assert run.finished_at is not None
