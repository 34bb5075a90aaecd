"""What lies on the desks at this moment: how much is open at each tier, and what is overdue and with whom.

A matter is overdue when one of its clocks has run out: the statutory or upstream one, or the holder's own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.models import Case
from petitions.queries import is_overdue, visible_cases
from petitions.vocabulary import CaseKind


@dataclass(frozen=True, slots=True)
class TierLoad:
    """The open matters that units of one tier hold."""

    tier: Tier
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """One overdue matter; `late` runs from its first clock that ran out, `held` from its last handover."""

    number: str
    title: str
    kind: CaseKind
    holder: str
    tier: Tier
    late: timedelta
    held: timedelta


def load_by_tier(session: Session, actor: Actor, now: datetime) -> list[TierLoad]:
    """Open and overdue matters in the actor's scope, grid first; tiers without one stand there with 0."""
    columns = Case.holder_tier, func.count(), func.count().filter(is_overdue(now))
    rows = session.execute(_open(actor).with_only_columns(*columns).group_by(Case.holder_tier))
    found = {tier: TierLoad(tier, open_, overdue) for tier, open_, overdue in rows}
    return [found.get(tier, TierLoad(tier, 0, 0)) for tier in (Tier.GRID, Tier.COMMUNITY, Tier.STREET)]


def longest_overdue(session: Session, actor: Actor, now: datetime, limit: int) -> list[Overdue]:
    """The overdue matters in the actor's scope, the latest first."""
    since = func.least(Case.due_at, Case.tier_due_at)
    columns = (Case.number, Case.title, Case.kind, Unit.name, Case.holder_tier, since, Case.tier_started_at)
    asked = (
        _open(actor)
        .join(Unit, Unit.id == Case.holder_id)
        .where(is_overdue(now))
        .with_only_columns(*columns, maintain_column_froms=True)
        .order_by(since, Case.id)
        .limit(limit)
    )
    return [
        Overdue(number, title, kind, holder, tier, now - ran_out, now - began)
        for number, title, kind, holder, tier, ran_out, began in session.execute(asked)
    ]


def _open(actor: Actor) -> Select[Case]:
    return visible_cases(actor).where(Case.ended_at.is_(None))
