"""The inbox: what the units a person is posted to were told, and what of it that person has read.

Badge and list share one predicate. A person has read everything of a unit up to a mark, and beyond it
the notices that are named one by one; the mark moves up behind them, so that asking what is unread never
looks at the years before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    and_,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.notices.models import UNNUMBERED, InboxMark, Notice, NoticeRead

PAGE_SIZE = 50


def count_unread(session: Session, actor: Actor) -> int:
    """How many notices of the actor's units the actor has not read."""
    return session.scalar(select(func.count()).select_from(Notice).where(_unread(actor))) or 0


def list_notices(
    session: Session, actor: Actor, page: int, *, unread_only: bool
) -> Sequence[Row[Notice, bool]]:
    """A page of (notice, whether the actor has yet to read it), newest first; one more where more follow."""
    unread = _unread(actor)
    query = select(Notice, (true() if unread_only else unread).label("is_unread"))
    query = query.where(unread if unread_only else _mine(actor))
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc())
    return session.execute(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).all()


def mark_read(
    session: Session,
    actor: Actor,
    notice_ids: Sequence[int] | None,
    *,
    now: datetime,
    newest_seen: int | None = None,
) -> int:
    """Mark these notices of the actor's units read by the actor, or all of them; returns how many were not.

    "All" are those up to `now`, and where `newest_seen` is given none that was written after that notice:
    what comes while somebody looks at the page has not been read.
    """
    chosen = _unread(actor) & (Notice.created_at <= now)
    if notice_ids is not None:
        chosen &= Notice.id.in_(notice_ids)
    if newest_seen is not None:
        chosen &= Notice.id <= newest_seen
    rows = select(literal(actor.id).label("user_id"), Notice.id.label("notice_id")).where(chosen)
    statement = insert(NoticeRead).from_select(["user_id", "notice_id"], rows).on_conflict_do_nothing()
    found = session.execute(statement.returning(NoticeRead.notice_id)).all()
    if found:
        _move_marks(session, actor)
    return len(found)


def begin_inbox(session: Session, user_id: int, unit_id: int) -> None:
    """Have a person who comes to a unit begin with what it is told from now on."""
    statement = insert(InboxMark).values(user_id=user_id, unit_id=unit_id, read_to=_last_number(unit_id))
    session.execute(statement.on_conflict_do_nothing())


def _mine(actor: Actor) -> ColumnElement[bool]:
    return Notice.unit_id.in_(sorted(actor.units)) if actor.units else false()


def _unread(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of badge and list. Each unit's mark is looked up once and bounds an index."""
    beyond = (and_(Notice.unit_id == unit, Notice.seq > _mark(actor, unit)) for unit in sorted(actor.units))
    is_read = exists().where(NoticeRead.user_id == actor.id, NoticeRead.notice_id == Notice.id)
    return or_(false(), *beyond) & ~is_read


def _mark(actor: Actor, unit_id: int) -> Any:
    mark = select(InboxMark.read_to).where(InboxMark.user_id == actor.id, InboxMark.unit_id == unit_id)
    return func.coalesce(mark.scalar_subquery(), 0)


def _last_number(unit_id: int) -> Any:
    last = select(func.max(Notice.seq)).where(Notice.unit_id == unit_id, Notice.seq < UNNUMBERED)
    return func.coalesce(last.scalar_subquery(), 0)


def _first_unread(actor: Actor, unit_id: int) -> ScalarSelect[Any]:
    first = select(func.min(Notice.seq) - 1).where(
        Notice.unit_id == unit_id, Notice.seq < UNNUMBERED, _unread(actor)
    )
    return first.scalar_subquery()


def _move_marks(session: Session, actor: Actor) -> None:
    """Move each unit's mark up to before the first unread notice, and drop the reads it covers.

    A notice without a number has no place before or behind the mark yet; its read stays by name.
    """
    for unit in sorted(actor.units):
        read_to = func.coalesce(_first_unread(actor, unit), _last_number(unit))
        statement = insert(InboxMark).values(user_id=actor.id, unit_id=unit, read_to=read_to)
        moved = func.greatest(InboxMark.read_to, statement.excluded.read_to)
        mark = statement.on_conflict_do_update(
            index_elements=["user_id", "unit_id"], set_={"read_to": moved}
        ).returning(InboxMark.read_to)
        covered = select(Notice.id).where(Notice.unit_id == unit, Notice.seq <= session.scalars(mark).one())
        session.execute(
            delete(NoticeRead).where(NoticeRead.user_id == actor.id, NoticeRead.notice_id.in_(covered))
        )
