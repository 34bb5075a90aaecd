"""One table of cells as a file of every form that an upstream may send; a cell keeps its kind in each."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
import xlwt

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_DAY = "yyyy-mm-dd hh:mm:ss"


class Failed:
    """A cell whose formula has failed."""

    def __str__(self) -> str:
        return "#DIV/0!"


Cells = Sequence[Sequence[object]]


@dataclass
class Sheet:
    """Rows, the columns that are hidden, and merges as first row, first column, last row, last column."""

    rows: Cells
    hidden: Sequence[int] = ()
    merges: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)


def xlsx(sheets: Mapping[str, Sheet]) -> bytes:
    """As the spreadsheet programs of today write it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": _DAY})
        for name, given in sheets.items():
            sheet = book.add_worksheet(name)
            for first, left, last, right in given.merges:
                sheet.merge_range(first, left, last, right, "")
            for at, column, cell in _filled(given):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, day)
                elif isinstance(cell, Failed):
                    sheet.write_formula(at, column, "=1/0", None, str(cell))
                elif isinstance(cell, float):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, str(cell))
            for column in given.hidden:
                sheet.set_column(column, column, None, None, {"hidden": True})
    return content.getvalue()


def xls(sheets: Mapping[str, Sheet]) -> bytes:
    """As the spreadsheet programs of twenty years ago wrote it."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str=_DAY)
    for name, given in sheets.items():
        sheet = book.add_sheet(name)
        for first, left, last, right in given.merges:
            sheet.merge(first, last, left, right)
        for at, column, cell in _filled(given):
            if isinstance(cell, datetime):
                sheet.write(at, column, cell, day)
            elif isinstance(cell, Failed):
                sheet.row(at).set_cell_error(column, str(cell))
            else:
                sheet.write(at, column, cell)
        for column in given.hidden:
            sheet.col(column).hidden = True
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _filled(sheet: Sheet) -> Iterator[tuple[int, int, object]]:
    for at, cells in enumerate(sheet.rows):
        yield from ((at, column, cell) for column, cell in enumerate(cells) if cell != "")


def ods(sheets: Mapping[str, Sheet]) -> bytes:
    """As the free spreadsheet programs write it, with the blank rest of the sheet as one repeated row."""
    return ods_of("".join(_ods_sheet(name, given) for name, given in sheets.items()))


def ods_of(tables: str, manifest: str = "") -> bytes:
    """An ODS file with the given XML of its tables, and of its manifest."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS, zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} {_CALC}'
            f' office:version="1.2"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>{manifest}'
            "</manifest:manifest>",
        )
    return content.getvalue()


def _ods_sheet(name: str, given: Sheet) -> str:
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in given.merges}
    rows = [
        "".join(_ods_cell(cell, spans.get((at, column))) for column, cell in enumerate(cells))
        for at, cells in enumerate(given.rows)
    ]
    written = "".join(f"<table:table-row>{cells or _ods_cell('', None)}</table:table-row>" for cells in rows)
    rest = (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    return f"<table:table table:name={quoteattr(name)}>{written}{rest}</table:table>"


def _ods_cell(cell: object, span: tuple[int, int] | None) -> str:
    spanned = ""
    if span:
        spanned = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if cell == "":
        return f"<table:table-cell{spanned}/>"
    if isinstance(cell, Failed):
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    elif isinstance(cell, datetime):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, float):
        kind = f'office:value-type="float" office:value="{cell!r}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).splitlines())
    return f"<table:table-cell{spanned} {kind}>{lines}</table:table-cell>"


def text_of(encoding: str, delimiter: str) -> Callable[[Mapping[str, Sheet]], bytes]:
    """The first sheet as a text table."""

    def write(sheets: Mapping[str, Sheet]) -> bytes:
        (given,) = sheets.values()
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([_said(cell) for cell in row] for row in given.rows)
        return text.getvalue().encode(encoding)

    return write


def _said(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return f"{cell:.14G}" if isinstance(cell, float) else str(cell)


WORKBOOKS = {"xlsx": xlsx, "xls": xls, "ods": ods}
TEXTS = {
    "csv": text_of("utf-8", ","),
    "csv with a mark": text_of("utf-8-sig", ","),
    "csv in GB18030": text_of("gb18030", ","),
    "csv in UTF-16": text_of("utf-16", ","),
    "tsv": text_of("utf-8", "\t"),
    "tsv in GBK": text_of("gbk", "\t"),
}
FORMS: Mapping[str, Callable[[Mapping[str, Sheet]], bytes]] = {**WORKBOOKS, **TEXTS}
