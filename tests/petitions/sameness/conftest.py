"""Whoever leads the tiny street, its office, and one order to be split."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.intake import PartyIntake
from petitions.models import Case
from petitions.office import Office, load_office
from petitions.rules.deadlines import due_moment
from tests.factories.cases import make_case
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import HERE


@pytest.fixture
def lead(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def office(session: Session, tiny: TinyStreet) -> Office:
    """Of the tiny street."""
    return load_office(session, [tiny.street.id])


@pytest.fixture
def order(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order in grid A1, with its own deadline and its reporter."""
    return make_case(
        session,
        tiny.street.id,
        source="hotline",
        source_number="7",
        upstream_due_at=due_moment(date(2020, 6, 10)),
        parties=(PartyIntake(name="赵某某", phone="10040560000"),),
        **HERE,
    )
