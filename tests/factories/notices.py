"""Notices and receivers with no more than they need."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.auth.models import User
from app.notices import mail
from app.notices.models import Notice, Receiver
from app.notices.planning import plan
from app.notices.vocabulary import ReceiverKind
from grid.models import Unit
from grid.postings import serving
from tests.factories.cases import MORNING
from tests.factories.street import TODAY

NUMBER = "440799001-H2020-000123"
SECRET = "SEC-of-the-tests-0123456789"


def write_notice(
    session: Session,
    unit: Unit,
    *,
    case_id: int | None = None,
    at: datetime = MORNING,
    urgent: bool = False,
    kind: str = "escalated",
    **params: Any,
) -> Notice:
    """Tell a unit that the limit of 东湖社区 has passed for one case, with what `params` say instead."""
    said = {"number": NUMBER, "from": "东湖社区", **params}
    notice = Notice(
        unit_id=unit.id,
        case_id=case_id,
        kind=kind,
        params={name: value for name, value in said.items() if value is not None},
        urgent=urgent,
        created_at=at,
    )
    session.add(notice)
    session.flush()
    return notice


def plan_all(session: Session, *, now: datetime = MORNING, kinds: Any = frozenset(ReceiverKind)) -> int:
    """Plan for those who serve on the day of the tests."""
    return plan(session, serving_today(), kinds, now=now)


def serving_today() -> Select[tuple[int, int]]:
    """Who serves on the day of the tests."""
    return serving(TODAY)


def make_mailbox(
    session: Session, user_id: int, address: str = "zhang@example.test", **given: Any
) -> Receiver:
    """A mailbox that is turned on."""
    return _receiver(
        session,
        **{"kind": ReceiverKind.MAIL, "user_id": user_id, "address": address, "server": mail.SERVER, **given},
    )


def make_webhook(
    session: Session, unit: Unit, url: str, kind: ReceiverKind = ReceiverKind.SIGNED_JSON, **given: Any
) -> Receiver:
    """A webhook that is turned on."""
    plain = {"kind": kind, "unit_id": unit.id, "address": url, "server": "hook", "secret": SECRET}
    return _receiver(session, **{**plain, **given})


def make_user(session: Session, username: str) -> User:
    """An account that nothing opens."""
    user = User(username=username, name="测试员", password_hash="none")
    session.add(user)
    session.flush()
    return user


def _receiver(session: Session, **given: Any) -> Receiver:
    receiver = Receiver(**{"language": "zh", **given})
    session.add(receiver)
    session.flush()
    return receiver
