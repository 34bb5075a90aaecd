"""Matters with no more than they need."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.core.clock import SHANGHAI
from petitions.intake import Intake
from petitions.models import Case
from petitions.register import register
from petitions.vocabulary import CaseKind, Channel, OrderType

# A Monday morning between two plain working weeks.
MORNING = datetime(2020, 6, 1, 9, 0, tzinfo=SHANGHAI)


def an_intake(**given: Any) -> Intake:
    """A hotline complaint received on the morning, with what `given` says instead."""
    plain = {
        "kind": CaseKind.HOTLINE,
        "channel": Channel.HOTLINE,
        "order_type": OrderType.COMPLAINT,
        "title": "路灯不亮",
        "body": "楼下的路灯已经三天不亮。",
        "received_at": MORNING,
    }
    return Intake(**{**plain, **given})


def make_case(
    session: Session, street_id: int, *, actor: Actor = SERVICE, now: datetime = MORNING, **given: Any
) -> Case:
    """Register one matter and load it."""
    new = register(session, [an_intake(**given)], street_id=street_id, actor=actor, now=now)
    return session.get_one(Case, new[0].case_id)
