"""A file as tables of rows, whatever it is; told by its content, because names of files lie."""

from typing import BinaryIO

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.delimited import DelimitedTable
from petitions.importing.table import Table
from petitions.importing.workbook import WORKBOOK_MARKS, open_sheets

BEGINNING = 4 << 20
"""Bytes of a text table from which a person is shown what its columns are: some thousands of rows."""


def open_tables(stream: BinaryIO, file_name: str, *, beginning: bool = False) -> list[Table]:
    """The tables of a file that hold anything; raises Invalid for what is empty, damaged or no table.

    Only the `beginning` of a text table is read where that is enough; a workbook is always unpacked as a
    whole, because its rows cannot be reached otherwise.
    """
    stream.seek(0)
    start = stream.read(8)
    if not start:
        raise Invalid(_("%(file)s: the file is empty.", file=file_name))
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise Invalid(
            _(
                "%(file)s: this is a web page under the name of a spreadsheet. Open it in a spreadsheet"
                " program and save it as XLSX.",
                file=file_name,
            )
        )
    tables: list[Table] = []
    if start.startswith(WORKBOOK_MARKS):
        tables.extend(open_sheets(stream, file_name))
    else:
        tables.append(DelimitedTable(stream, file_name, BEGINNING if beginning else None))
    filled = [table for table in tables if table.size]
    if not filled:
        raise Invalid(_("%(file)s: no sheet holds any row.", file=file_name))
    return filled
