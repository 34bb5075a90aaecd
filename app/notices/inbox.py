"""The inbox: what the units a person is posted to were told. The badge and the list share one predicate."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, update
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.notices.models import Notice

PAGE_SIZE = 50


def _mine(actor: Actor) -> ColumnElement[bool]:
    return Notice.unit_id.in_(sorted(actor.units)) if actor.units else false()


def count_unread(session: Session, actor: Actor) -> int:
    """How many notices nobody of the actor's units has read."""
    query = select(func.count()).select_from(Notice).where(_mine(actor), Notice.read_at.is_(None))
    return session.scalar(query) or 0


def list_notices(session: Session, actor: Actor, page: int, *, unread_only: bool) -> Sequence[Notice]:
    """A page of notices, newest first, and one more where another page follows."""
    query = select(Notice).where(_mine(actor)).order_by(Notice.created_at.desc(), Notice.id.desc())
    if unread_only:
        query = query.where(Notice.read_at.is_(None))
    return session.scalars(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).all()


def mark_read(session: Session, actor: Actor, notice_ids: Sequence[int] | None, *, now: datetime) -> int:
    """Mark these notices of the actor's units read, or all of them; returns how many were unread."""
    statement = update(Notice).where(_mine(actor), Notice.read_at.is_(None), Notice.created_at <= now)
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    result = session.execute(statement.values(read_at=now, read_by=actor.id).returning(Notice.id))
    return len(result.all())
