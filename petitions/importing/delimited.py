"""Text tables: comma, tab or semicolon, in UTF-8, UTF-16 or GB18030, a row at a time."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.table import Table, TextForm
from petitions.importing.text_encoding import detect

DELIMITERS = ",\t;"
SEARCHED = 20
"""Lines in which the delimiter is looked for, as are the headings."""


class DelimitedTable(Table):
    """One text file. Opening it reads it through once, so that a damaged end changes nothing later."""

    def __init__(self, stream: BinaryIO, file_name: str) -> None:
        self.name = file_name
        self._stream = stream
        self._encoding = detect(stream, file_name)
        self._delimiter = self._choose_delimiter()
        self.size = 0
        for number, cells in self.rows():
            if any(cell.strip() for cell in cells):
                self.size = number

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with its number as a spreadsheet counts it; raises Invalid where quoting breaks."""
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline="")
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        number = 0
        try:
            for cells in reader:
                number += 1
                yield number, cells
        except csv.Error as error:
            # The reader tells its two kinds of error apart by nothing but their words.
            raise (self._oversized if "field limit" in str(error) else self._broken)(number + 1) from None
        finally:
            text.detach()

    def text_form(self) -> TextForm:
        """The encoding and the delimiter that were found."""
        return TextForm(self._encoding, self._delimiter)

    def _broken(self, row: int) -> Invalid:
        return Invalid(
            _(
                "%(file)s, row %(row)s: a quotation mark is not closed or stands inside a cell."
                " Export the file again, or save it as XLSX.",
                file=self.name,
                row=row,
            )
        )

    def _oversized(self, row: int) -> Invalid:
        return Invalid(
            _(
                "%(file)s, row %(row)s: a cell holds more than %(limit)s characters. Shorten it, or look for"
                " a quotation mark that opens it and is never closed.",
                file=self.name,
                row=row,
                limit=f"{csv.field_size_limit():,}",
            )
        )

    def _choose_delimiter(self) -> str:
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline=None)
        try:
            lines = [line for line in islice(text, SEARCHED) if line.strip()]
        finally:
            text.detach()
        # A title may stand above the headings; only a table parts three cells in one line.
        heads = next((line for line in lines if max(map(line.count, DELIMITERS)) > 1), "".join(lines[:1]))
        return max(DELIMITERS, key=heads.count)
