"""Reception days: planned, published, cancelled. A published day keeps its hours: people have booked them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI, local_day
from app.core.db import refusing
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from app.notices.models import Notice
from grid.models import Posting
from petitions.reception.history import demand_desk, record, write
from petitions.reception.models import Booking, Reception
from petitions.reception.slots import SHORTEST
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct, ReceptionKind

ONE_PLACE = "receptions_leader_once"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reception day is to be; times are those of Asia/Shanghai, `closes` is the moment of its end."""

    leader_id: int
    kind: ReceptionKind
    place: str
    day: date
    opens: time
    closes: time
    capacity: int

    @property
    def starts_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.day, self.opens, SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """The moment after the last."""
        return datetime.combine(self.day, self.closes, SHANGHAI)


def plan(
    session: Session, wish: Plan, *, street_id: int, key: str | None = None, actor: Actor, now: datetime
) -> Reception:
    """Plan a day of the street; nobody can book it before it is published.

    Raises Invalid naming the field at fault, Conflict where the leader receives elsewhere at that time.
    """
    demand_desk(actor, street_id)
    _check(session, wish, street_id, now)
    reception = Reception(street_id=street_id, state=DayState.PLANNED, key=key, event_count=0, **_row(wish))
    _place(session, reception)
    write(session, reception, reception, ReceptionAct.PLAN, actor=actor, now=now, detail=_said(wish))
    session.flush()
    return reception


def replan(session: Session, reception: Reception, wish: Plan, *, actor: Actor, now: datetime) -> None:
    """Change a day that is not published yet; raises as `plan` does."""
    _check(session, wish, reception.street_id, now)
    before = _said(plan_of(reception))
    detail = {name: [before[name], value] for name, value in _said(wish).items() if value != before[name]}
    act = ReceptionAct.REPLAN
    record(session, reception, reception, act, actor=actor, now=now, changes=_row(wish), detail=detail)
    _place(session, reception)


def publish(session: Session, reception: Reception, *, actor: Actor, now: datetime) -> None:
    """Open the day for bookings."""
    if now >= reception.ends_at:
        raise Conflict(_("This day is over."))
    record(session, reception, reception, ReceptionAct.PUBLISH, actor=actor, now=now)
    session.flush()


def cancel(session: Session, reception: Reception, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a day before its end. Its bookings are kept, and the street is told whom to tell and to move."""
    if not reason.strip():
        raise Invalid(_("Say why."), fields={"reason": _("Say why.")})
    if now >= reception.ends_at:
        raise Conflict(_("This day is over. Enter what came of its bookings, or move them."))
    changes = {"cancel_reason": reason.strip()}
    act = ReceptionAct.CANCEL
    record(session, reception, reception, act, actor=actor, now=now, changes=changes, reason=reason.strip())
    still_open = Booking.reception_id == reception.id, Booking.state == BookingState.BOOKED
    left = session.scalar(select(func.count()).select_from(Booking).where(*still_open))
    if left:
        session.add(_notice(reception, left, now))
    session.flush()


def plan_of(reception: Reception) -> Plan:
    """The plan that a day was made from."""
    opens, closes = (at.astimezone(SHANGHAI) for at in (reception.starts_at, reception.ends_at))
    return Plan(
        leader_id=reception.leader_id,
        kind=reception.kind,
        place=reception.place,
        day=opens.date(),
        opens=opens.time(),
        closes=closes.time(),
        capacity=reception.capacity,
    )


def leads_on(street_id: int, day: date) -> Any:
    """The predicate of people who serve the street as its leaders on `day`."""
    serving = select(Posting.user_id).where(
        Posting.unit_id == street_id, Posting.role == Role.STREET_LEADER, Posting.days.contains(day)
    )
    return User.id.in_(serving) & User.is_active


def _check(session: Session, wish: Plan, street_id: int, now: datetime) -> None:
    faults: dict[str, object] = {}
    if wish.ends_at <= wish.starts_at:
        faults["closes"] = _("The end lies before the beginning.")
    elif wish.ends_at <= now:
        faults["day"] = _("This time is past.")
    elif (wish.ends_at - wish.starts_at) / wish.capacity < SHORTEST:
        shortest = SHORTEST.seconds // 60
        faults["capacity"] = _("A visitor needs at least %(minutes)s minutes.", minutes=shortest)
    leads = select(User.id).where(User.id == wish.leader_id, leads_on(street_id, wish.day))
    if session.scalar(leads) is None:
        faults["leader"] = _("This person does not serve the street as its leader on that day.")
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def _row(wish: Plan) -> dict[str, Any]:
    kept = ("leader_id", "kind", "place", "starts_at", "ends_at", "capacity")
    return {name: getattr(wish, name) for name in kept}


def _said(wish: Plan) -> dict[str, Any]:
    """A plan as its event keeps it."""
    return {
        "leader_id": wish.leader_id,
        "kind": wish.kind.value,
        "place": wish.place,
        "day": wish.day.isoformat(),
        "opens": wish.opens.isoformat("minutes"),
        "closes": wish.closes.isoformat("minutes"),
        "capacity": wish.capacity,
    }


def _place(session: Session, reception: Reception) -> None:
    """Write the day; the database holds that its leader receives nowhere else at the same time."""
    elsewhere = _("The leader receives elsewhere at this time.")
    session.add(reception)
    with refusing(ONE_PLACE, Conflict(elsewhere, fields={"opens": elsewhere})):
        session.flush()


def _notice(reception: Reception, left: int, now: datetime) -> Notice:
    params = {
        "reception": reception.id,
        "day": local_day(reception.starts_at).isoformat(),
        "count": left,
    }
    return Notice(unit_id=reception.street_id, kind="reception_cancelled", params=params, created_at=now)
