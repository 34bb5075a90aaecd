"""The year's hotline export, as the upstream platform would hand it to the street: one XLSX file."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import xlsxwriter

from app.core.calendar import WorkingCalendar
from app.demo.matter import Intake
from app.demo.texts import kinds
from app.demo.vocabulary import words

_WRITTEN = "%Y-%m-%d %H:%M:%S"
_END_OF_DAY = time(23, 59, 59)


def export_header() -> list[str]:
    """The 25 headings, in their order."""
    return [heading for heading, _ in words("export")["columns"]]


def export_rows(intakes: Iterable[Intake], calendar: WorkingCalendar) -> Iterator[list[str]]:
    """One row of text for each online or hotline order; the street's own intakes are not in an export."""
    codes = {kind["code"]: f"{number:04d}" for number, kind in enumerate(kinds(), start=1)}
    fields = [field for _, field in words("export")["columns"]]
    for intake in intakes:
        if intake.online_and_hotline:
            row = _row(intake, codes, calendar)
            yield [row[field] for field in fields]


def write_export(intakes: Iterable[Intake], path: Path, calendar: WorkingCalendar) -> int:
    """Write the export and return its number of rows without the heading.

    Every cell is text: nineteen digits lose their end as a number. Rows go to disk one by one.
    """
    written = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(words("export")["sheet"])
        for column, heading in enumerate(export_header()):
            sheet.write_string(0, column, heading)
        for written, row in enumerate(export_rows(intakes, calendar), start=1):
            for column, value in enumerate(row):
                sheet.write_string(written, column, value)
    return written


def _row(intake: Intake, codes: dict[str, str], calendar: WorkingCalendar) -> dict[str, str]:
    text = words("export")
    longitude, latitude = intake.point or ("", "")
    return {
        **text["constants"],
        "source_number": intake.source_number,
        "received_at": intake.received_at.strftime(_WRITTEN),
        "source": intake.source,
        "order_type": text["order_type"][intake.order_type],
        "urgency": text["urgency"][intake.urgency],
        "category_code": codes[intake.category],
        "category": intake.category_label,
        "name": intake.person.name,
        "phone": intake.person.phone,
        "title": intake.title,
        "body": intake.body,
        "address": intake.address.text,
        "longitude": str(longitude),
        "latitude": str(latitude),
        "datum": text["datum"][intake.datum] if intake.datum else "",
        "dispatched_at": _dispatched(intake).strftime(_WRITTEN),
        **_due(intake, calendar),
    }


def _dispatched(intake: Intake) -> datetime:
    """The platform passes an order on some minutes after it was taken; the seconds say how many."""
    return intake.received_at + timedelta(minutes=3 + intake.received_at.second % 20)


def _due(intake: Intake, calendar: WorkingCalendar) -> dict[str, str]:
    if intake.upstream_due_on is None:
        return {"due_at": "", "limit": ""}
    day = timedelta(days=1)
    received = intake.received_at.date()
    days = calendar.working_days_between(received + day, intake.upstream_due_on + day)
    due = datetime.combine(intake.upstream_due_on, _END_OF_DAY)
    return {"due_at": due.strftime(_WRITTEN), "limit": words("export")["limit"]["pattern"].format(days=days)}
