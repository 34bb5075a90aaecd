"""What the sheets of an ODS file hold, told from its XML, where rows and cells may be repeated."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from petitions.importing.survey import Survey

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE = f"{_NAMESPACE}table:1.0 ", f"{_NAMESPACE}office:1.0 "
_FAILED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_SPANNED_ROWS, _SPANNED_COLUMNS = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_REPEATED_ROWS, _REPEATED_COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Whether the archive says that it is a sheet of the open document format."""
    return "mimetype" in archive.namelist() and archive.read("mimetype").strip() == MIMETYPE


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether its content can be read with a password only."""
    return _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST)


def survey_tables(archive: zipfile.ZipFile) -> list[Survey]:
    """The survey of each sheet in their order; raises ExpatError or KeyError for what is damaged."""
    scan = _Scan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.characters
    parser.StartDoctypeDeclHandler = _refuse
    with archive.open(_CONTENT) as stream:
        parser.ParseFile(stream)
    return scan.surveys


def _refuse(*_given: Any) -> None:
    # Only entities would need one, and a few of them can stand for gigabytes.
    raise zipfile.BadZipFile(_CONTENT)


@dataclass(slots=True)
class _Scan:
    surveys: list[Survey] = field(default_factory=list)
    now: Survey = field(default_factory=Survey)
    row: int = 0
    column: int = 0
    last: int = 0
    widest: int = 0
    texts: int = 0
    length: int = 0
    is_filled: bool = False
    tall: int = 1
    wide: int = 1

    def start(self, name: str, given: Mapping[str, str]) -> None:
        if name in _CELLS:
            self._open_cell(given)
        elif name == f"{_TABLE}table-row":
            self.column = self.texts = self.last = 0
            self.tall = _number(given, _REPEATED_ROWS)
        elif name == f"{_TABLE}table":
            self.now = Survey()
            self.surveys.append(self.now)
            self.row = self.widest = 0

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._close_cell()
        elif name == f"{_TABLE}table-row":
            self._close_row()

    def characters(self, text: str) -> None:
        self.length += len(text)

    def _open_cell(self, given: Mapping[str, str]) -> None:
        self.wide, self.length = _number(given, _REPEATED_COLUMNS), 0
        self.is_filled = f"{_OFFICE}value-type" in given
        if given.get(_FAILED) == "error":
            self.now.add_error(self.row, self.column)
        rows, columns = _number(given, _SPANNED_ROWS), _number(given, _SPANNED_COLUMNS)
        if rows * columns > 1:
            self.now.merges.append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def _close_cell(self) -> None:
        self.column += self.wide
        if self.is_filled or self.length:
            self.last = self.column
            self.texts += self.length * self.wide

    def _close_row(self) -> None:
        self.row += self.tall
        self.widest = max(self.widest, self.last)
        if self.last:
            self.now.cells = self.row * self.widest
            self.now.text += self.texts * self.tall


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "1")
    return max(int(text), 1) if text.isdecimal() else 1
