"""Accounts: opened, given a new password, closed; never deleted, because the history names them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.passwords import check_password, hash_password
from app.auth.vocabulary import ADMIN_ROLES, Permission, Role
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import lazy as _

MAX_NAME = 40


def create_user(
    session: Session, *, username: str, name: str, password: str, office: Role | None = None, actor: Actor
) -> User:
    """Open an account; `office` makes it one of the three administrators. Raises Invalid or Conflict."""
    actor.demand(Permission.PEOPLE_MANAGE)
    username, name = username.strip(), name.strip()
    faults = {
        field: _("Between 1 and %(limit)s characters are needed.", limit=MAX_NAME)
        for field, text in (("username", username), ("name", name))
        if not 1 <= len(text) <= MAX_NAME
    }
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)
    if office and office not in ADMIN_ROLES:
        wrong = _("This role comes with a posting to a unit.")
        raise Invalid(wrong, fields={"office": wrong})
    if session.scalar(select(User.id).where(User.username == username)):
        taken = _("This login name is taken; choose another.")
        raise Conflict(taken, fields={"username": taken})
    user = User(username=username, name=name, password_hash=hash_password(password))
    session.add(user)
    session.flush()
    if office:
        session.add(AdminRole(user_id=user.id, role=office))
        session.flush()
    return user


def close_account(session: Session, user_id: int, *, actor: Actor) -> User:
    """Close an account: the person is logged out with the next click and cannot enter again."""
    actor.demand(Permission.PEOPLE_MANAGE)
    if user_id == actor.id:
        raise Conflict(_("You cannot close your own account; another administrator can."))
    user = get_user(session, user_id)
    user.is_active = False
    return user


def reset_password(session: Session, user_id: int, *, password: str, actor: Actor) -> User:
    """Give a person a new password and lift a lock."""
    actor.demand(Permission.PEOPLE_MANAGE)
    user = get_user(session, user_id)
    user.password_hash = hash_password(password)
    user.failed_logins, user.locked_until = 0, None
    return user


def change_password(session: Session, *, old: str, new: str, actor: Actor, now: datetime) -> None:
    """Change one's own password; raises Invalid where `old` is wrong (which counts as a failed login)."""
    user = get_user(session, actor.id or 0)
    if not check_password(user, old, now=now):
        wrong = _("The present password is not right.")
        raise Invalid(wrong, fields={"old": wrong})
    user.password_hash = hash_password(new)


def get_user(session: Session, user_id: int) -> User:
    """The account; raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def find_user(session: Session, username: str) -> User | None:
    """The account of that login name."""
    return session.scalar(select(User).where(User.username == username.strip()))


def list_people(session: Session) -> Sequence[Row[User, Role | None]]:
    """Every account with the administrator's office it holds, open ones first."""
    query = select(User, AdminRole.role).outerjoin(AdminRole, AdminRole.user_id == User.id)
    return session.execute(query.order_by(User.is_active.desc(), User.username)).all()
