"""Reading receptions. Every list, count and page begins with `visible`: the street lies in the reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.core.clock import local_day, start_of
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from app.core.pages import PAGE_SIZE, Page, clamped
from grid.tree import in_scope
from petitions.models import Case
from petitions.reception.days import leads_on
from petitions.reception.models import Booking, Reception, ReceptionEvent
from petitions.reception.outcomes import SOURCE
from petitions.reception.slots import Slot, cut
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct
from petitions.register import findable


class Show(StrEnum):
    """What the page of receptions lists: days to come or past, or bookings that somebody must act on."""

    COMING = "coming"
    PAST = "past"
    OWED = "owed"
    UNTOLD = "untold"
    PROMISED = "promised"


DAYS = (Show.COMING, Show.PAST)
_LATEST = (ReceptionEvent.at.desc(), ReceptionEvent.id.desc())
DUTIES = (Show.OWED, Show.UNTOLD, Show.PROMISED)


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of a day and the booking that has it, if any."""

    slot: Slot
    booking: Booking | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The predicate of receptions that the actor sees."""
    return in_scope(actor, Reception.street_id)


def get_reception(
    session: Session, actor: Actor, key: int, *, lock: bool = False, hold: bool = False
) -> Reception:
    """One day, locked where it is to be changed, held where its bookings are; NotFound outside the scope."""
    query = select(Reception).where(visible(actor), Reception.id == key)
    if lock or hold:
        query = query.with_for_update(read=not lock).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such reception in your area."))
    return found


def get_booking(session: Session, actor: Actor, key: int, *, lock: bool = False) -> tuple[Booking, Reception]:
    """One booking and its day; to be changed, the booking is locked and the day held as it is."""
    query = select(Booking).join(Reception, Reception.id == Booking.reception_id)
    query = query.where(visible(actor), Booking.id == key)
    if lock:
        query = query.with_for_update(of=Booking).execution_options(populate_existing=True)
    booking = session.scalar(query)
    if booking is None:
        raise NotFound(_("There is no such booking in your area."))
    return booking, get_reception(session, actor, booking.reception_id, hold=lock)


def find_sent(session: Session, actor: Actor, model: type[Reception] | type[Booking], key: str | None) -> Any:
    """The day or booking that the form with this key has made already, or None."""
    if not key:
        return None
    query = select(model).where(visible(actor), model.key == key)
    if model is Booking:
        query = query.join(Reception, Reception.id == Booking.reception_id)
    return session.scalar(query)


def list_days(session: Session, actor: Actor, show: Show, now: datetime, number: int) -> Page:
    """A page of (day, leader, how many of its slots are taken): the next first, or the latest first."""
    today = start_of(local_day(now))
    when = Reception.starts_at >= today if show is Show.COMING else Reception.starts_at < today
    total = session.scalar(select(func.count()).select_from(Reception).where(visible(actor), when)) or 0
    number = clamped(number, total)
    seated = (
        select(func.count())
        .where(Booking.reception_id == Reception.id, Booking.state != BookingState.WITHDRAWN)
        .scalar_subquery()
    )
    query = select(Reception, User, seated).join(User, User.id == Reception.leader_id)
    order = Reception.starts_at.asc() if show is Show.COMING else Reception.starts_at.desc()
    query = query.where(visible(actor), when).order_by(order, Reception.id)
    return Page(session.execute(query.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all(), total, number)


def list_duties(session: Session, actor: Actor, show: Show, now: datetime, number: int) -> Page:
    """A page of (booking, day, leader) that somebody must act on, the longest waiting first."""
    total = count_duties(session, actor, now)[show]
    number = clamped(number, total)
    query = _bookings(actor).where(_DUTY[show](now))
    first = Booking.promised_until.asc().nulls_last() if show is Show.PROMISED else Reception.starts_at
    rows = query.order_by(first, Booking.reception_id, Booking.slot)
    return Page(session.execute(rows.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all(), total, number)


def count_duties(session: Session, actor: Actor, now: datetime) -> Mapping[Show, int]:
    """How many bookings wait for somebody to act, by what is to be done."""
    counts = [func.count().filter(_DUTY[show](now)) for show in DUTIES]
    query = select(*counts).select_from(Booking).join(Reception, Reception.id == Booking.reception_id)
    # The union of the three is small and indexed; without it every booking ever made would be read.
    query = query.where(visible(actor), or_(*(_DUTY[show](now) for show in DUTIES)))
    return dict(zip(DUTIES, session.execute(query).one(), strict=True))


def find_by_phone(session: Session, actor: Actor, phone: str) -> Sequence[Row[Booking, Reception, User]]:
    """Up to a page of (booking, day, leader) of the visitor with that number, the latest first."""
    query = _bookings(actor).where(Booking.phone_hash == findable(phone))
    return session.execute(query.order_by(Reception.starts_at.desc(), Booking.slot).limit(PAGE_SIZE)).all()


def places_of(session: Session, reception: Reception) -> list[Place]:
    """Every slot of a day that the asker may see, with its booking."""
    query = select(Booking).where(
        Booking.reception_id == reception.id, Booking.state != BookingState.WITHDRAWN
    )
    taken = {booking.slot: booking for booking in session.scalars(query)}
    slots = cut(reception.starts_at, reception.ends_at, reception.capacity)
    return [Place(slot, taken.get(slot.number)) for slot in slots]


def free_slots(
    session: Session, reception: Reception, now: datetime
) -> list[tuple[Reception, User, list[Slot]]]:
    """The days of the same street that still take bookings, each with its leader and free slots."""
    open_days = (
        select(Reception, User)
        .join(User, User.id == Reception.leader_id)
        .where(
            Reception.street_id == reception.street_id,
            Reception.state == DayState.PUBLISHED,
            Reception.ends_at > now,
        )
    )
    days = session.execute(open_days.order_by(Reception.starts_at).limit(PAGE_SIZE)).all()
    keys = [day.id for day, _leader in days]
    seated = select(Booking.reception_id, Booking.slot).where(
        Booking.reception_id.in_(keys), Booking.state != BookingState.WITHDRAWN
    )
    taken = {(row.reception_id, row.slot) for row in session.execute(seated)}
    return [(day, leader, _free(day, taken, now)) for day, leader in days if _free(day, taken, now)]


def leaders_of(session: Session, street_id: int, day: date) -> Sequence[User]:
    """Who serves the street as its leaders on `day`."""
    return session.scalars(select(User).where(leads_on(street_id, day)).order_by(User.name, User.id)).all()


def list_events(
    session: Session, reception_id: int, booking: Booking | None = None
) -> Sequence[ReceptionEvent]:
    """What was done to a booking, or to a day and to the bookings that are or were on it; newest first."""
    on_the_day = select(Booking.id).where(Booking.reception_id == reception_id)
    about = (
        ReceptionEvent.booking_id == booking.id
        if booking
        else or_(ReceptionEvent.reception_id == reception_id, ReceptionEvent.booking_id.in_(on_the_day))
    )
    return session.scalars(select(ReceptionEvent).where(about).order_by(*_LATEST)).all()


def was_sent(session: Session, booking: Booking, act: ReceptionAct, *, seen: int, actor: Actor) -> bool:
    """Whether this form, sent when `seen` events were there, has been carried out already."""
    if booking.event_count != seen + 1:
        return False
    query = select(ReceptionEvent).where(ReceptionEvent.booking_id == booking.id)
    last = session.scalars(query.order_by(ReceptionEvent.id.desc()).limit(1)).one()
    return last.act is act and last.actor_id == actor.id


def reception_of(session: Session, case: Case) -> Row[Booking, Reception, User] | None:
    """The (booking, day, leader) that has become this case, which the asker may see."""
    if case.source != SOURCE:
        return None
    query = select(Booking, Reception, User).join(Reception, Reception.id == Booking.reception_id)
    query = query.join(User, User.id == Reception.leader_id)
    registered = Booking.case_id == case.id, Booking.state == BookingState.REGISTERED
    return session.execute(query.where(*registered)).one_or_none()


def _bookings(actor: Actor) -> Select[Booking, Reception, User]:
    query = select(Booking, Reception, User).join(Reception, Reception.id == Booking.reception_id)
    return query.join(User, User.id == Reception.leader_id).where(visible(actor))


def _is_owed(now: datetime) -> ColumnElement[bool]:
    is_past = Reception.starts_at < start_of(local_day(now))
    return (Booking.state == BookingState.BOOKED) & (Reception.state == DayState.PUBLISHED) & is_past


def _is_untold(_now: datetime) -> ColumnElement[bool]:
    return (Booking.state == BookingState.BOOKED) & (Reception.state == DayState.CANCELLED)


def _is_promised(_now: datetime) -> ColumnElement[bool]:
    return Booking.promise.is_not(None) & Booking.kept_at.is_(None)


_DUTY: dict[Show, Callable[[datetime], ColumnElement[bool]]] = {
    Show.OWED: _is_owed,
    Show.UNTOLD: _is_untold,
    Show.PROMISED: _is_promised,
}


def _free(day: Reception, taken: set[tuple[int, int]], now: datetime) -> list[Slot]:
    slots = cut(day.starts_at, day.ends_at, day.capacity)
    return [slot for slot in slots if (day.id, slot.number) not in taken and slot.ends_at > now]
