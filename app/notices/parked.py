"""Deliveries that were tried for the last time: shown with what was wrong, and sent again by hand."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Permission
from app.core.pages import PAGE_SIZE, Page, clamped
from app.notices.models import Delivery, Receiver
from app.notices.vocabulary import DeliveryState


def list_parked(session: Session, number: int, *, actor: Actor) -> Page:
    """A page of (delivery, receiver, the person whose mailbox it is), the latest first.

    It names no case: whoever looks after channels sees none.
    """
    actor.demand(Permission.CHANNELS_MANAGE)
    total = count_parked(session)
    number = clamped(number, total)
    query = (
        select(Delivery, Receiver, User)
        .join(Receiver, Receiver.id == Delivery.receiver_id)
        .outerjoin(User, User.id == Receiver.user_id)
        .where(Delivery.state == DeliveryState.PARKED)
        .order_by(Delivery.settled_at.desc(), Delivery.id.desc())
    )
    rows = session.execute(query.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(rows, total, number)


def count_parked(session: Session) -> int:
    """How many deliveries wait for a person."""
    query = select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.PARKED)
    return session.scalar(query) or 0


def send_again(session: Session, delivery_id: int | None, *, actor: Actor, now: datetime) -> int:
    """Have a parked delivery, or all of them, sent anew with all its tries; returns how many.

    What is not urgent still waits for office hours. What goes to a channel that is turned off stays parked.
    """
    actor.demand(Permission.CHANNELS_MANAGE)
    open_ones = select(Receiver.id).where(Receiver.is_on)
    statement = update(Delivery).where(
        Delivery.state == DeliveryState.PARKED, Delivery.receiver_id.in_(open_ones)
    )
    if delivery_id is not None:
        statement = statement.where(Delivery.id == delivery_id)
    anew = {"state": DeliveryState.WAITING, "attempts": 0, "next_at": now, "settled_at": None}
    return len(session.execute(statement.values(anew).returning(Delivery.id)).all())
