"""What a person says of the columns becomes a definition; what is still open is asked, never guessed."""

import io
from dataclasses import replace

import pytest

from app.core.errors import Invalid
from petitions.importing.export_file import open_export
from petitions.importing.picking import Picks, dates_two_ways, define, left_out, likely, unknown_words
from petitions.importing.profile import build, shipped
from petitions.importing.reading import RowReader
from petitions.importing.sight import SEEN, look
from petitions.importing.tables import BEGINNING, open_tables
from petitions.importing.upstream_status import UpstreamStatus
from tests.petitions.importing.files import NOW, csv_file, order, xlsx_file

HEADINGS = ("受理号", "反映渠道", "登记日期", "标题", "诉求描述", "地址")
ROW = ("HX-1", "市长信箱", "11/2/2020 9:03", "路灯不亮", "三天不亮。", "迎春路3号")


def looked_at(content, name, *asked, **more):
    return look(open_tables(io.BytesIO(content), name, beginning=True), name, *asked, **more)


def seen(*rows, headings=HEADINGS, **asked):
    return looked_at(csv_file(rows or [ROW], headings), "orders.csv", **asked)


def picked(sight, **said):
    return replace(likely(sight, "district", None), **said)


def faults(sight, picks):
    with pytest.raises(Invalid) as refused:
        define(sight, picks)
    return set(refused.value.fields)


def test_what_was_said_reads_the_file():
    sight = seen()
    picks = picked(sight, order="month", words={"channel": {"市长信箱": "web"}})
    profile = build("district", define(sight, picks))
    export = open_export(
        io.BytesIO(csv_file([ROW], HEADINGS)), "orders.csv", "district", {"district": profile}
    )
    reader = RowReader(export.layout)
    (row,) = [reader.read(at, cells, NOW.replace(year=2021)) for at, cells in reader.rows()]
    assert row.refused is None
    assert (row.number, row.intake.channel, row.intake.address) == ("HX-1", "web", "迎春路3号")
    assert row.intake.received_at.isoformat() == "2020-11-02T09:03:00+08:00"


def test_a_word_that_nobody_has_explained_and_a_date_of_two_readings_are_asked():
    sight = seen()
    picks = likely(sight, "district", None)
    assert unknown_words(sight, picks) == {"channel": {"市长信箱": 1}}
    assert dates_two_ways(sight, picks) == "11/2/2020 9:03"
    assert faults(sight, picks) == {"words-channel", "order"}


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["11/2/2020", "25/2/2020", "26/2/2020", "27/2/2020"], "day"),
        (["11/2/2020", "2/25/2020", "2/26/2020", "2/27/2020"], "month"),
        (["11/2/2020", "25/2/2020", "26/2/2020"], None),
        (["11/2/2020", "12/2/2020"], None),
        (["11/2/2020", "25/2/2020", "26/2/2020", "27/2/2020", "2/25/2020"], None),
        (["2020-11-02"], None),
    ],
)
def test_what_comes_first_is_filled_in_where_all_dates_of_one_reading_agree(dates, order):
    rows = [(f"HX-{at}", "", date, *ROW[3:]) for at, date in enumerate(dates)]
    sight = seen(*rows)
    picks = likely(sight, "district", None)
    assert picks.order == order
    if order:
        assert define(sight, picks)


@pytest.mark.parametrize(("order", "day"), [("month", "2020-11-02"), ("day", "2020-02-11")])
def test_whoever_says_month_or_day_first_gets_that(order, day):
    sight = seen()
    definition = define(sight, picked(sight, order=order, words={"channel": {"市长信箱": ""}}))
    export = open_export(io.BytesIO(csv_file([ROW], HEADINGS)), "o", "d", {"d": build("d", definition)})
    reader = RowReader(export.layout)
    (row,) = [reader.read(at, cells, NOW.replace(year=2021)) for at, cells in reader.rows()]
    assert row.intake.received_at.date().isoformat() == day
    assert row.intake.channel == "hotline"


def test_number_text_and_whose_numbers_they_are_must_be_said():
    sight = seen()
    assert faults(sight, Picks(" ")) == {"name", "number", "body"}
    assert "body" not in faults(sight, Picks("", roles={0: "number", 3: "title"}))


def test_one_meaning_for_two_columns_is_refused_but_for_an_address():
    sight = seen()
    assert "role-title" in faults(sight, Picks("d", roles={0: "number", 3: "title", 4: "title"}))
    definition = define(sight, Picks("d", roles={0: "number", 4: "body", 3: "address", 5: "address"}))
    assert definition["columns"]["address"] == ["标题", "地址"]
    assert list(definition["columns"]) == ["number", "address", "body"]


def test_a_point_needs_both_numbers_and_a_datum():
    sight = seen(("1", "113.1", "22.6", "甲"), headings=("编号", "经度", "纬度", "内容"))
    picks = likely(sight, "district", None)
    assert faults(sight, picks) == {"datum"}
    assert define(sight, replace(picks, datum="gcj02"))["datum"] == "gcj02"
    assert faults(sight, replace(picks, roles={0: "number", 1: "lon", 3: "body"})) == {"lon", "datum"}


def test_a_row_without_a_moment_is_refused_unless_it_was_said_otherwise():
    sight = seen(("1", "", "甲"), ("2", "2020-11-02", "乙"), headings=("编号", "登记日期", "内容"))
    picks = likely(sight, "district", None)
    assert "received_at" in define(sight, picks)["required"]
    assert "received_at" not in define(sight, replace(picks, untimed=True))["required"]


def test_such_a_file_is_known_again_by_few_headings():
    sight = seen(headings=("受理号", "工单状态", "登记日期", "标题", "诉求描述", "地址"))
    definition = define(sight, picked(sight, order="month", words={"status": {"市长信箱": ""}}))
    assert definition["required"] == ["number", "received_at", "title", "body", "address"]
    assert "status" in definition["columns"]


def test_a_word_for_a_state_upstream_is_asked_and_what_was_said_of_it_is_read():
    headings, row = ("受理号", "工单状态", "标题"), ("HX-1", "办毕归档", "路灯不亮")
    sight = seen(row, headings=headings)
    picks = likely(sight, "district", None)
    assert unknown_words(sight, picks) == {"status": {"办毕归档": 1}}
    said = replace(picks, untimed=True, words={"status": {"办毕归档": "ended"}})
    profile = build("district", define(sight, said))
    export = open_export(io.BytesIO(csv_file([row], headings)), "o.csv", "district", {"district": profile})
    reader = RowReader(export.layout)
    (read,) = [reader.read(at, cells, NOW) for at, cells in reader.rows()]
    assert read.status == UpstreamStatus("办毕归档", is_ended=True)


def test_a_known_profile_is_where_its_correction_begins():
    sight = looked_at(csv_file([order()]), "orders.csv")
    picks = likely(sight, "", shipped()["wide"])
    definition = define(sight, picks)
    assert definition["source"] == "hotline"
    assert definition["columns"]["body"] == ["主要内容"]


def test_headings_are_looked_for_below_titles_and_in_the_sheet_and_row_that_is_named():
    content = xlsx_file({"说明": [["请看下一张"]], "工单": [["某区清单"], list(HEADINGS), list(ROW)]})
    assert looked_at(content, "orders.xlsx", sheet=1).row == 2
    assert [column.heading for column in looked_at(content, "orders.xlsx", 1, 1).columns] == ["某区清单"]
    for sheet, row in ((2, None), (1, 4), (-1, None)):
        with pytest.raises(Invalid):
            looked_at(content, "orders.xlsx", sheet, row)


def test_texts_too_many_or_too_long_are_no_words():
    rows = [(str(at), f"来源{at}", "甲" * 31) for at in range(41)]
    columns = looked_at(csv_file(rows, ("编号", "来源", "内容")), "orders.csv").columns
    assert [column.words is None for column in columns] == [True, True, True]
    columns = looked_at(csv_file(rows[:40], ("编号", "来源", "内容")), "orders.csv").columns
    assert [column.words is None for column in columns] == [False, False, True]


def test_a_column_that_holds_something_and_is_not_taken_is_named_with_how_often_it_is_filled():
    headings = ("编号", "内容", "备注", "序号", "空列", "处置意见")
    sight = seen(
        ("1", "甲", "急", "1", "", ""),
        ("2", "乙", "", "2", " ", "转办"),
        ("", "", "", "", "", ""),
        headings=headings,
    )
    assert sight.looked == 2
    picks = Picks("d", roles={0: "number", 1: "body"})
    assert [(column.heading, column.filled) for column in left_out(sight, picks)] == [
        ("备注", 1),
        ("处置意见", 1),
    ]
    assert left_out(sight, replace(picks, roles={**picks.roles, 2: "title", 5: "category"})) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("shift", range(4))
def test_of_a_long_text_only_the_beginning_is_read_and_no_row_is_shown_that_is_cut(encoding, shift):
    """Texts with quotation marks and breaks of lines, so that the cut falls within every kind of place."""
    title = "起" * shift
    rows = [(f"{number:06d}", f"路灯“{number}”不亮，\n已经三天。" * 9, "完") for number in range(24_000)]
    content = csv_file(rows, ("编号", f"内容{title}", "末列"), encoding=encoding)
    assert len(content) > BEGINNING + (1 << 20)
    stream = Counting(content)
    (table,) = open_tables(stream, "orders.csv", beginning=True)
    read = list(table.rows())[1:]
    assert stream.furthest <= BEGINNING + 1
    assert [tuple(cells) for _row, cells in read] == rows[: len(read)]
    assert len(read) > SEEN
    assert look([table], "orders.csv").row == 1


def test_a_short_text_is_read_to_its_end_and_a_damaged_one_refused():
    (table,) = open_tables(io.BytesIO(csv_file([ROW], HEADINGS)), "orders.csv", beginning=True)
    assert table.size == 2
    with pytest.raises(Invalid):
        open_tables(io.BytesIO('编号,内容\n1,"没有结束'.encode()), "orders.csv", beginning=True)


class Counting(io.BytesIO):
    """A file that knows how far it was read."""

    furthest = 0

    def read(self, size=-1):
        found = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        return found
