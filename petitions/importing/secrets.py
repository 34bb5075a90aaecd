"""What is kept sealed beside the verdicts of a run, for a while only."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions.models import ImportRun, ImportSecret


def differences_of(session: Session, run: ImportRun, rows: Collection[int]) -> dict[int, str]:
    """What changed from what in each of the rows that say so and are not forgotten yet, in clear."""
    return _secrets_of(session, run, rows, ImportSecret.difference)


def said_of(session: Session, run: ImportRun, rows: Collection[int]) -> dict[int, str]:
    """Which order each row of a dry run is that has no case, as far as it is not forgotten yet, in clear."""
    return _secrets_of(session, run, rows, ImportSecret.said)


def cells_of(session: Session, run: ImportRun, rows: Collection[int]) -> dict[int, str]:
    """The cells of each of the refused rows that are not forgotten yet, as JSON in clear."""
    return _secrets_of(session, run, rows, ImportSecret.cells)


def _secrets_of(
    session: Session, run: ImportRun, rows: Collection[int], column: InstrumentedAttribute[str | None]
) -> dict[int, str]:
    if not rows:
        return {}
    query = select(ImportSecret.row, column).where(
        ImportSecret.run_id == run.id, ImportSecret.row.in_(rows), column.is_not(None)
    )
    return {row: text for row, text in session.execute(query) if text}
