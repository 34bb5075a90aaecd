"""Servers on the other side, each a process of its own, and the ways to them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from app.notices.couriers import Couriers
from app.notices.mail import Encryption, MailServer
from app.notices.message import Item, Message, compose
from app.notices.models import Delivery, Receiver
from app.notices.vocabulary import DeliveryState
from tasks.deliver_notices import deliver
from tests.factories.cases import MORNING, make_case
from tests.factories.notices import NUMBER, SECRET, make_webhook
from tests.factories.street import TinyStreet
from tests.receivers.process import Other, listening

PATIENCE = 1.5
CALENDAR = WorkingCalendar.shipped()
Tick = Callable[..., dict[str, int]]


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


@pytest.fixture
def tick(session: Session, couriers: Couriers) -> Tick:
    """One tick at a moment."""
    return lambda now, **given: deliver(couriers, CALENDAR, lambda: now, **given)


@pytest.fixture
def robot(session: Session, tiny: TinyStreet, hook: Other) -> Receiver:
    """The webhook of community A, which tells by their signature what is ours."""
    hook.behave(secret=SECRET)
    return make_webhook(session, tiny.a, f"http://127.0.0.1:{hook.port}/")


@pytest.fixture
def cases(session: Session, tiny: TinyStreet) -> list[int]:
    """Two cases, whose own notices the street's desk has."""
    return [make_case(session, tiny.street.id, now=MORNING).id for _ in range(2)]


def told(hook: Other) -> list[list[int]]:
    """The notices of each message that has arrived."""
    return [[each["id"] for each in json.loads(taken["body"])["notices"]] for taken in hook.taken]


def states(session: Session) -> list[DeliveryState]:
    """What has become of every delivery, in the order of the notices."""
    session.expire_all()
    return list(session.scalars(select(Delivery.state).order_by(Delivery.notice_id, Delivery.id)))
