"""The one writer of days and bookings: an act is allowed, done and kept as an event, or none of the three."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers, vault
from petitions.models import Case
from petitions.reception.labels import reception_label
from petitions.reception.models import Booking, Reception, ReceptionEvent
from petitions.reception.states import next_state
from petitions.reception.vocabulary import ReceptionAct


def demand_desk(actor: Actor, street_id: int) -> None:
    """Raise Forbidden where the actor does not keep the receptions of the street."""
    actor.demand(Permission.RECEPTION_MANAGE)
    if not actor.may(Permission.RECEPTION_MANAGE, street_id):
        raise Forbidden(_("The receptions of this street are kept by another office."))


def demand_same_street(case: Case, reception: Reception) -> None:
    """Raise Invalid where a case that a visit is about belongs to another street."""
    if case.street_id != reception.street_id:
        elsewhere = _("The case belongs to another street.")
        raise Invalid(elsewhere, fields={"case": elsewhere})


def record(
    session: Session,
    subject: Reception | Booking,
    reception: Reception,
    act: ReceptionAct,
    *,
    actor: Actor,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Do `act` to a day or a booking on it, set `changes`, and append the event.

    Raises Forbidden where the street's receptions are not the actor's to keep, Conflict where its state does
    not allow the act. What the database refuses is told when the session is flushed.
    """
    demand_desk(actor, reception.street_id)
    changed = {"state": reached(subject.state, act), **(changes or {})}
    for name, value in changed.items():
        setattr(subject, name, value)
    write(session, subject, reception, act, actor=actor, now=now, detail=detail, reason=reason)


def write(
    session: Session,
    subject: Reception | Booking,
    reception: Reception,
    act: ReceptionAct,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Append one event; a reason enters it without telephone and identity numbers."""
    subject.event_count += 1
    session.add(
        ReceptionEvent(
            reception_id=reception.id,
            booking_id=subject.id if isinstance(subject, Booking) else None,
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            act=act,
            detail=dict(detail or {}),
            reason=mask_numbers(reason) if reason else None,
        )
    )


def reached(state: StrEnum, act: ReceptionAct) -> StrEnum:
    """The state after `act`; raises Conflict where there is none."""
    following = next_state(state, act)
    if following is None:
        raise Conflict(
            _(
                "%(act)s is not possible: this is %(state)s.",
                act=reception_label(act),
                state=reception_label(state),
            )
        )
    return following


def digest(text: str | None) -> str | None:
    """What an event keeps of a text that is personal: provable, but not readable."""
    return f"hmac:{vault().digest(text).hex()}" if text else None
