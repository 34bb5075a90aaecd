"""A day long past with a booking, a day to come, and the leader who receives on both."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from petitions.reception.models import Booking, Reception
from tests.factories.receptions import make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    person = make_actor(session, tiny.street, Role.STREET_LEADER)
    # What a refused form takes back must not be more than the form.
    session.commit()
    return person


@pytest.fixture
def booking(session: Session, tiny: TinyStreet, leader: Actor) -> Booking:
    """A booking of a day that is long past, so that its outcome is owed."""
    found = make_booking(session, make_reception(session, tiny.street.id, leader), leader)
    session.commit()
    return found


@pytest.fixture
def coming(session: Session, tiny: TinyStreet, leader: Actor) -> Reception:
    """A published day of next week."""
    next_week = local_day(now()) + timedelta(days=7)
    found = make_reception(session, tiny.street.id, leader, now=now(), day=next_week)
    session.commit()
    return found
