"""What the tests of drafts share."""

from collections.abc import Iterator

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session


@pytest.fixture
def english(session: Session) -> Iterator[None]:
    """Messages in English, whatever catalogue is there."""
    with force_locale("en"):
        yield
