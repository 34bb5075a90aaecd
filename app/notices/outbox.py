"""The outbox: what waits for a receiver goes out, in the order of each case, at least once.

A worker locks the receiver, so that one at a time speaks to it, sends one message, and marks in the same
transaction what the message carried. Killed between the two, or with the other side's answer lost on the
way, it leaves the notices waiting, and they are sent again: that is the only point at which a message is
sent twice, and nothing makes one be sent not at all.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.logs import kind_and_place
from app.notices.batch import Waiting, next_batch
from app.notices.couriers import Couriers
from app.notices.message import Item, Message, Told, Unrenderable, compose, in_words
from app.notices.models import Delivery, Notice, Receiver
from app.notices.planning import Serving
from app.notices.timing import SERVER_PAUSE, next_try
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import FINAL, OF_THE_SERVER, DeliveryState, Fault, ReceiverKind

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A receiver for which something is due, and its server."""

    receiver_id: int
    server: str


def due_receivers(
    session: Session, kinds: Collection[ReceiverKind], now: datetime, *, is_office_time: bool
) -> list[Due]:
    """The receivers for which something may go at `now`: those of urgent notices first, then by age."""
    due = select(
        Delivery.receiver_id,
        func.bool_or(Delivery.urgent).label("urgent"),
        func.min(Delivery.next_at).label("first"),
    ).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now)
    if not is_office_time:
        due = due.where(Delivery.urgent)
    found = due.group_by(Delivery.receiver_id).subquery()
    query = select(Receiver.id, Receiver.server).join(found, found.c.receiver_id == Receiver.id)
    query = query.where(_may_be_tried(kinds, now))
    rows = session.execute(query.order_by(found.c.urgent.desc(), found.c.first, Receiver.id))
    return [Due(*row) for row in rows]


def deliver_next(
    session: Session,
    receiver_id: int,
    couriers: Couriers,
    serving: Serving,
    *,
    now: datetime,
    is_office_time: bool,
) -> int:
    """Send one message to the receiver and mark what it carried; the edge commits.

    Returns how many deliveries were dealt with: sent, put off, parked or withdrawn. None are where another
    worker has the receiver or nothing may go at `now`.
    """
    receiver = _lock(session, receiver_id, couriers.kinds, now)
    if receiver is None:
        return 0
    waiting, withdrawn = _waiting(session, receiver, serving, now)
    batch = next_batch(waiting, now, is_office_time=is_office_time)
    dealt = _deliver(session, receiver, _told(session, batch), couriers, now) if batch else 0
    return dealt + withdrawn


def _lock(
    session: Session, receiver_id: int, kinds: Collection[ReceiverKind], now: datetime
) -> Receiver | None:
    query = select(Receiver).where(Receiver.id == receiver_id, _may_be_tried(kinds, now))
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalar(query)


def _may_be_tried(kinds: Collection[ReceiverKind], now: datetime) -> ColumnElement[bool]:
    rested = or_(Receiver.paused_until.is_(None), Receiver.paused_until <= now)
    return Receiver.is_on & Receiver.kind.in_(kinds) & rested


def _waiting(
    session: Session, receiver: Receiver, serving: Serving, now: datetime
) -> tuple[list[Waiting], int]:
    """What waits for the receiver; what a person who has left its unit would be told is withdrawn."""
    units = _units_of(session, receiver, serving)
    query = select(
        Delivery.id, Delivery.notice_id, Notice.case_id, Delivery.urgent, Delivery.attempts, Delivery.next_at
    ).join(Notice, Notice.id == Delivery.notice_id)
    query = query.where(Delivery.receiver_id == receiver.id, Delivery.state == DeliveryState.WAITING)
    if units is None:
        return [Waiting(*row) for row in session.execute(query)], 0
    foreign = session.scalars(query.where(Notice.unit_id.not_in(units))).all()
    _settle(session, foreign, DeliveryState.WITHDRAWN, now)
    return [Waiting(*row) for row in session.execute(query.where(Notice.unit_id.in_(units)))], len(foreign)


def _units_of(session: Session, receiver: Receiver, serving: Serving) -> list[int] | None:
    """The units that the person serves; None for the webhook of a unit."""
    if receiver.user_id is None:
        return None
    who = serving.subquery()
    return list(session.scalars(select(who.c.unit_id).where(who.c.user_id == receiver.user_id)))


def _told(session: Session, batch: Sequence[Waiting]) -> list[Told]:
    query = select(
        Delivery.id,
        Notice.id,
        Notice.case_id.is_not(None),
        Notice.kind,
        Notice.params,
        Notice.urgent,
        Notice.created_at,
    ).join(Notice, Notice.id == Delivery.notice_id)
    query = query.where(Delivery.id.in_([each.id for each in batch])).order_by(Notice.id)
    return [Told(*row) for row in session.execute(query)]


def _deliver(
    session: Session, receiver: Receiver, told: Sequence[Told], couriers: Couriers, now: datetime
) -> int:
    items, broken = _in_words(told, receiver.language)
    if broken:
        # What may go without them is chosen anew: an urgent one may have been all that pressed by night.
        _park(session, broken, Undelivered(Fault.UNRENDERABLE), now)
        return len(broken)
    ids = [each.delivery_id for each in told]
    fault = _send(receiver, compose(items, receiver.language), couriers, now)
    if fault is None:
        _settle(session, ids, DeliveryState.SENT, now)
    else:
        _put_off(session, receiver, ids, fault, now)
    return len(ids)


def _in_words(told: Sequence[Told], language: str) -> tuple[list[Item], list[int]]:
    """The notices in words, and the deliveries of those that have none."""
    items, broken = [], []
    for each in told:
        try:
            items.append(in_words(each, language))
        except Unrenderable as error:
            _log.error("delivery %d is parked: %s", each.delivery_id, error)
            broken.append(each.delivery_id)
    return items, broken


def _send(receiver: Receiver, message: Message, couriers: Couriers, now: datetime) -> Undelivered | None:
    try:
        couriers.send(receiver, message, now)
    except Undelivered as fault:
        _log.warning("receiver %d did not get its message: %s", receiver.id, fault)
        return fault
    except Exception as error:
        # One receiver that nobody had foreseen must not keep the others from theirs.
        _log.error("receiver %d: %s", receiver.id, kind_and_place(error))
        return Undelivered(Fault.UNEXPECTED)
    return None


def _put_off(
    session: Session, receiver: Receiver, ids: Sequence[int], fault: Undelivered, now: datetime
) -> None:
    if fault.fault in OF_THE_SERVER:
        _pause_server(session, receiver, now)
    tried = session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(attempts=Delivery.attempts + 1)
        .returning(Delivery.id, Delivery.attempts)
    ).all()
    for attempts in sorted({row.attempts for row in tried}):
        same = [row.id for row in tried if row.attempts == attempts]
        again_at = None if fault.fault in FINAL else next_try(now, attempts)
        if again_at is None:
            _park(session, same, fault, now)
        else:
            session.execute(
                update(Delivery)
                .where(Delivery.id.in_(same))
                .values(next_at=again_at, fault=fault.fault, fault_code=fault.code)
            )


def _pause_server(session: Session, receiver: Receiver, now: datetime) -> None:
    """Leave the server alone for a while; receivers that other workers have find out for themselves."""
    others = select(Receiver.id).where(Receiver.server == receiver.server)
    others = others.with_for_update(skip_locked=True)
    session.execute(
        update(Receiver)
        .where(Receiver.id.in_(others.scalar_subquery()))
        .values(paused_until=now + SERVER_PAUSE)
    )


def _park(session: Session, ids: Sequence[int], fault: Undelivered, now: datetime) -> None:
    said = {"fault": fault.fault, "fault_code": fault.code}
    _settle(session, ids, DeliveryState.PARKED, now, **said)


def _settle(session: Session, ids: Sequence[int], state: DeliveryState, now: datetime, **said: Any) -> None:
    if ids:
        session.execute(
            update(Delivery).where(Delivery.id.in_(ids)).values(state=state, settled_at=now, **said)
        )
