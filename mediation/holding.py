"""Who held matters how long in a period, by tier and unit: where the time of late matters went.

Each span of each holder is cut to the period and charged to the unit that had the matter, whatever became
of it afterwards, so a unit that passes a matter on at the last moment keeps the time it had it. Time is
calendar time, nights and days off included. A matter ran over when its statutory or upstream limit, as it
stands today, passed before the matter ended or before the cut-off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CompoundSelect, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from app.auth.actor import Actor
from grid.models import Unit
from grid.tree import in_scope
from grid.vocabulary import Tier
from petitions.models import Case
from petitions.period import Period
from petitions.tenures import CaseTenure


@dataclass(frozen=True, slots=True)
class Holding:
    """What a unit, or with `unit` None a whole tier, held: matters and time, and of these the late ones."""

    tier: Tier
    code: str | None
    unit: str | None
    matters: int
    held: timedelta
    late_matters: int
    late_held: timedelta

    @property
    def average(self) -> timedelta:
        """How long it held a matter."""
        return self.held / self.matters if self.matters else timedelta()


def held_by_unit(session: Session, actor: Actor, period: Period, as_of: datetime) -> list[Holding]:
    """Tiers and units in the actor's scope that held anything in `period` before `as_of`, longest first."""
    end = min(period.ends_at, as_of)
    spans = _spans(actor, period.starts_at, max(period.starts_at, end)).subquery()
    length = spans.c.to_at - spans.c.from_at
    is_late = Case.due_at < func.least(func.coalesce(Case.ended_at, as_of), as_of)
    query = (
        select(
            Unit.tier,
            Unit.code,
            Unit.name,
            func.count(spans.c.case_id.distinct()),
            func.sum(length),
            func.count(spans.c.case_id.distinct()).filter(is_late),
            func.coalesce(func.sum(length).filter(is_late), timedelta()),
        )
        .join(spans, spans.c.unit_id == Unit.id)
        .join(Case, Case.id == spans.c.case_id)
        .where(length > timedelta())
        .group_by(func.grouping_sets(tuple_(Unit.tier), tuple_(Unit.tier, Unit.code, Unit.name)))
        .order_by(func.sum(length).desc(), Unit.code)
    )
    return [Holding(*row) for row in session.execute(query)]


def _spans(
    actor: Actor, start: datetime, end: datetime
) -> CompoundSelect[tuple[int, int, datetime, datetime]]:
    """Case, unit and the part of each span in [start, end): the spans that are over, and those that go on."""
    over = select(
        CaseTenure.case_id,
        CaseTenure.unit_id,
        func.greatest(CaseTenure.from_at, start).label("from_at"),
        func.least(CaseTenure.to_at, end).label("to_at"),
    ).where(in_scope(actor, CaseTenure.unit_id), CaseTenure.to_at > start, CaseTenure.from_at < end)
    going_on = select(Case.id, Case.holder_id, func.greatest(Case.held_since, start), literal(end)).where(
        in_scope(actor, Case.holder_id), Case.ended_at.is_(None), Case.held_since < end
    )
    if not actor.everywhere:
        # The open cases of a street have an index; those of a unit would be sought among all it ever held.
        unit = aliased(Unit)
        own = select(unit.street_code).where(unit.id.in_(sorted(actor.units)))
        streets = select(Unit.id).where(Unit.tier == Tier.STREET, Unit.street_code.in_(own))
        going_on = going_on.where(Case.street_id.in_(streets))
    return union_all(over, going_on)
