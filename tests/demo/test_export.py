"""The export is what a hotline platform hands over: text cells and exact numbers."""

import pytest
import python_calamine

from app.demo.export import export_header, write_export
from app.demo.vocabulary import words


def column(field):
    return [name for _, name in words("export")["columns"]].index(field)


@pytest.fixture(scope="module")
def rows(matters, calendar, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "orders.xlsx"
    written = write_export((matter.intake for matter in matters), path, calendar)
    sheet = python_calamine.load_workbook(str(path)).get_sheet_by_index(0)
    found = sheet.to_python()
    assert written == len(found) - 1
    return found


def test_the_export_has_the_year_and_what_was_void_or_diverted(rows):
    assert len(rows) - 1 == 7598 + 36 + 54


def test_headings_are_25_and_all_different(rows):
    assert rows[0] == export_header()
    assert len(set(rows[0])) == 25


def test_every_cell_is_text_and_order_numbers_keep_their_nineteen_digits(rows, matters):
    assert all(isinstance(cell, str) for row in rows for cell in row)
    wanted = [m.intake.source_number for m in matters if m.intake.online_and_hotline]
    assert [row[0] for row in rows[1:]] == wanted


def test_moments_are_written_in_shanghai_time(rows, matters):
    first = next(m.intake for m in matters if m.intake.online_and_hotline)
    assert rows[1][1] == f"{first.received_at:%Y-%m-%d %H:%M:%S}"
    assert rows[1][column("due_at")] == f"{first.upstream_due_on} 23:59:59"


def test_line_breaks_inside_a_text_survive(rows, matters):
    bodies = {m.intake.body for m in matters}
    assert all(row[column("body")] in bodies for row in rows[1:])
