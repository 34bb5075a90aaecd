"""What every step of a screening shares: who may take it, and the event that keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict, Forbidden
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from petitions.screening.models import Screening, ScreeningEvent
from petitions.screening.vocabulary import ScreeningAct


def demand(actor: Actor, permission: Permission, unit_id: int) -> None:
    """Raise Forbidden where the actor holds no role with the permission over the unit."""
    actor.demand(permission)
    if not actor.may(permission, unit_id):
        raise Forbidden(_("This unit lies outside your area."))


def demand_open(screening: Screening) -> None:
    """Raise Conflict where the round is closed: its coverage stays as it is."""
    if screening.closed_at is not None:
        raise Conflict(_("The round is closed."))


def write(
    session: Session,
    screening: Screening,
    act: ScreeningAct,
    *,
    grid_id: int | None = None,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Append one event; a reason enters it without telephone and identity numbers."""
    session.add(
        ScreeningEvent(
            screening_id=screening.id,
            grid_id=grid_id,
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            act=act,
            detail=dict(detail or {}),
            reason=mask_numbers(reason) if reason else None,
        )
    )
    session.flush()
