"""Screening rounds: opened with the list of grids they ask, reminded of once, closed with their coverage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.bulk import insert_rows
from app.core.clock import SHANGHAI, local_day, start_of
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.notices.models import Notice
from grid.tree import Node, Tree
from grid.vocabulary import Tier
from petitions.screening.history import demand, demand_open, write
from petitions.screening.models import Screening, ScreeningGrid
from petitions.screening.tallies import tally
from petitions.screening.vocabulary import ScreeningAct

REMINDER = time(9)
REMIND_DAYS = 1
"""The reminder comes in the morning of the day before the last, or of the last: a local default."""

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Order:
    """What a round looks for and when; both days are served."""

    title: str
    instruction: str
    first_day: date
    last_day: date


def open_round(
    session: Session,
    order: Order,
    tree: Tree,
    *,
    unit_id: int,
    key: str | None = None,
    actor: Actor,
    now: datetime,
) -> Screening:
    """Ask every grid of `unit_id`, a street or community, and tell each.

    Raises Invalid naming the field at fault, Forbidden where the unit is not the actor's to ask.
    """
    demand(actor, Permission.SCREENING_MANAGE, unit_id)
    grids = _grids(tree, unit_id)
    _check(order, grids, now)
    screening = Screening(
        street_id=tree.places(unit_id)[Tier.STREET],
        unit_id=unit_id,
        title=order.title,
        instruction=order.instruction,
        first_day=order.first_day,
        last_day=order.last_day,
        opened_at=now,
        remind_at=remind_at(order, now),
        key=key,
    )
    session.add(screening)
    session.flush()
    asked = [
        {"screening_id": screening.id, "grid_id": node.id, "community_id": node.parent_id} for node in grids
    ]
    insert_rows(session, ScreeningGrid, asked)
    _tell(session, screening, "screening_open", [node.id for node in grids], now)
    detail = {
        "unit": tree[unit_id].code,
        "grids": len(grids),
        "first_day": order.first_day.isoformat(),
        "last_day": order.last_day.isoformat(),
    }
    write(session, screening, ScreeningAct.OPEN, actor=actor, now=now, detail=detail)
    return screening


def remind_at(order: Order, now: datetime) -> datetime | None:
    """When the grids are told once more: in the morning, after the opening, before the end; or never."""
    mornings = (
        datetime.combine(order.last_day - timedelta(days=days), REMINDER, SHANGHAI)
        for days in range(REMIND_DAYS, -1, -1)
    )
    told_first = max(now, start_of(order.first_day))
    return next((at for at in mornings if at > told_first), None)


def lock_due(session: Session, now: datetime) -> Screening | None:
    """The round whose reminder has waited longest, locked; a round that has ended reminds of nothing."""
    due = (
        Screening.remind_at <= now,
        Screening.last_day >= local_day(now),
        Screening.reminded_at.is_(None),
        Screening.closed_at.is_(None),
    )
    query = select(Screening).where(*due).order_by(Screening.remind_at, Screening.id).limit(1)
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalar(query)


def remind(session: Session, screening: Screening, *, actor: Actor, now: datetime) -> int:
    """Tell the grids that have not answered, once; returns how many were told."""
    owing = select(ScreeningGrid.grid_id).where(
        ScreeningGrid.screening_id == screening.id, ScreeningGrid.answered_at.is_(None)
    )
    grids = list(session.scalars(owing))
    screening.reminded_at = now
    _tell(session, screening, "screening_due", grids, now)
    write(session, screening, ScreeningAct.REMIND, actor=actor, now=now, detail={"grids": len(grids)})
    return len(grids)


def close_round(session: Session, screening: Screening, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take no more answers; the coverage is kept with the event. Before the last day is over, say why."""
    demand(actor, Permission.SCREENING_MANAGE, screening.unit_id)
    demand_open(screening)
    if local_day(now) <= screening.last_day and not reason.strip():
        why = _("The last day is not over. Say why the round is closed now.")
        raise Invalid(why, fields={"reason": why})
    screening.closed_at = now
    counts = tally(session, screening.id).counts()
    said = reason.strip() or None
    write(session, screening, ScreeningAct.CLOSE, actor=actor, now=now, detail=counts, reason=said)


def _grids(tree: Tree, unit_id: int) -> list[Node]:
    grids = (node for node in tree.standing if node.tier is Tier.GRID)
    return [node for node in grids if any(above.id == unit_id for above in tree.line(node.id)[1:])]


def _check(order: Order, grids: list[Node], now: datetime) -> None:
    faults: dict[str, object] = {}
    if not grids:
        faults["unit"] = _("Choose a street or a community with grids.")
    if order.last_day < order.first_day:
        faults["last_day"] = _("The last day lies before the first.")
    elif order.last_day < local_day(now):
        faults["last_day"] = _("This day is past.")
    elif order.last_day - order.first_day > LONGEST:
        faults["last_day"] = _("A round lasts at most a year.")
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def _tell(session: Session, screening: Screening, kind: str, grids: Iterable[int], now: datetime) -> None:
    params = {
        "screening": screening.id,
        "title": screening.title,
        "last_day": screening.last_day.isoformat(),
    }
    rows = [{"unit_id": grid_id, "kind": kind, "params": params, "created_at": now} for grid_id in grids]
    insert_rows(session, Notice, rows)
