"""A reception day and a visit with no more than they need."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.clock import SHANGHAI
from petitions.reception import bookings, days
from petitions.reception.bookings import Visit
from petitions.reception.days import Plan
from petitions.reception.models import Booking, Reception
from petitions.reception.vocabulary import ReceptionKind
from tests.factories.cases import MORNING

# A Monday; six slots of half an hour, from nine to twelve.
DAY = date(2020, 6, 8)
PHONE = "10040560000"


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """A moment of the day in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def a_plan(leader: Actor, **given: Any) -> Plan:
    """The morning of that day at the office, with what `given` says instead."""
    assert leader.id is not None
    plain = Plan(leader.id, ReceptionKind.AT_OFFICE, "一楼接待室", DAY, time(9), time(12), 6)
    return replace(plain, **given)


def make_reception(
    session: Session,
    street_id: int,
    leader: Actor,
    *,
    is_published: bool = True,
    now: datetime = MORNING,
    **given: Any,
) -> Reception:
    """Plan and, unless told otherwise, publish a day."""
    wish = a_plan(leader, **given)
    reception = days.plan(session, wish, street_id=street_id, actor=leader, now=now)
    if is_published:
        days.publish(session, reception, actor=leader, now=now)
    return reception


def a_visit(**given: Any) -> Visit:
    """One person with a telephone, with what `given` says instead."""
    return replace(Visit("赵某某", PHONE, 1, "工资拖欠三个月。"), **given)


def make_booking(
    session: Session,
    reception: Reception,
    clerk: Actor,
    slot: int = 1,
    *,
    now: datetime = MORNING,
    **given: Any,
) -> Booking:
    """Take a slot."""
    return bookings.book(session, reception, a_visit(**given), slot, actor=clerk, now=now)
