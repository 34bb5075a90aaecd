"""Who keeps the receptions of the tiny street."""

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.reception.models import Reception
from tests.factories.receptions import make_reception
from tests.factories.street import TinyStreet, make_actor


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The leader who receives."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet) -> Actor:
    """Who keeps the book at the desk."""
    return make_actor(session, tiny.street, Role.HOTLINE_CLERK)


@pytest.fixture
def day(session: Session, tiny: TinyStreet, leader: Actor) -> Reception:
    """A published morning, 2020-06-08 from 9 to 12, of six slots."""
    return make_reception(session, tiny.street.id, leader)
