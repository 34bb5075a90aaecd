"""The three forms in which a year is handed in, and the answers to what cannot be read."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest

from app.calendar.doubts import DoubtKind
from app.calendar.reading import MOST_BYTES, MOST_CHARACTERS, Reading, decode, read
from app.core.calendar import DayKind, WorkingCalendar, notice_year
from app.core.errors import Invalid
from tests.factories.notice import ARRANGEMENTS, NOTICE, NUMBER, YEAR

CSV = """date,kind,name,notice
2027-05-01,holiday,劳动节,a notice
2027-05-08,workday,劳动节,a notice
"""
DAY = {"name": "劳动节", "date": "2027-05-01", "isOffDay": True}
JSON: Mapping[str, Any] = {"year": YEAR, "papers": ["https://example.org/2027"], "days": [DAY]}


def refused(text: str, **said: Any) -> tuple[set[str], str]:
    """The fields at fault and the answer."""
    with pytest.raises(Invalid) as fault:
        read(text, **said)
    return set(fault.value.fields), fault.value.message


def test_the_three_forms_of_one_year_are_read_as_the_same_days() -> None:
    notice = read(NOTICE)
    rows = [f"{day.date},{day.kind},{day.name},{day.notice}" for day in notice.days]
    days = [
        {"date": day.date.isoformat(), "name": day.name, "isOffDay": day.kind is DayKind.HOLIDAY}
        for day in notice.days
    ]
    table = read("\n".join(["date,kind,name,notice", *rows]))
    document = read(json.dumps({"year": YEAR, "papers": [NUMBER], "days": days}))
    assert notice == table == document
    assert (notice.year, notice.notice, len(notice.days), notice.doubts) == (YEAR, NUMBER, 31, ())


def test_the_years_that_are_shipped_can_be_read_back_year_by_year() -> None:
    lines = files("app.core").joinpath("data/calendar.csv").read_text(encoding="utf-8").splitlines()
    shipped = WorkingCalendar.shipped()
    for year in sorted(shipped.years):
        ours = [line for line, day in zip(lines[1:], shipped.days, strict=True) if notice_year(day) == year]
        found = read("\n".join([lines[0], *ours]))
        assert (found.year, found.doubts) == (year, ())
        assert list(found.days) == [day for day in shipped.days if notice_year(day) == year]


def test_columns_may_stand_in_any_order_and_what_the_rows_leave_out_is_given() -> None:
    found = read("\ufeffKind,Date,Name\nholiday,2027-05-01,五一\n\n", notice="a notice")
    assert [(day.name, day.notice) for day in found.days] == [("劳动节", "a notice")]


def test_what_the_text_leaves_open_is_given() -> None:
    assert read(ARRANGEMENTS, year=YEAR, notice="the town's wall").notice == "the town's wall"
    assert refused(ARRANGEMENTS)[0] == {"year"}
    assert refused(ARRANGEMENTS, year=YEAR)[0] == {"notice"}


def test_an_address_that_is_given_outranks_the_number_in_the_text() -> None:
    assert read(NOTICE, notice="https://example.org/2027").notice == "https://example.org/2027"


@pytest.mark.parametrize("text", [NOTICE, CSV, json.dumps(JSON)])
def test_a_text_about_another_year_than_the_one_named_is_refused(text: str) -> None:
    assert refused(text, year=2028) == ({"year"}, refused(text, year=2028)[1])
    assert str(YEAR) in refused(text, year=2028)[1]
    assert isinstance(read(text, year=YEAR), Reading)


def test_a_text_about_two_years_asks_which() -> None:
    two = f"{NOTICE}\n{YEAR + 1}年另行通知。"
    assert refused(two)[0] == {"year"}
    assert read(two, year=YEAR).year == YEAR
    assert refused(CSV + "2028-05-01,holiday,劳动节,a notice\n")[0] == {"year"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2027年放假安排另行通知。",
        "{",
        "[]",
        '{"year": 2027}',
        '{"year": 2027, "days": []}',
        '{"year": 2027, "days": [1]}',
        "date,kind,name,notice\n",
        'date,kind,name,notice\n"2027-05-01,holiday',
        "x" * (MOST_CHARACTERS + 1),
    ],
)
def test_what_is_no_calendar_is_refused_at_the_text(text: str) -> None:
    assert refused(text, year=YEAR)[0] == {"text"}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2027-02-30,holiday,春节,a notice", "row 2: “2027-02-30”"),
        ("1 May,holiday,劳动节,a notice", "row 2: “1 May”"),
        ("2027-05-01,off,劳动节,a notice", "row 2: the kind is “off”"),
        ("2027-05-01,holiday,,a notice", "row 2: name needs"),
        ("2027-05-01,holiday,劳动节", "row 2: notice needs"),
        (f"2027-05-01,holiday,{'节' * 61},a notice", "row 2: name needs"),
        ("x,holiday,劳动节,a notice\n" * 7, "and 2 more"),
    ],
)
def test_a_row_at_fault_is_named_with_its_line(app, row: str, fault: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        fields, message = refused(f"date,kind,name,notice\n{row}")
    assert fields == {"text"}
    assert fault in message


@pytest.mark.parametrize("change", [{"date": "x"}, {"date": None}, {"isOffDay": 1}, {"name": ""}])
def test_a_day_of_the_json_at_fault_is_refused(change: Mapping[str, Any]) -> None:
    assert refused(json.dumps({**JSON, "days": [{**DAY, **change}]}))[0] == {"text"}


def test_a_year_nobody_keeps_a_calendar_of_is_refused() -> None:
    assert refused(NOTICE, year=1999)[0] == {"year"}
    assert refused(NOTICE, year=2101)[0] == {"year"}
    assert refused(NOTICE, notice="x" * 301)[0] == {"notice"}


def test_a_day_said_to_be_both_is_doubted() -> None:
    found = read(CSV + "2027-05-08,holiday,劳动节,a notice\n")
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.BOTH]
    assert found.doubts[0].is_blocking


def test_a_day_of_no_holiday_is_doubted() -> None:
    found = read("2027年6月9日放假。", year=YEAR, notice="a notice")
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.UNNAMED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_offices_use(encoding: str) -> None:
    assert read(decode(NOTICE.encode(encoding))) == read(NOTICE)


@pytest.mark.parametrize("content", [b"\xff\xff\xff\xff", b"x" * (MOST_BYTES + 1)])
def test_what_is_no_text_or_too_much_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        decode(content)
