"""The hierarchy in memory, and the one predicate of scope: who may see what lies where."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.auth.actor import Actor
from grid.models import Unit, UnitEnd
from grid.vocabulary import Tier


@dataclass(frozen=True, slots=True)
class Node:
    """One unit as the rules see it; `heir_id` got the land of one that is there no more."""

    id: int
    tier: Tier
    code: str
    name: str
    parent_id: int | None
    is_ended: bool = False
    heir_id: int | None = None


class Tree:
    """The units of some streets, by id; small enough to load for each transaction."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.by_code = {node.code: node for node in self.nodes.values()}

    @property
    def standing(self) -> list[Node]:
        """The units that are still there, by code: those that something new may be given to."""
        found = (node for node in self.nodes.values() if not node.is_ended)
        return sorted(found, key=lambda node: node.code)

    def __getitem__(self, unit_id: int) -> Node:
        return self.nodes[unit_id]

    def parent(self, unit_id: int) -> Node | None:
        """The unit above, or None at a street."""
        above = self.nodes[unit_id].parent_id
        return None if above is None else self.nodes[above]

    def successor(self, unit_id: int) -> int:
        """The unit itself while it is there, else whoever got its land, else the unit above."""
        while (node := self.nodes[unit_id]).is_ended and node.parent_id is not None:
            unit_id = node.heir_id or node.parent_id
        return unit_id

    def line(self, unit_id: int) -> list[Node]:
        """The unit and those above it, nearest first."""
        found = [self.nodes[unit_id]]
        while (above := found[-1].parent_id) is not None:
            found.append(self.nodes[above])
        return found

    def places(self, unit_id: int) -> dict[Tier, int]:
        """The unit and those above it by tier."""
        return {node.tier: node.id for node in self.line(unit_id)}


def load_tree(session: Session, units: Iterable[int] | None = None) -> Tree:
    """The whole streets that `units` belong to, or every unit."""
    is_ended = UnitEnd.unit_id.is_not(None)
    query = select(Unit.id, Unit.tier, Unit.code, Unit.name, Unit.parent_id, is_ended, UnitEnd.heir_id)
    query = query.outerjoin(UnitEnd, UnitEnd.unit_id == Unit.id)
    if units is not None:
        wanted = aliased(Unit)
        streets = select(wanted.street_code).where(wanted.id.in_(set(units)))
        query = query.where(Unit.street_code.in_(streets))
    return Tree(Node(*row) for row in session.execute(query))


def in_scope(
    actor: Actor,
    *columns: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """The scope predicate: one of `columns` names a unit in the actor's reach.

    Everything that lists, counts, searches, maps or exports passes through here.
    """
    if actor.everywhere:
        return true()
    if not actor.reach:
        return false()
    reach = sorted(actor.reach)
    return or_(*(column.in_(reach) for column in columns))


def in_place_scope(
    session: Session, actor: Actor, lies_in: Callable[[Tier, Sequence[int]], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """`in_scope` for rows that carry their place at every tier: only the actor's topmost units are named.

    A person posted to a street is answered by the street's column alone, so that one index serves the
    figures; the longer predicate would scan one index for each tier.
    """
    at_top: ColumnElement[bool] = Unit.parent_id.is_(None)
    if not actor.everywhere:
        at_top = Unit.id.in_(actor.units) & (at_top | Unit.parent_id.not_in(actor.reach))
    named: dict[Tier, list[int]] = {}
    for tier, unit_id in session.execute(select(Unit.tier, Unit.id).where(at_top)):
        named.setdefault(tier, []).append(unit_id)
    return or_(false(), *(lies_in(tier, units) for tier, units in named.items()))
