"""The escalation policy of a street as people read it: every cell with its default, and every change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from grid.vocabulary import Tier
from petitions.policies import TIERS, Cell, Policies, TierPolicy, limit_of
from petitions.rules.tier_limits import TierLimit, TierLimits
from petitions.vocabulary import CaseKind, Urgency


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell: what holds at a moment, what was shipped, and the version that comes next, if one does."""

    cell: Cell
    limit: TierLimit
    shipped: TierLimit
    version: TierPolicy | None
    coming: TierPolicy | None

    @property
    def kind(self) -> CaseKind:
        """The kind of matter."""
        return self.cell[1]

    @property
    def urgency(self) -> Urgency:
        """Its urgency."""
        return self.cell[2]

    @property
    def tier(self) -> Tier:
        """The tier that may keep it so long."""
        return self.cell[3]


@dataclass(frozen=True, slots=True)
class Change:
    """One version with what it says and what held before it began."""

    version: TierPolicy
    before: TierLimit
    after: TierLimit


def cell_row(policies: Policies, cell: Cell, now: datetime) -> CellRow:
    """The cell at `now`; raises LookupError for the street's own tier, where no clock runs."""
    limit = policies.limit(cell, now)
    if limit is None:
        raise LookupError("the street keeps what has come up to it")
    shipped = TierLimits.shipped().get(*cell[1:])
    return CellRow(cell, limit, shipped, policies.version(cell, now), policies.coming(cell, now))


def cell_rows(policies: Policies, street_id: int, now: datetime) -> Iterator[CellRow]:
    """Every cell of the street at `now`: kind by kind, in each by urgency, in each the grid first."""
    for kind, urgency, tier in product(CaseKind, Urgency, TIERS):
        yield cell_row(policies, (street_id, kind, urgency, tier), now)


def changes(policies: Policies, street_id: int) -> Iterator[Change]:
    """Every version of the street, the one that was made last first."""
    for version in policies.of_street(street_id):
        earlier = policies.before(version)
        before = limit_of(earlier) if earlier else TierLimits.shipped().get(*version.cell[1:])
        yield Change(version, before, limit_of(version))
