"""Which row of the same file an unchanged row says once more."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from petitions.importing.outcome import Verdict
from petitions.importing.said import read_said
from petitions.models import ImportRow, ImportRun, ImportSecret

MOST = 10_000
"""New rows of a trial among which the first of a number is looked for: each has to be unsealed."""


def said_before(session: Session, run: ImportRun, rows: Sequence[ImportRow]) -> dict[int, str]:
    """By unchanged row the first of its order in the file as a person finds it, where that is another row.

    In a trial an order that only the file knows has no case; it is found by what is sealed of it, as long as
    that is kept.
    """
    unchanged = [row for row in rows if row.verdict == Verdict.UNCHANGED]
    by_case = _firsts_by_case(session, run, {row.case_id for row in unchanged if row.case_id})
    firsts = {row.row: by_case[row.case_id] for row in unchanged if row.case_id}
    firsts |= _firsts_by_number(session, run, [row.row for row in unchanged if not row.case_id])
    firsts = {row: first for row, first in firsts.items() if first < row}
    places = _places(session, run, set(firsts.values()))
    return {row: places[first] for row, first in firsts.items()}


def _firsts_by_case(session: Session, run: ImportRun, case_ids: set[int]) -> Mapping[int | None, int]:
    if not case_ids:
        return {}
    query = (
        select(ImportRow.case_id, func.min(ImportRow.row).label("first"))
        .where(
            ImportRow.case_id.in_(case_ids),
            ImportRow.run_id == run.id,
            ImportRow.verdict != Verdict.REFUSED,
        )
        .group_by(ImportRow.case_id)
    )
    return {row.case_id: row.first for row in session.execute(query)}


def _firsts_by_number(session: Session, run: ImportRun, rows: Sequence[int]) -> dict[int, int]:
    if not rows:
        return {}
    query = (
        select(ImportSecret.row, ImportSecret.said)
        .where(ImportSecret.run_id == run.id, ImportSecret.said.is_not(None), ImportSecret.row <= max(rows))
        .order_by(ImportSecret.row)
        .limit(MOST)
    )
    numbers = {row: read_said(text).number for row, text in session.execute(query) if text}
    firsts: dict[str | None, int] = {}
    for row, number in numbers.items():
        firsts.setdefault(number, row)
    return {row: firsts[numbers[row]] for row in rows if row in numbers}


def _places(session: Session, run: ImportRun, rows: set[int]) -> dict[int, str]:
    if not rows:
        return {}
    query = select(ImportRow.row, ImportRow.place).where(ImportRow.run_id == run.id, ImportRow.row.in_(rows))
    return {row: place or str(row) for row, place in session.execute(query)}
