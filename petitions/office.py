"""What the verbs look things up in: the units of a street, the working calendar, how long a tier may keep."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from app.core.calendar_store import load_calendar
from grid.tree import Tree, load_tree
from grid.vocabulary import Tier
from petitions.policies import Policies, load_policies


@dataclass(frozen=True, slots=True)
class Office:
    """A street's rules, loaded once for a transaction and passed to every verb in it."""

    tree: Tree
    calendar: WorkingCalendar
    policies: Policies


def load_office(session: Session, units: Iterable[int] | None = None) -> Office:
    """The office of the whole streets that `units` belong to, or of every street."""
    tree = load_tree(session, units)
    streets = (node.id for node in tree.nodes.values() if node.tier is Tier.STREET)
    return Office(tree, load_calendar(session), load_policies(session, streets))
