"""Servers on the other side, each a process of its own, and the ways to them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.notices.couriers import Couriers
from app.notices.mail import Encryption, MailServer
from app.notices.message import Item, Message, compose
from tests.factories.cases import MORNING
from tests.factories.notices import NUMBER
from tests.receivers.process import Other, listening

PATIENCE = 1.5


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Other]:
    """A mail server without encryption or login."""
    with listening("smtp_server", tmp_path / "smtp") as other:
        yield other


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Other]:
    """A receiver of webhooks over plain HTTP."""
    with listening("http_receiver", tmp_path / "hook") as other:
        yield other


@pytest.fixture
def mailer() -> Callable[[Other], MailServer]:
    """The mail server's settings, with little patience."""

    def at(other: Other, **given: object) -> MailServer:
        plain = {"sender": "dingfen@street.test", "encryption": Encryption.OFF, "seconds": PATIENCE}
        return MailServer("127.0.0.1", other.port, **{**plain, **given})  # type: ignore[arg-type]

    return at


@pytest.fixture
def couriers(smtp: Other, mailer: Callable[[Other], MailServer]) -> Couriers:
    """Mail over `smtp`, and webhooks on this machine."""
    return Couriers(mailer(smtp), allow_local=True, seconds=PATIENCE)


@pytest.fixture
def message(app: object) -> Iterator[Message]:
    """One message about one case."""
    with app.app_context():  # type: ignore[attr-defined]
        item = Item(7, NUMBER, "escalated", "东湖社区办理时限已过。", False, MORNING)
        yield compose([item], "zh")
