"""The log of accounts: every act upon one is written in the transaction that does it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.auth.actor import Actor
from app.auth.models import AccountEvent, User
from app.auth.vocabulary import AccountAct, Permission
from app.core.pages import PAGE_SIZE, Page, clamped


def write(
    session: Session,
    act: AccountAct,
    *,
    user_id: int | None,
    actor: Actor | None,
    now: datetime,
    address: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one act of `actor` upon the account `user_id`; `detail` holds codes and days, never secrets."""
    session.add(
        AccountEvent(
            at=now,
            act=act,
            actor_id=actor.id if actor else None,
            user_id=user_id,
            address=address,
            detail=dict(detail or {}),
        )
    )


def list_events(session: Session, number: int, *, actor: Actor) -> Page:
    """A page of (event, who, whom), the newest first; raises Forbidden for all but the auditor."""
    actor.demand(Permission.AUDIT_VIEW)
    who, whom = aliased(User), aliased(User)
    query = (
        select(AccountEvent, who, whom)
        .outerjoin(who, who.id == AccountEvent.actor_id)
        .outerjoin(whom, whom.id == AccountEvent.user_id)
        .order_by(AccountEvent.id.desc())
    )
    total = session.scalar(select(func.count()).select_from(AccountEvent)) or 0
    number = clamped(number, total)
    rows = session.execute(query.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(rows, total, number)


def count_refused(session: Session, address: str, *, since: timedelta, now: datetime) -> int:
    """How many logins from `address` were refused after `now` less `since`."""
    query = select(func.count()).where(
        AccountEvent.act == AccountAct.LOGIN_REFUSED,
        AccountEvent.address == address,
        AccountEvent.at > now - since,
    )
    return session.scalar(query) or 0
