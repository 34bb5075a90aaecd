"""A sheet that would unpack to more than memory holds is refused before it is unpacked."""

import io
import subprocess
import sys
import zipfile

import pytest
from flask_babel import force_locale

from app.core.errors import Invalid
from petitions.importing import extent, workbook
from petitions.importing.extent import survey, survey_sheets
from petitions.importing.workbook import open_sheets
from tests.petitions.importing.files import HEADINGS, bring_in, order, stray_cell, xlsx_file

PEAK = """
import resource, sys
sys.path[:0] = sys.argv[2:]
from petitions.importing.workbook import open_sheets
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open(sys.argv[1], "rb") as stream:
        open_sheets(stream, "orders")
except Exception as error:
    print(type(error).__name__, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def archive(*sheets: bytes) -> zipfile.ZipFile:
    """A zip with the given texts as its sheets."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for number, text in enumerate(sheets, start=1):
            made.writestr(f"xl/worksheets/sheet{number}.xml", text)
    return zipfile.ZipFile(content)


def most_cells(made: zipfile.ZipFile) -> int:
    """Of the largest sheet."""
    return max(survey(made, name).cells for name in made.namelist() if "sheets/" in name)


@pytest.mark.parametrize("place", ["Y1048576", "XFD1048576", "XFD400"])
def test_a_stray_cell_far_away_is_told_with_the_number_of_cells(session, place):
    with force_locale("en"), pytest.raises(Invalid) as refused:
        open_sheets(io.BytesIO(stray_cell(place)), "orders")
    cells = {"Y1048576": "26,214,400", "XFD1048576": "17,179,869,184", "XFD400": "6,553,600"}[place]
    assert cells in refused.value.message


def test_a_stray_cell_that_can_be_unpacked_is_no_hindrance(session, tiny):
    run, _ = bring_in(session, tiny.street.id, stray_cell("XFD300"))
    assert (run.created, run.refused) == (1, 1)


def test_a_sheet_of_exactly_the_limit_is_read(session, monkeypatch):
    content = xlsx_file({"工单": [HEADINGS, *[order()] * 9_999]})
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        cells = survey_sheets(book)[0].cells
    assert cells == len(HEADINGS) * 10_000
    monkeypatch.setattr(workbook, "MAX_CELLS", cells)
    assert len(open_sheets(io.BytesIO(content), "orders")) == 1
    monkeypatch.setattr(workbook, "MAX_CELLS", cells - 1)
    with pytest.raises(Invalid):
        open_sheets(io.BytesIO(content), "orders")


@pytest.mark.process
@pytest.mark.parametrize("place", ["Y1048576", "XFD1048576"])
def test_refusing_it_takes_no_memory(tmp_path, place):
    path = tmp_path / "stray.xlsx"
    path.write_bytes(stray_cell(place))
    told = subprocess.run(
        [sys.executable, "-c", PEAK, str(path), *sys.path], capture_output=True, text=True, check=True
    )
    kind, mebibytes = told.stdout.split()
    assert kind == "Invalid"
    assert int(mebibytes) < 50


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        (b'<row r="1048576"><c r="C1048576"><v>1</v></c></row>', 3 * 1_048_576),
        (b"<c s='1' r='AA3'/>", 27 * 3),
        (b'<c r="AA2"/><c r="A12345"/>', 27 * 12_345),
    ],
)
def test_rows_and_columns_are_told_however_they_are_written(sheet, cells):
    assert most_cells(archive(sheet)) == cells


@pytest.mark.parametrize("tag", [b"<c>", b'<c s="1" t="str">', b"<row>", b'<x:c t="s">', b"<c/>"])
def test_a_cell_that_does_not_say_its_place_is_told(tag):
    with pytest.raises(ValueError, match="sheet1"):
        most_cells(archive(b"<cols/><col r='1'/>" + tag))


@pytest.mark.parametrize("before", range(12))
def test_a_place_that_is_cut_by_the_end_of_a_piece_is_read_whole(monkeypatch, before):
    monkeypatch.setattr(extent, "PIECE", 16)
    assert most_cells(archive(b" " * before + b'<c r="XFD1048576"/>')) == 16_384 * 1_048_576


@pytest.mark.parametrize("name", ["content.xml", "mimetype"])
def test_an_archive_without_a_sheet_is_told(session, name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(name, "x")
    with force_locale("en"), pytest.raises(Invalid, match="archive"):
        open_sheets(content, "orders")
