"""The street at work, for the tests of the verbs."""

import pytest
from sqlalchemy.orm import Session

from tests.factories.street import TinyStreet
from tests.petitions.handling.people import Town, make_town


@pytest.fixture
def town(session: Session, tiny: TinyStreet) -> Town:
    """The tiny street with everybody at their post."""
    return make_town(session, tiny)
