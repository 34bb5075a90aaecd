"""Whether the open matters add up: opening + in − out = closing, month by month.

Unlike the rate, which follows the matters of one period, this counts what lay on the desk: as there, an order
that was split is one matter, and of merged ones each is. A matter comes in
when it is registered or reopened and goes out when it ends, for whatever reason. Opening and closing are
counted apart from the flows between them, so a month whose books do not balance shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.auth.actor import Actor
from grid.tree import in_place_scope
from petitions.cohort import ending_at, is_whole
from petitions.models import Case, CaseEnding
from petitions.period import Period
from petitions.places import lies_now


@dataclass(frozen=True, slots=True)
class StockRow:
    """The open matters of one month."""

    month: str
    opening: int
    registered: int
    reopened: int
    ended: int
    closing: int

    @property
    def gap(self) -> int:
        """By how much the closing count differs from what the flows say; 0 where the books balance."""
        return self.closing - (self.opening + self.registered + self.reopened - self.ended)


def stock(session: Session, actor: Actor, period: Period, as_of: datetime) -> list[StockRow]:
    """The months of `period` in the actor's places, the last one only up to `as_of`."""
    if as_of <= period.starts_at:
        return []
    months = [month for month in period.months() if Period.month(month).starts_at < as_of]
    inner = [Period.month(month).starts_at for month in months[1:]]
    bounds = [period.starts_at, *inner, min(period.ends_at, as_of)]
    scope = and_(in_place_scope(session, actor, lies_now), is_whole())
    cases = select(*map(_open_at, bounds), *_within(Case.registered_at, bounds)).where(scope)
    counted = tuple(session.execute(cases).one())
    flows = select(*_within(CaseEnding.ended_at, bounds), *_within(CaseEnding.reopened_at, bounds))
    flowed = tuple(session.execute(flows.join(Case, Case.id == CaseEnding.case_id).where(scope)).one())
    open_at, registered = counted[: len(bounds)], counted[len(bounds) :]
    ended, reopened = flowed[: len(months)], flowed[len(months) :]
    return [
        StockRow(month, opening, came, back, left, closing)
        for month, (opening, closing), came, back, left in zip(
            months, pairwise(open_at), registered, reopened, ended, strict=True
        )
    ]


def _open_at(moment: datetime) -> ColumnElement[int]:
    return func.count().filter(Case.registered_at < moment, ending_at(moment).is_(None))


def _within(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    bounds: Sequence[datetime],
) -> list[ColumnElement[int]]:
    return [func.count().filter(column >= start, column < end) for start, end in pairwise(bounds)]
