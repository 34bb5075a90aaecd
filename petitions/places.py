"""Where a case lay at a moment: the row says where it lies now, its moves say where it lay before each.

Or where it would lie by the boundaries of today, whatever they were then: an ended case is never moved, so
its land may have come to another unit since.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from grid.models import Boundary, Revision, Unit
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier
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


class Drawn(StrEnum):
    """By which boundaries figures are told: those of their time, or those of today."""

    THEN = "then"
    NOW = "now"


PlaceBy = Callable[[Tier], ColumnElement[Any]]
"""The unit of a tier in which a case counts."""

LiesIn = Callable[[Tier, Sequence[int]], ColumnElement[bool]]


def place_at(tier: Tier, as_of: datetime) -> ColumnElement[Any]:
    """The unit of `tier` in which a case lay just before `as_of`; the street of a case never changes.

    Only a case that has moved since is looked up: its first move after the cut-off says where it was.
    """
    if tier is Tier.STREET:
        return PLACE[tier].expression
    return case((Case.moved_at >= as_of, _before(tier, as_of)), else_=PLACE[tier])


def by_boundaries(drawn: Drawn, as_of: datetime, tree: Tree) -> PlaceBy:
    """Where cases count: where they lay just before `as_of`, or by the boundaries that `tree` is of today."""
    if drawn is Drawn.THEN:
        return lambda tier: place_at(tier, as_of)
    return lambda tier: _drawn_now(tier, tree)


def _drawn_now(tier: Tier, tree: Tree) -> ColumnElement[Any]:
    """By the point where one is known and no person named the unit, else by who got the unit's land.

    What is known of no grid stays where it was left: the boundaries say no more than the words did.
    """
    ended = [node for node in tree.nodes.values() if node.is_ended]
    heirs = [(Case.grid_id == node.id, tree.places(tree.successor(node.id)).get(tier)) for node in ended]
    given = [(is_in, null() if heir is None else heir) for is_in, heir in heirs]
    kept = case(*given, else_=PLACE[tier]) if given else PLACE[tier]
    newest = (Revision.street_id, Revision.published_at.desc(), Revision.id.desc())
    in_force = select(Revision.id).ext(distinct_on(Revision.street_id)).order_by(*newest)
    covering = (
        select(Boundary.unit_id)
        .join(Unit, Unit.id == Boundary.unit_id)
        .where(
            Unit.tier == tier,
            Boundary.revision_id.in_(in_force),
            func.ST_Intersects(Boundary.outline, Case.point),
        )
        # On a border a case stays with the unit that it is of.
        .order_by((Unit.id == PLACE[tier]).desc(), Unit.code)
        .limit(1)
        .scalar_subquery()
    )
    stands = Case.grid_id.not_in([node.id for node in ended])
    is_told = (
        Case.grid_id.is_(None) | Case.point.is_(None) | (stands & (Case.route_method == RouteMethod.UNIT))
    )
    return case((is_told, kept), else_=func.coalesce(covering, kept))


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
