"""Where a case lay at a moment: the row says where it lies now, its moves say where it lay before each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from grid.vocabulary import Tier
from petitions.models import Case, CaseMove

PLACE: dict[Tier, InstrumentedAttribute[Any]] = {
    Tier.STREET: Case.street_id,
    Tier.COMMUNITY: Case.community_id,
    Tier.GRID: Case.grid_id,
}
_BEFORE: dict[Tier, InstrumentedAttribute[Any]] = {
    Tier.COMMUNITY: CaseMove.community_id,
    Tier.GRID: CaseMove.grid_id,
}

LiesIn = Callable[[Tier, Sequence[int]], ColumnElement[bool]]


def place_at(tier: Tier, as_of: datetime) -> ColumnElement[Any]:
    """The unit of `tier` in which a case lay just before `as_of`; the street of a case never changes.

    Only a case that has moved since is looked up: its first move after the cut-off says where it was.
    """
    if tier is Tier.STREET:
        return PLACE[tier].expression
    return case((Case.moved_at >= as_of, _before(tier, as_of)), else_=PLACE[tier])


def lies_now(tier: Tier, units: Sequence[int]) -> ColumnElement[bool]:
    """Whether a case lies in one of the units of `tier`."""
    return PLACE[tier].in_(sorted(units))


def lay_at(as_of: datetime) -> LiesIn:
    """Whether a case lay in one of the units just before `as_of`, so written that indexes answer."""

    def lies_in(tier: Tier, units: Sequence[int]) -> ColumnElement[bool]:
        if tier is Tier.STREET:
            return lies_now(tier, units)
        stayed = or_(Case.moved_at.is_(None), Case.moved_at < as_of)
        return or_(
            and_(lies_now(tier, units), stayed),
            and_(Case.moved_at >= as_of, _before(tier, as_of).in_(sorted(units))),
        )

    return lies_in


def _before(tier: Tier, as_of: datetime) -> Any:
    return (
        select(_BEFORE[tier])
        .where(CaseMove.case_id == Case.id, CaseMove.moved_at >= as_of)
        .order_by(CaseMove.moved_at, CaseMove.id)
        .limit(1)
        .scalar_subquery()
    )
