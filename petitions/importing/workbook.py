"""Spreadsheets through calamine. A sheet is unpacked in memory, so its size has limits."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.extent import most_cells

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0"
WORKBOOK_MARKS = (ZIP_MARK, OLE_MARK)

# Unpacked XML of one file. Eight thousand orders of 25 columns are about 25 MiB; text tables have no limit.
MAX_UNPACKED_MIB = 200

MAX_CELLS = 5_000_000
"""Of one sheet, blank ones among them: 200,000 orders of 25 columns, some 250 MiB."""


class SheetTable:
    """One sheet of a workbook."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.name = sheet.name
        self.size = sheet.total_height if sheet.height else 0
        self._sheet = sheet

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Every row with its number in the sheet; blank rows above the first filled one are among them."""
        yield from enumerate(self._sheet.iter_rows(), start=1)


def open_sheets(stream: BinaryIO, file_name: str) -> list[SheetTable]:
    """The sheets of a workbook; raises Invalid where it is damaged, locked or far too large."""
    _check_size(stream, file_name)
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [SheetTable(book.get_sheet_by_name(name)) for name in names]
    except PasswordError:
        raise Invalid(_("%(file)s: the workbook is locked by a password.", file=file_name)) from None
    except CalamineError:
        raise _damaged(file_name) from None


def _check_size(stream: BinaryIO, file_name: str) -> None:
    stream.seek(0)
    if stream.read(4) != ZIP_MARK:
        return
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED_MIB << 20:
                raise _too_large(file_name)
            cells = most_cells(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(file_name) from None
    except ValueError:
        raise Invalid(
            _(
                "%(file)s: the cells do not say where they stand. Open the file in a spreadsheet program and"
                " save it again as XLSX, or save it as CSV.",
                file=file_name,
            )
        ) from None
    if cells == 0:
        raise Invalid(
            _(
                "%(file)s: this is an archive without a sheet in it. Save it as XLSX or CSV.",
                file=file_name,
            )
        )
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


def _too_large(file_name: str) -> Invalid:
    return Invalid(
        _(
            "%(file)s: the workbook unpacks to more than %(limit)s MiB."
            " Save the sheet as CSV and import that.",
            file=file_name,
            limit=MAX_UNPACKED_MIB,
        )
    )


def _damaged(file_name: str) -> Invalid:
    return Invalid(_("%(file)s: the workbook is damaged or no spreadsheet. Export it again.", file=file_name))
