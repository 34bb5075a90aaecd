"""The narrowed list of cases as a spreadsheet: the same rows in the same order, one for each case."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from app.core.errors import Invalid
from app.core.formats import moment
from app.core.i18n import lazy as _
from grid.labels import tier_label
from petitions.labels import label
from petitions.limits import case_light
from petitions.models import Case
from petitions.office import Office
from petitions.words import light_word, place_name

LAST_ROW = 1_048_576
"""A sheet holds no more rows than this."""

HEADINGS = (
    _("Case number"),
    _("Order number"),
    _("Kind"),
    _("Channel"),
    _("Urgency"),
    _("Title"),
    _("Where"),
    _("Holder"),
    _("Tier"),
    _("State"),
    _("Light"),
    _("Limit of this unit"),
    _("Limit of the whole case"),
    _("Received at"),
    _("Registered at"),
    _("Ending"),
    _("Ended"),
    _("times escalated"),
)


def write_cases(cases: Iterable[Case], stream: IO[bytes], office: Office, now: datetime) -> int:
    """Write `cases` as XLSX to `stream`; returns how many. Rows go to disk one by one.

    Every cell is text, so that nineteen digits keep their end and no title becomes a formula. Raises
    Invalid where a sheet cannot hold them all.
    """
    written = 0
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, str(heading))
        for written, case in enumerate(cases, start=1):
            if written == LAST_ROW:
                raise Invalid(_("More cases than a sheet can hold. Narrow the list first."))
            for column, value in enumerate(_row(case, office, now)):
                sheet.write_string(written, column, str(value))
    return written


def _row(case: Case, office: Office, now: datetime) -> list[Any]:
    tree, light = office.tree, case_light(case, now, office.calendar)
    return [
        case.number,
        case.source_number if case.source != "form" else "",
        label(case.kind),
        label(case.channel),
        label(case.urgency),
        case.title,
        place_name(tree, case.community_id, case.grid_id),
        tree[case.holder_id].name if case.holder_id in tree.nodes else "",
        tier_label(case.holder_tier),
        label(case.state),
        light_word(light),
        moment(case.tier_due_at) if case.tier_due_at else "",
        moment(case.due_at) if case.due_at else "",
        moment(case.received_at),
        moment(case.registered_at),
        label(case.ending) if case.ending else "",
        moment(case.ended_at) if case.ended_at else "",
        case.escalations,
    ]
