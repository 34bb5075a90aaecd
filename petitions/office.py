"""What the verbs look things up in: the units of a street, the working calendar, how long a tier may keep."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from app.core.calendar_store import load_calendar
from grid.tree import Tree, load_tree
from petitions.rules.tier_limits import TierLimits


@dataclass(frozen=True, slots=True)
class Office:
    """A street's rules at one moment, loaded once for a transaction and passed to every verb in it."""

    tree: Tree
    calendar: WorkingCalendar
    limits: TierLimits


def load_office(session: Session, units: Iterable[int] | None = None) -> Office:
    """The office of the whole streets that `units` belong to, or of every street."""
    return Office(load_tree(session, units), load_calendar(session), TierLimits.shipped())
