"""Accounts: opened, given a new password, closed; never deleted, because the history names them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.auth import account_log, login_names
from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.passwords import check_password, hash_password
from app.auth.vocabulary import ADMIN_ROLES, AccountAct, Permission, Role
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import lazy as _


def create_user(
    session: Session,
    *,
    username: str,
    name: str,
    password: str,
    office: str | None = None,
    actor: Actor,
    now: datetime,
) -> User:
    """Open an account; `office` makes it one of the three administrators, which only the command line may.

    Raises Invalid at the field for a name or an office that cannot be, Conflict for a taken login name.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    username, name = login_names.plain(username), name.strip()
    faults = {
        "username": login_names.fault(username, blanks=False),
        "name": login_names.fault(name, blanks=True),
        "office": _office_fault(office, actor) if office else None,
    }
    if any(faults.values()):
        wrong = {field: fault for field, fault in faults.items() if fault}
        raise Invalid(_("Some fields need mending."), fields=wrong)
    if session.scalar(select(User.id).where(User.username == username)):
        taken = _("This login name is taken; choose another.")
        raise Conflict(taken, fields={"username": taken})
    user = User(username=username, name=name, password_hash=hash_password(password))
    session.add(user)
    session.flush()
    if office:
        session.add(AdminRole(user_id=user.id, role=Role(office)))
    detail = {"office": office} if office else None
    account_log.write(session, AccountAct.OPENED, user_id=user.id, actor=actor, now=now, detail=detail)
    session.flush()
    return user


def close_account(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """Close an account: the person is logged out with the next click and cannot enter again."""
    actor.demand(Permission.PEOPLE_MANAGE)
    if user_id == actor.id:
        raise Conflict(_("You cannot close your own account; whoever keeps the server can."))
    _demand_no_office(session, user_id, actor)
    user = get_user(session, user_id, lock=True)
    user.is_active = False
    user.session_epoch += 1
    account_log.write(session, AccountAct.CLOSED, user_id=user_id, actor=actor, now=now)
    return user


def reset_password(session: Session, user_id: int, *, password: str, actor: Actor, now: datetime) -> User:
    """Give a person a new password, lift a lock, and end the person's sessions."""
    actor.demand(Permission.PEOPLE_MANAGE)
    _demand_no_office(session, user_id, actor)
    user = get_user(session, user_id, lock=True)
    _set_password(user, password)
    account_log.write(session, AccountAct.PASSWORD_RESET, user_id=user_id, actor=actor, now=now)
    return user


def change_password(session: Session, *, old: str, new: str, actor: Actor, now: datetime) -> User | None:
    """Change one's own password and end one's other sessions.

    Returns None where `old` is wrong, which counts as a failed login: the edge commits the count.
    """
    if actor.id is None:
        raise NotFound(_("There is no such person."))
    user = get_user(session, actor.id, lock=True)
    is_right = check_password(user, old, now=now)
    act = AccountAct.PASSWORD_CHANGED if is_right else AccountAct.PASSWORD_REFUSED
    if is_right:
        _set_password(user, new)
    account_log.write(session, act, user_id=user.id, actor=actor, now=now)
    return user if is_right else None


def get_user(session: Session, user_id: int, *, lock: bool = False) -> User:
    """The account, locked where it is to be changed; raises NotFound."""
    user = session.get(User, user_id, with_for_update=True if lock else None, populate_existing=lock)
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def find_user(session: Session, username: str, *, lock: bool = False) -> User | None:
    """The account of that login name, locked where its failures are to be counted."""
    query = select(User).where(User.username == login_names.plain(username))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def holds_office(session: Session, user_id: int) -> bool:
    """Whether the person is one of the three administrators."""
    return session.get(AdminRole, user_id) is not None


def list_people(session: Session) -> Sequence[Row[User, Role | None]]:
    """Every account with the administrator's office it holds, open ones first."""
    query = select(User, AdminRole.role).outerjoin(AdminRole, AdminRole.user_id == User.id)
    return session.execute(query.order_by(User.is_active.desc(), User.username)).all()


def _set_password(user: User, clear: str) -> None:
    user.password_hash = hash_password(clear)
    user.failed_logins, user.locked_until = 0, None
    user.session_epoch += 1


def _office_fault(office: str, actor: Actor) -> object | None:
    if office not in {role.value for role in ADMIN_ROLES}:
        return _("This role comes with a posting to a unit.")
    if not actor.everywhere:
        return _("Administrators are appointed at the server: dingfen users create --office.")
    return None


def _demand_no_office(session: Session, user_id: int, actor: Actor) -> None:
    # Whoever could reset the auditor's password could become the auditor.
    if not actor.everywhere and holds_office(session, user_id):
        raise Forbidden(_("The accounts of administrators are kept at the server: dingfen users."))
