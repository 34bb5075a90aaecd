"""Bookings: taken, moved, withdrawn, and their visitors told of a day that is cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.db import refusing
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions.models import Case
from petitions.reception.history import demand_desk, demand_same_street, digest, record, write
from petitions.reception.models import MOST_REPRESENTATIVES, Booking, Reception
from petitions.reception.slots import cut
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct
from petitions.register import findable

MOST_PERSONS = 10_000
SLOT_TAKEN = "uq_bookings_slot"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who wants to come and why; `representatives` left out are all who come, as far as the law lets them."""

    visitor: str
    phone: str | None
    persons: int
    matter: str
    representatives: int | None = None

    @property
    def coming_in(self) -> int:
        """How many of them come in."""
        return self.representatives or min(self.persons, MOST_REPRESENTATIVES)


def book(
    session: Session,
    reception: Reception,
    visit: Visit,
    slot: int,
    *,
    case: Case | None = None,
    key: str | None = None,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Take a slot for a visitor. The caller holds the day, so that it is not cancelled meanwhile.

    Raises Invalid for too many representatives or a slot that cannot be, Conflict where it is taken.
    """
    demand_desk(actor, reception.street_id)
    _check(visit)
    _demand_slot(reception, slot, now)
    if case:
        demand_same_street(case, reception)
    booking = Booking(
        slot=slot,
        reception_id=reception.id,
        state=BookingState.BOOKED,
        visitor=visit.visitor,
        phone=visit.phone,
        phone_hash=findable(visit.phone),
        persons=visit.persons,
        representatives=visit.coming_in,
        matter=visit.matter,
        case_id=case.id if case else None,
        key=key,
        event_count=0,
    )
    _seat(session, booking)
    detail: dict[str, Any] = {"slot": slot, "persons": visit.persons, "representatives": visit.coming_in}
    detail |= {"matter": digest(visit.matter), **({"case": case.number} if case else {})}
    write(session, booking, reception, ReceptionAct.BOOK, actor=actor, now=now, detail=detail)
    session.flush()
    return booking


def move(
    session: Session,
    booking: Booking,
    reception: Reception,
    target: Reception,
    slot: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Give an open booking another slot, on the same day or on another of the street."""
    if target.street_id != reception.street_id:
        raise Invalid(_("The day belongs to another street."), fields={"slot": _("Choose a slot.")})
    _demand_slot(target, slot, now)
    detail = {"from": [reception.id, booking.slot], "to": [target.id, slot]}
    changes = {"reception_id": target.id, "slot": slot, "told_at": None}
    act = ReceptionAct.MOVE
    record(session, booking, reception, act, actor=actor, now=now, changes=changes, detail=detail)
    _seat(session, booking)


def tell(session: Session, booking: Booking, reception: Reception, *, actor: Actor, now: datetime) -> None:
    """Note that the visitor was told that the day is cancelled."""
    if reception.state is not DayState.CANCELLED:
        raise Conflict(_("The day is not cancelled."))
    changes = {"told_at": now}
    record(session, booking, reception, ReceptionAct.TELL, actor=actor, now=now, changes=changes)
    session.flush()


def withdraw(
    session: Session, booking: Booking, reception: Reception, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Withdraw an open booking at the visitor's wish; its slot is free again."""
    if not reason.strip():
        raise Invalid(_("Say why."), fields={"reason": _("Say why.")})
    act = ReceptionAct.WITHDRAW
    record(session, booking, reception, act, actor=actor, now=now, reason=reason.strip())
    session.flush()


def _check(visit: Visit) -> None:
    faults: dict[str, object] = {}
    if not 1 <= visit.persons <= MOST_PERSONS:
        faults["persons"] = _("Say how many persons come with the matter.")
    elif not 1 <= visit.coming_in <= min(visit.persons, MOST_REPRESENTATIVES):
        faults["representatives"] = _(
            "At most %(most)s representatives come in, and no more than come with the matter"
            " (petition rules of 2005, Art. 18; of 2022, Art. 20).",
            most=MOST_REPRESENTATIVES,
        )
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def _demand_slot(reception: Reception, number: int, now: datetime) -> None:
    if reception.state is not DayState.PUBLISHED:
        raise Conflict(_("This day takes no bookings: it is not published, or cancelled."))
    slots = cut(reception.starts_at, reception.ends_at, reception.capacity)
    if not 1 <= number <= len(slots):
        raise Invalid(_("Choose a slot."), fields={"slot": _("Choose a slot.")})
    if now >= slots[number - 1].ends_at:
        raise Conflict(_("This slot is past."), fields={"slot": _("Choose a slot.")})


def _seat(session: Session, booking: Booking) -> None:
    """Write the booking; the database holds that its slot is nobody else's."""
    taken = _("Somebody else has just taken this slot. Choose another.")
    session.add(booking)
    with refusing(SLOT_TAKEN, Conflict(taken, fields={"slot": taken})):
        session.flush()
