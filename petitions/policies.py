"""The escalation policy of a street: its own versions of single cells over the defaults that are shipped.

A cell is a kind, an urgency and a tier. Versions are only ever added. The one in force at a moment is the
last that has begun by then, so of one cell never two are in force at once; the database refuses two that
begin at one moment, and one that begins before it was made.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.auth.vocabulary import Role
from app.core.clock import local_day
from app.core.db import Base
from app.core.types import Key, Moment, vocabulary
from grid.models import Posting, Unit
from grid.vocabulary import Tier
from petitions.rules.tier_limits import TierLimit, TierLimits
from petitions.vocabulary import CaseKind, Urgency

MAX_HOURS = 390
"""The longest limit of a tier, in working hours: sixty working days. A local default, not law."""

TIERS = (Tier.GRID, Tier.COMMUNITY)
"""The tiers that a policy is about; the street is the last and keeps what has come up to it."""

Cell = tuple[int, CaseKind, Urgency, Tier]
"""Street, kind, urgency and tier."""


class Held(Protocol):
    """A case, or what a page knows of it."""

    street_id: int
    kind: CaseKind
    urgency: Urgency
    holder_tier: Tier


def cell_of(case: Held) -> Cell:
    """The cell by which the holder's clock of `case` runs."""
    return case.street_id, case.kind, case.urgency, case.holder_tier


class TierPolicy(Base):
    """One version of one cell of a street's policy, in force from a moment until the next version's.

    `limit_hours` are working hours, 0 at once, null no limit. With `is_default` the cell follows the shipped
    default again, and the other columns say nothing. Never changed, never deleted.
    """

    __tablename__ = "tier_policies"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[CaseKind] = mapped_column(vocabulary(CaseKind))
    urgency: Mapped[Urgency] = mapped_column(vocabulary(Urgency))
    tier: Mapped[Tier] = mapped_column(vocabulary(Tier))
    is_default: Mapped[bool] = mapped_column(server_default="false")
    limit_hours: Mapped[int | None]
    warn_before_hours: Mapped[int] = mapped_column(server_default="0")
    tell_above: Mapped[bool] = mapped_column(server_default="false")
    tell_role: Mapped[Role | None] = mapped_column(vocabulary(Role))
    in_force_from: Mapped[Moment]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("street_id", "kind", "urgency", "tier", "in_force_from"),
        CheckConstraint("tier <> 'street'", name="below_street"),
        CheckConstraint("in_force_from >= made_at", name="not_backward"),
        CheckConstraint(f"limit_hours BETWEEN 0 AND {MAX_HOURS}", name="limit_sane"),
        CheckConstraint(
            "warn_before_hours = 0 OR (warn_before_hours > 0 AND limit_hours IS NOT NULL"
            " AND warn_before_hours < limit_hours)",
            name="warning_inside",
        ),
        CheckConstraint(
            "NOT is_default OR (limit_hours IS NULL AND warn_before_hours = 0"
            " AND NOT tell_above AND tell_role IS NULL)",
            name="default_whole",
        ),
    )

    @property
    def cell(self) -> Cell:
        """What it is a version of."""
        return self.street_id, self.kind, self.urgency, self.tier


class Policies:
    """The limits of some streets at every moment, and who is told beside the unit that gets a case."""

    def __init__(self, versions: Sequence[TierPolicy], postings: Sequence[Posting]) -> None:
        self._by_id = {version.id: version for version in versions}
        self._of_cell: dict[Cell, list[TierPolicy]] = defaultdict(list)
        for version in sorted(versions, key=_begins):
            self._of_cell[version.cell].append(version)
        self._postings = postings

    def version(self, cell: Cell, at: datetime) -> TierPolicy | None:
        """The street's version of the cell that is in force at `at`."""
        versions = self._of_cell.get(cell, [])
        begun = bisect_right(versions, at, key=_begins)
        return versions[begun - 1] if begun else None

    def limit(self, cell: Cell, at: datetime) -> TierLimit | None:
        """The limit in force at `at`: the street's own or the shipped one; None at the street's own tier."""
        return _limit(cell, self.version(cell, at))

    def coming(self, cell: Cell, at: datetime) -> TierPolicy | None:
        """The next version of the cell that begins after `at`."""
        return next((version for version in self._of_cell.get(cell, []) if version.in_force_from > at), None)

    def before(self, version: TierPolicy) -> TierPolicy | None:
        """The version that held when `version` began, or would have."""
        begun = [each for each in self._of_cell[version.cell] if each.in_force_from < version.in_force_from]
        return begun[-1] if begun else None

    def newest(self, cell: Cell) -> int:
        """The key of the version of the cell that was made last, 0 where there is none."""
        return max((version.id for version in self._of_cell.get(cell, [])), default=0)

    def of_street(self, street_id: int) -> list[TierPolicy]:
        """Every version of a street, the one that was made last first."""
        found = (version for version in self._by_id.values() if version.street_id == street_id)
        return sorted(found, key=lambda version: version.id, reverse=True)

    def by_id(self, cell: Cell, policy_id: int | None) -> TierLimit | None:
        """The limit by which a clock of this cell was counted, whatever is in force now."""
        return _limit(cell, self._by_id[policy_id] if policy_id else None)

    def serving(self, role: str, at: datetime) -> frozenset[int]:
        """The units where somebody serves in `role`, one that a version names, on the day of `at`."""
        day = local_day(at)
        return frozenset(each.unit_id for each in self._postings if each.role == role and day in each.days)


def load_policies(session: Session, street_ids: Iterable[int]) -> Policies:
    """Every version of the streets, with the postings to the roles that they name."""
    streets = sorted(street_ids)
    versions = session.scalars(select(TierPolicy).where(TierPolicy.street_id.in_(streets))).all()
    roles = {version.tell_role for version in versions if version.tell_role}
    if not roles:
        return Policies(versions, [])
    codes = select(Unit.street_code).where(Unit.id.in_(streets))
    postings = (
        select(Posting)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Posting.role.in_(roles), Unit.street_code.in_(codes))
    )
    return Policies(versions, session.scalars(postings).all())


def limit_of(version: TierPolicy) -> TierLimit:
    """What a version says, as the clocks take it."""
    shipped = TierLimits.shipped().get(version.kind, version.urgency, version.tier)
    if version.is_default:
        return replace(shipped, policy_id=version.id)
    return replace(
        shipped,
        limit_hours=version.limit_hours,
        warn_before_hours=version.warn_before_hours,
        source="policy of the street",
        is_own=True,
        tell_above=version.tell_above,
        tell_role=version.tell_role,
        policy_id=version.id,
    )


def _limit(cell: Cell, version: TierPolicy | None) -> TierLimit | None:
    _street_id, kind, urgency, tier = cell
    if tier is Tier.STREET:
        return None
    return limit_of(version) if version else TierLimits.shipped().get(kind, urgency, tier)


def _begins(version: TierPolicy) -> datetime:
    return version.in_force_from
