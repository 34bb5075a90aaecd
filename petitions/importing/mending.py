"""Refused rows as a file in the form and the columns they came in, with a last column that says why.

It is mended and handed in again like any other: the column of reasons is none for the reader.
"""

import codecs
import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct
from app.core.canonical import canonical
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from petitions.importing.cells import clean
from petitions.importing.layout import Layout
from petitions.importing.paired import FormTable
from petitions.importing.said import Said
from petitions.intake import title_from
from petitions.models import ImportRow, ImportRun, ImportSecret
from petitions.tabular import LONGEST_CELL, apostrophed

REASON = "退回原因"
"""Above the reasons; every profile passes the column over (`ignored` in `profiles/common.toml`)."""

CHUNK = 500
_MOMENT = "yyyy-mm-dd hh:mm:ss"

Cells = list[Any]


def form_of(layout: Layout) -> dict[str, Any]:
    """What a file of the same form needs: its headings, and of a text table the encoding and delimiter.

    `number` and `title` are the places of these among the cells, the first being 0; of a file without titles
    the text stands for them.
    """
    text = layout.table.text_form()
    said = {"encoding": text.encoding, "delimiter": text.delimiter} if text else {}
    title = layout.places.get("title") or layout.places.get("body")
    return {
        "headings": _headings(layout),
        "is_form": isinstance(layout.table, FormTable),
        "number": layout.places["number"][0],
        "title": title[0] if title else None,
        **said,
    }


def cells_text(cells: Sequence[Any]) -> str:
    """The cells of a row as JSON, with the kind of those that are neither text nor number."""
    return canonical([_plain(cell) for cell in cells])


def number_of(run: ImportRun, cells: str) -> str | None:
    """The number that a refused row bears as it was written, given what `cells_text` made of it."""
    return _said_at(run, cells, "number") or None


def refused_said(run: ImportRun, cells: str) -> Said:
    """Which order a refused row is, as far as its cells say it, with the numbers of people masked."""
    title = title_from(_said_at(run, cells, "title"))
    return Said(number_of(run, cells), mask_numbers(title) or "—", None)


def has_rows_to_mend(run: ImportRun) -> bool:
    """Whether refused rows of a run that has ended are still kept, other than those a person left out."""
    is_kept = run.kept_until is not None and run.form is not None
    return is_kept and run.refused > run.marked.get("left_out", 0)


def suffix_of(run: ImportRun) -> str:
    """How the name of the file ends."""
    return "csv" if run.form and "encoding" in run.form else "xlsx"


def write_refused(session: Session, run: ImportRun, stream: IO[bytes], *, actor: Actor, now: datetime) -> int:
    """Write the refused rows of `run` and into the log who took them; returns how many there are.

    Raises NotFound where none are kept.
    """
    if not has_rows_to_mend(run) or run.form is None:
        raise NotFound(_("No refused rows of this import are kept any more."))
    if "encoding" in run.form:
        written = _write_text(run.form, _refused(session, run), stream)
    else:
        written = _write_book(run.form, _refused(session, run), stream)
    detail = {"import": run.id, "rows": written}
    account_log.write(session, AccountAct.CASES_EXPORTED, user_id=None, actor=actor, now=now, detail=detail)
    return written


def _headings(layout: Layout) -> list[str]:
    """As they are written in the file; where they are in no one row, as they are read."""
    if not layout.row:
        return list(layout.headings)
    return next([clean(cell) for cell in cells] for row, cells in layout.table.rows() if row == layout.row)


def _refused(session: Session, run: ImportRun) -> Iterator[tuple[Cells, str]]:
    query = (
        select(ImportSecret.cells, ImportRow.reason)
        .join(ImportRow, (ImportRow.run_id == ImportSecret.run_id) & (ImportRow.row == ImportSecret.row))
        .where(ImportSecret.run_id == run.id, ImportSecret.cells.is_not(None))
        .order_by(ImportSecret.row)
    )
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        yield [_cell(said) for said in json.loads(row.cells or "[]")], row.reason or ""


def _columns(headings: Sequence[str]) -> list[int]:
    """The columns without that of the reasons why the rows were refused before."""
    return [at for at, heading in enumerate(headings) if heading != REASON]


def _said_at(run: ImportRun, cells: str, role: str) -> str:
    at = run.form.get(role) if run.form else None
    cell = None if at is None else _cell(_at(json.loads(cells), at))
    return "" if cell is None else clean(cell)


def _at(cells: Cells, at: int) -> Any:
    return cells[at] if at < len(cells) else ""


def _write_text(form: dict[str, Any], rows: Iterator[tuple[Cells, str]], stream: IO[bytes]) -> int:
    writer = csv.writer(codecs.getwriter(form["encoding"])(stream), delimiter=form["delimiter"])
    columns = _columns(form["headings"])
    writer.writerow([apostrophed(text) for text in (*(form["headings"][at] for at in columns), REASON)])
    written = 0
    for cells, reason in rows:
        writer.writerow([apostrophed(text) for text in (*(str(_at(cells, at)) for at in columns), reason)])
        written += 1
    return written


def _write_book(form: dict[str, Any], rows: Iterator[tuple[Cells, str]], stream: IO[bytes]) -> int:
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": folder})
        try:
            written = (_fill_forms if form["is_form"] else _fill_table)(book, form["headings"], rows)
            book.close()
        finally:
            for sheet in book.worksheets():
                with suppress(OSError, AttributeError):
                    sheet.row_data_fh.close()
    return written


def _fill_table(book: Any, headings: Sequence[str], rows: Iterator[tuple[Cells, str]]) -> int:
    sheet, moment, columns = (
        book.add_worksheet(),
        book.add_format({"num_format": _MOMENT}),
        _columns(headings),
    )
    for place, text in enumerate([*(headings[at] for at in columns), REASON]):
        sheet.write_string(0, place, text)
    written = 0
    for cells, reason in rows:
        written += 1
        for place, cell in enumerate([*(_at(cells, at) for at in columns), reason]):
            _put(sheet, written, place, cell, moment)
    return written


def _fill_forms(book: Any, headings: Sequence[str], rows: Iterator[tuple[Cells, str]]) -> int:
    """One order to a sheet, each label with its value beside it."""
    moment = book.add_format({"num_format": _MOMENT})
    written = 0
    for cells, reason in rows:
        written += 1
        sheet = book.add_worksheet(str(written))
        for at, (label, cell) in enumerate([*zip(headings, cells, strict=False), (REASON, reason)]):
            sheet.write_string(at, 0, label)
            _put(sheet, at, 1, cell, moment)
    return written


def _put(sheet: Any, row: int, column: int, cell: Any, moment: Any) -> None:
    """Every text is written as text, so that no cell becomes a formula."""
    if isinstance(cell, datetime) and cell.year >= 1900:  # a workbook's first year
        sheet.write_datetime(row, column, cell, moment)
    elif isinstance(cell, int | float):
        sheet.write(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST_CELL])


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"moment": datetime.combine(cell, time()).isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _cell(said: Any) -> Any:
    return datetime.fromisoformat(said["moment"]) if isinstance(said, dict) else said
