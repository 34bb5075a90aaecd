"""Rows of text as a file for whoever opens it: nothing that stands in a cell is ever run there."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from app.core.errors import Invalid
from app.core.i18n import lazy as _

LAST_ROW = 1_048_576
"""A sheet holds no more rows than this."""

LONGEST_CELL = 32_767
"""Characters; a spreadsheet calls a file with a longer cell damaged."""

# What makes a spreadsheet take the text of a CSV file for a formula.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class FileForm(StrEnum):
    """How a list is handed out."""

    XLSX = "xlsx"
    CSV = "csv"


def write_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], stream: IO[bytes], form: FileForm
) -> int:
    """Write the rows below their headings, one by one; returns how many there are.

    Raises Invalid where a sheet cannot hold them all, and OSError where the disk is full.
    """
    return _WRITERS[form](headings, rows, stream)


def apostrophed(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def unapostrophed(text: str) -> str:
    """The text that was written behind an apostrophe, lest it be taken for a formula; any other as it is."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_BEGINS_FORMULA) else text


def _write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]], stream: IO[bytes]) -> int:
    """Every cell is text, so that nineteen digits keep their end and no title becomes a formula."""
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        try:
            written = _fill(sheet, _below(headings, rows))
            # Not as a context: that would finish the file after an error too, and so hide what it was.
            book.close()
        except FileCreateError as error:
            raise OSError(getattr(error.args[0], "errno", None), str(error)) from None
        finally:
            with suppress(OSError):
                sheet.row_data_fh.close()
    return written


def _fill(sheet: Any, rows: Iterable[Sequence[str]]) -> int:
    written = 0
    for at, cells in enumerate(rows):
        if at == LAST_ROW:
            raise Invalid(_("More cases than a sheet can hold. Narrow the list first."))
        for column, text in enumerate(cells):
            sheet.write_string(at, column, text[:LONGEST_CELL])
        written = at
    return written


def _write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], stream: IO[bytes]) -> int:
    """In UTF-8 with its mark, by which spreadsheets know it; what begins like a formula stands behind '."""
    writer, lines = csv.writer(codecs.getwriter("utf-8-sig")(stream)), 0
    for cells in _below(headings, rows):
        writer.writerow([apostrophed(cell) for cell in cells])
        lines += 1
    return lines - 1


def _below(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield headings
    yield from rows


_WRITERS = {FileForm.XLSX: _write_xlsx, FileForm.CSV: _write_csv}
