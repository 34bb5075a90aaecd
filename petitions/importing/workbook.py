"""Spreadsheets through calamine. A sheet is unpacked in memory, so its size has limits."""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from app.core.archives import DAMAGES
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing import old_workbook, open_document
from petitions.importing.extent import Unplaced, survey_sheets
from petitions.importing.fault import FORMULA_ERROR
from petitions.importing.merged import Unmerged
from petitions.importing.survey import Survey
from petitions.importing.table import Table

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0"
WORKBOOK_MARKS = (ZIP_MARK, OLE_MARK)

# Unpacked XML of one file. Eight thousand orders of 25 columns are about 25 MiB; text tables have no limit.
MAX_UNPACKED_MIB = 200

MAX_CELLS = 5_000_000
"""Of one sheet, blank ones among them: 200,000 orders of 25 columns, some 250 MiB."""

_DAMAGES = (
    *(*DAMAGES, LookupError),
    *(ParseError, ExpatError, OSError, struct.error, ValueError, OverflowError),
)


class SheetTable(Table):
    """One sheet: a cell whose formula failed says so, and cells merged downwards all say the same."""

    def __init__(self, sheet: CalamineSheet, survey: Survey) -> None:
        self.name = sheet.name
        self.size = sheet.total_height + 1 if sheet.height else 0
        self._sheet = sheet
        self._errors = survey.errors
        self._unmerged = Unmerged(survey.merges or _merges(sheet))

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Every row with its number in the sheet; blank rows above the first filled one are among them."""
        for at, cells in enumerate(self._unmerged.filled(self._with_errors())):
            yield at + 1, cells

    def continues(self, row: int, column: int, /) -> int | None:
        """The row in which the cell begins that is merged down to this one, else None."""
        return self._unmerged.begins(row, column)

    def _with_errors(self) -> Iterator[list[Any]]:
        for at, cells in enumerate(_rows(self._sheet, self.name)):
            for column in self._errors.get(at, ()):
                if column < len(cells):
                    cells[column] = FORMULA_ERROR
            yield cells


def _rows(sheet: CalamineSheet, name: str) -> Iterator[list[Any]]:
    with _sound(name):
        yield from sheet.iter_rows()


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Turn whatever the reader makes of damaged bytes into one answer."""
    try:
        yield
    except PasswordError:
        raise _locked(name) from None
    except (CalamineError, ValueError):
        raise _damaged(name) from None
    except BaseException as error:
        # The reader is written in Rust, whose panics are no Exception and have no importable name.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name) from None


def open_sheets(stream: BinaryIO, file_name: str) -> list[SheetTable]:
    """The sheets of a workbook; raises Invalid where it is damaged, locked or far too large."""
    surveys = _survey(stream, file_name)
    stream.seek(0)
    with _sound(file_name):
        book = CalamineWorkbook.from_filelike(stream)
        pairs = list(zip(book.sheets_metadata, surveys, strict=True))
        names = [(sheet.name, survey) for sheet, survey in pairs if sheet.typ == SheetTypeEnum.WorkSheet]
        return [SheetTable(book.get_sheet_by_name(name), survey) for name, survey in names]


def _merges(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]


def _survey(stream: BinaryIO, file_name: str) -> list[Survey]:
    stream.seek(0)
    try:
        if stream.read(4) == ZIP_MARK:
            surveys = _survey_archive(stream, file_name)
        elif old_workbook.is_locked(stream):
            raise _locked(file_name)
        else:
            surveys = old_workbook.survey_records(stream)
    except Unplaced:
        raise Invalid(
            _(
                "%(file)s: the cells do not say where they stand. Open the file in a spreadsheet program and"
                " save it again as XLSX, or save it as CSV.",
                file=file_name,
            )
        ) from None
    except _DAMAGES:
        raise _damaged(file_name) from None
    _demand_small(surveys, file_name)
    return surveys


def _survey_archive(stream: BinaryIO, file_name: str) -> list[Survey]:
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        if len({entry.filename for entry in entries}) < len(entries):
            raise _damaged(file_name)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_MIB << 20:
            raise _too_large(file_name)
        if not open_document.is_open_document(archive):
            surveys = survey_sheets(archive)
        elif open_document.is_locked(archive):
            raise _locked(file_name)
        else:
            surveys = open_document.survey_tables(archive)
    if not surveys:
        raise Invalid(
            _(
                "%(file)s: this is an archive without a sheet in it. Save it as XLSX or CSV.",
                file=file_name,
            )
        )
    return surveys


def _demand_small(surveys: list[Survey], file_name: str) -> None:
    cells = max((survey.cells for survey in surveys), default=0)
    if cells > MAX_CELLS:
        raise Invalid(
            _(
                "%(file)s: a sheet reaches over %(cells)s cells, and at most %(limit)s are read."
                " Delete what stands far below or beside the orders, or save the sheet as CSV.",
                file=file_name,
                cells=f"{cells:,}",
                limit=f"{MAX_CELLS:,}",
            )
        )
    if sum(survey.text for survey in surveys) > MAX_UNPACKED_MIB << 20:
        raise _too_large(file_name)


def _too_large(file_name: str) -> Invalid:
    return Invalid(
        _(
            "%(file)s: the workbook unpacks to more than %(limit)s MiB."
            " Save the sheet as CSV and import that.",
            file=file_name,
            limit=MAX_UNPACKED_MIB,
        )
    )


def _locked(file_name: str) -> Invalid:
    return Invalid(
        _(
            "%(file)s: the workbook is locked by a password. Open it with the password, take the lock off and"
            " save it again.",
            file=file_name,
        )
    )


def _damaged(file_name: str) -> Invalid:
    return Invalid(_("%(file)s: the workbook is damaged or no spreadsheet. Export it again.", file=file_name))
