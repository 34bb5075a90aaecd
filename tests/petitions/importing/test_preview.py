"""The first rows by a layout that is not kept yet: how many are refused, and why most of them are."""

import io

import pytest
from flask_babel import force_locale

from app.core.errors import Invalid
from petitions.importing.preview import Preview, Reason, demand_readable, preview, refusal_told
from petitions.importing.profile import shipped
from petitions.importing.tables import open_tables
from tests.petitions.importing.files import NOW, csv_file, order, xlsx_file


def seen(*rows, content=None):
    (table, *_more) = open_tables(io.BytesIO(content or csv_file(rows)), "orders.csv")
    return preview(table, "orders.csv", shipped()["wide"], NOW)


def test_reasons_that_differ_in_what_they_quote_only_are_one_and_the_commonest_comes_first():
    with force_locale("en"):
        found = seen(
            order("1"),
            order("2", 受理渠道="鸽子"),
            *(order(f"3{at}", 来电时间=f"昨天{at}") for at in range(3)),
            order("4", 来电时间="前天"),
        )
    assert (found.looked, found.readable, found.refused) == (6, 1, 5)
    assert [(reason.count, reason.row) for reason in found.reasons] == [(4, "4"), (1, "3")]
    assert '"昨天0" is no date' in found.reasons[0].told


def test_the_same_fault_of_two_columns_is_two_reasons():
    found = seen(order("1", 来电时间="昨天"), order("2", 办理截止时间="昨天"))
    assert [reason.count for reason in found.reasons] == [1, 1]


def test_a_row_of_a_workbook_is_named_as_it_is_numbered_there():
    content = xlsx_file({"工单": [["某市"], list(csv_headings()), order("1", 来电时间="昨天")]})
    assert seen(content=content).reasons[0].row == "3"


def csv_headings():
    return csv_file([]).decode().strip().split(",")


@pytest.mark.parametrize(("readable", "refused", "kept"), [(0, 1, False), (1, 99, True), (0, 0, True)])
def test_a_layout_that_reads_no_row_is_refused_with_the_commonest_reason(readable, refused, kept):
    reasons = (Reason(refused, "2", "No number."),) if refused else ()
    found = Preview((), readable, refused, reasons)
    if kept:
        demand_readable(found)
        return
    with force_locale("en"), pytest.raises(Invalid) as told:
        demand_readable(found)
    assert told.value.message == (
        "By this layout none of the 1 rows looked at can be read, so it is not kept."
        " The commonest reason, in 1 of them, such as row 2: No number."
    )


def test_how_many_are_refused_and_why_is_told_where_any_is():
    with force_locale("en"):
        told = str(refusal_told(Preview((), 7, 3, (Reason(2, "5", "No number."), Reason(1, "9", "x")))))
    assert told.startswith("Of the 10 rows looked at 3 will be refused. The commonest reason, in 2 of them,")
    assert refusal_told(Preview((), 7, 0, ())) is None
