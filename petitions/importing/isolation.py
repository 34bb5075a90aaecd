"""Rows done together where they can be, and apart where one of them fails in a way that nobody foresaw."""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.core.logs import kind_and_place
from petitions.importing.fault import unexpected
from petitions.importing.outcome import Outcome, Verdict

_log = logging.getLogger(__name__)


class Numbered(Protocol):
    """Something of one row of the file."""

    @property
    def row(self) -> int:
        """The row's number there."""


Item = TypeVar("Item", bound=Numbered)


def isolated(
    session: Session, items: Sequence[Item], work: Callable[[Session, Sequence[Item]], list[Outcome]]
) -> list[Outcome]:
    """The outcomes of `work` on all `items`; where it fails, on each half, so that only the rows at fault are
    refused and nothing of them is kept.

    Raises what concerns no row: a lost database, a deadlock, a statement that was cancelled.
    """
    if not items:
        return []
    try:
        with session.begin_nested():
            return work(session, items)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError):
            raise
        if len(items) == 1:
            return [refused(items[0].row, error)]
    middle = len(items) // 2
    return isolated(session, items[:middle], work) + isolated(session, items[middle:], work)


def refused(row: int, error: Exception) -> Outcome:
    """The verdict on a row at which the program failed; the log has its kind and place."""
    _log.error("row %d of an import failed: %s", row, kind_and_place(error))
    return Outcome(row, Verdict.REFUSED, reason=str(unexpected()))
