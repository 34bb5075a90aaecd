"""What is kept sealed beside the verdicts of a run, for a while only."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.models import ImportRun, ImportSecret


def differences_of(session: Session, run: ImportRun, rows: Collection[int]) -> dict[int, str]:
    """What changed from what in each of the rows that say so and are not forgotten yet, in clear."""
    if not rows:
        return {}
    query = select(ImportSecret.row, ImportSecret.difference).where(
        ImportSecret.run_id == run.id, ImportSecret.row.in_(rows), ImportSecret.difference.is_not(None)
    )
    return {row.row: row.difference for row in session.execute(query) if row.difference}
