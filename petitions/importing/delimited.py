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
    """One text file. Opening it reads it through once, so that a damaged end changes nothing later.

    With `most` only so many bytes are read; the row that stands there last may be cut, and is left out.
    """

    def __init__(self, stream: BinaryIO, file_name: str, most: int | None = None) -> None:
        self.name = file_name
        self._stream, self._is_cut = (stream, False) if most is None else _beginning(stream, most)
        self._encoding = detect(self._stream, file_name, is_cut=self._is_cut)
        self._delimiter = self._choose_delimiter()
        self.size = 0
        for number, cells in self.rows():
            if any(cell.strip() for cell in cells):
                self.size = number

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with its number as a spreadsheet counts it; raises Invalid where quoting breaks."""
        records = self._records()
        if not self._is_cut:
            yield from records
            return
        waiting = next(records, None)
        for record in records:
            if waiting is not None:
                yield waiting
            waiting = record

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline="", errors=self._errors)
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        number = 0
        try:
            for cells in reader:
                number += 1
                yield number, cells
        except csv.Error as error:
            # What is cut may end within quotation marks.
            if self._is_cut and "unexpected end" in str(error):
                yield number + 1, []
                return
            # The reader tells its two kinds of error apart by nothing but their words.
            raise (self._oversized if "field limit" in str(error) else self._broken)(number + 1) from None
        finally:
            # Whoever stops half-way may have closed the file before this is collected.
            if not self._stream.closed:
                text.detach()

    def text_form(self) -> TextForm:
        """The encoding and the delimiter that were found."""
        return TextForm(self._encoding, self._delimiter)

    @property
    def _errors(self) -> str:
        """What is cut may end within a character, of which something else is made; its row is left out."""
        return "replace" if self._is_cut else "strict"

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
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline=None, errors=self._errors)
        try:
            lines = [line for line in islice(text, SEARCHED) if line.strip()]
        finally:
            # Whoever stops half-way may have closed the file before this is collected.
            if not self._stream.closed:
                text.detach()
        # A title may stand above the headings; only a table parts three cells in one line.
        heads = next((line for line in lines if max(map(line.count, DELIMITERS)) > 1), "".join(lines[:1]))
        return max(DELIMITERS, key=heads.count)


def _beginning(stream: BinaryIO, most: int) -> tuple[BinaryIO, bool]:
    """The first bytes of the stream, and whether more follow."""
    stream.seek(0)
    found = stream.read(most + 1)
    return io.BytesIO(found[:most]), len(found) > most
