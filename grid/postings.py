"""Who serves which unit, from which day to which; and the person as an actor of today."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from app.core.db import db
from grid.models import Posting
from grid.tree import subtree_ids


def post(
    session: Session, *, user_id: int, unit_id: int, role: Role, first_day: date, is_backup: bool = False
) -> Posting:
    """Post a person to a unit from `first_day` on, without an end."""
    posting = Posting(
        user_id=user_id, unit_id=unit_id, role=role, days=Range(first_day, None), is_backup=is_backup
    )
    session.add(posting)
    session.flush()
    return posting


def actor_on(session: Session, user: User, day: date) -> Actor:
    """`user` with the postings and the administrator's office held on `day`."""
    held = session.execute(
        select(Posting.role, Posting.unit_id).where(Posting.user_id == user.id, Posting.days.contains(day))
    ).all()
    office = session.get(AdminRole, user.id)
    units = frozenset(unit_id for _, unit_id in held)
    roles = {role for role, _ in held} | ({office.role} if office else set())
    reach = subtree_ids(session, units) if units else frozenset()
    return Actor(user.id, user.name, frozenset(roles), units, reach)


def load_actor(user_id: int) -> Actor | None:
    """The person behind a session cookie, or None where the account is gone or closed."""
    user = db.session.get(User, user_id)
    if user is None or not user.is_active:
        return None
    return actor_on(db.session(), user, local_day(now()))
