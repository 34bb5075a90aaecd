"""Who decides what is the same, and two orders that may be."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case
from petitions.vocabulary import CaseKind
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import some_cases
from tests.petitions.sameness.test_candidates import speaker

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def lead(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def browser(session: Session, lead: Actor, login_as: Login) -> FlaskClient:
    """The leader's browser; a form that is refused rolls back what was not committed."""
    session.commit()
    return login_as(lead)


@pytest.fixture
def pair(session: Session, tiny: TinyStreet) -> tuple[Case, Case]:
    """Two orders of one caller about one thing."""
    first, again = some_cases(session, tiny, 2, kind=CaseKind.HOTLINE, parties=speaker())
    session.commit()
    return first, again
