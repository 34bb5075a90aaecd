"""Files as an upstream would hand them over, and one way to bring them in."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.clock import SHANGHAI
from petitions.importing.export_file import open_export
from petitions.importing.requests import open_run, verdicts
from petitions.importing.run import run_import
from petitions.models import ImportRun

NOW = datetime(2020, 6, 2, 8, 30, tzinfo=SHANGHAI)

HEADINGS = (
    "工单编号",
    "来电时间",
    "受理渠道",
    "来电类别",
    "工单标题",
    "主要内容",
    "事发地",
    "市民称呼",
    "联系电话",
    "办理截止时间",
    "问题分类名称",
    "紧急程度",
)

_ORDER = {
    "来电时间": "2020-06-01 09:03:12",
    "受理渠道": "电话",
    "来电类别": "投诉",
    "工单标题": "路灯不亮",
    "主要内容": "楼下的路灯已经三天不亮。",
    "事发地": "甲街道迎春路3号",
    "市民称呼": "李四",
    "联系电话": "10000000001",
    "办理截止时间": "2020-06-10",
    "问题分类名称": "市政设施",
    "紧急程度": "普通",
}


def order(number: object = "4407200601090312001", **given: Any) -> list[Any]:
    """One row under `HEADINGS`."""
    cells = {"工单编号": number, **_ORDER, **given}
    return [cells[heading] for heading in HEADINGS]


def csv_file(
    rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8"
) -> bytes:
    """A comma-separated file."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with the given sheets; a cell keeps its type."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(at, column, cell, day)
                    else:
                        sheet.write(at, column, cell)
    return content.getvalue()


def stray_cell(place: str) -> bytes:
    """A workbook with one order, and one cell at `place` far away from it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, order())
        sheet.write(place, "x")
    return content.getvalue()


def bring_in(
    session: Session,
    street_id: int,
    content: bytes,
    *,
    profile: str | None = None,
    dry_run: bool = False,
    now: datetime = NOW,
    clock: Callable[[], datetime] | None = None,
) -> tuple[ImportRun, list[Any]]:
    """Import a file; the run and its verdicts in the file's order."""
    export = open_export(io.BytesIO(content), "orders", profile)
    run = open_run(session, export, street_id=street_id, dry_run=dry_run, actor=OPERATOR, now=now)
    for _step in run_import(session, run, export, actor=OPERATOR, clock=clock or (lambda: now)):
        session.flush()
    return run, list(session.execute(verdicts(run)))


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    """Rows, created, changed, unchanged, refused."""
    return run.rows, run.created, run.changed, run.unchanged, run.refused
