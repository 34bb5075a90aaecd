"""Who serves which unit, from which day to which; and the person as an actor of today."""

from datetime import date, timedelta

from sqlalchemy import Select, Subquery, func, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from app.core.db import db
from app.notices.inbox import begin_inbox
from grid.models import Posting, Unit
from grid.vocabulary import Duty


def post(
    session: Session,
    *,
    user_id: int,
    unit_id: int,
    role: Role,
    first_day: date,
    last_day: date | None = None,
    duty: Duty | None = None,
    is_backup: bool = False,
) -> Posting:
    """Post a person to a unit from `first_day` to `last_day`, both served, or without an end.

    Whoever was never there before begins with an empty inbox: the notices of years ago are nobody's news.
    """
    posting = Posting(
        user_id=user_id,
        unit_id=unit_id,
        role=role,
        days=Range(first_day, last_day + timedelta(days=1) if last_day else None),
        duty=duty,
        is_backup=is_backup,
    )
    session.add(posting)
    session.flush()
    begin_inbox(session, user_id, unit_id)
    return posting


def actor_on(session: Session, user: User, day: date) -> Actor:
    """`user` with the postings and the administrator's office held on `day`, in one statement."""
    held = _held(user.id, day)
    query = select(AdminRole.role, held.c.role, held.c.root_id, held.c.reach).select_from(User)
    query = query.outerjoin(AdminRole, AdminRole.user_id == User.id).outerjoin(held, true())
    rows = session.execute(query.where(User.id == user.id)).all()
    reaches: dict[Role, frozenset[int]] = {}
    for office, role, _root, reach in rows:
        if role:
            reaches[role] = reaches.get(role, frozenset()) | frozenset(reach)
        if office:
            reaches.setdefault(office, frozenset())
    units = frozenset(root for _office, role, root, _reach in rows if role)
    reach = frozenset().union(*reaches.values())
    return Actor(
        user.id, user.name, frozenset(reaches), units, reach, reaches, session_epoch=user.session_epoch
    )


def serving(day: date) -> Select[*tuple[int, int]]:
    """Who serves which unit on `day`: (unit, person), each once, people with an open account only."""
    served = select(Posting.unit_id, Posting.user_id).join(User, User.id == Posting.user_id)
    return served.where(Posting.days.contains(day), User.is_active).distinct()


def _held(user_id: int, day: date) -> Subquery:
    """Each posting of `day` with the keys of its unit and of all units below."""
    served = select(Posting.role, Posting.unit_id.label("root_id"), Posting.unit_id.label("unit_id"))
    below = served.where(Posting.user_id == user_id, Posting.days.contains(day)).cte("below", recursive=True)
    below = below.union(
        select(below.c.role, below.c.root_id, Unit.id).join(below, Unit.parent_id == below.c.unit_id)
    )
    reach = func.array_agg(below.c.unit_id).label("reach")
    return select(below.c.role, below.c.root_id, reach).group_by(below.c.role, below.c.root_id).subquery()


def load_actor(user_id: int, session_epoch: int) -> Actor | None:
    """The person behind a session cookie, or None where the account is closed or the session was ended."""
    user = db.session.get(User, user_id)
    if user is None or not user.is_active or user.session_epoch != session_epoch:
        return None
    return actor_on(db.session(), user, local_day(now()))
