"""Who asked for something that a tick does now, with what they may do today."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.models import User
from app.core.clock import local_day
from grid.postings import actor_on


def requester(session: Session, user_id: int | None, now: datetime, *, name: str | None = None) -> Actor:
    """The user with today's rights, none for a closed account; an upstream by its `name`, which may do no
    more; the service itself where neither is said."""
    user = session.get(User, user_id) if user_id else None
    if user is None:
        return Actor(None, name) if name else SERVICE
    return actor_on(session, user, local_day(now)) if user.is_active else Actor(user.id, user.name)
