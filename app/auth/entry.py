"""Coming in and going out: the password is checked, the attempt counted and written down."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.models import User
from app.auth.passwords import check_password
from app.auth.people import find_user, get_user
from app.auth.vocabulary import AccountAct
from app.core.errors import AppError
from app.core.i18n import lazy as _

# A whole office may share one address, so the limit is far above what its people mistype in a morning.
MAX_REFUSED = 30
WINDOW = timedelta(minutes=15)


class Throttled(AppError):
    """Too many logins from one address were refused."""

    status = 429
    code = "throttled"


def log_in(session: Session, username: str, password: str, *, address: str, now: datetime) -> User | None:
    """The account that `password` opens at `now`, or None; either way the edge commits what was counted.

    Raises Throttled while MAX_REFUSED logins from `address` were refused within WINDOW. The account is
    locked in the database meanwhile, so that guesses made side by side are all counted.
    """
    if account_log.count_refused(session, address, since=WINDOW, now=now) >= MAX_REFUSED:
        raise Throttled(_("Too many logins from this address were refused. Wait a quarter of an hour."))
    user = find_user(session, username, lock=True)
    is_welcome = check_password(user, password, now=now)
    act = AccountAct.LOGGED_IN if is_welcome else AccountAct.LOGIN_REFUSED
    account_log.write(session, act, user_id=user.id if user else None, actor=None, now=now, address=address)
    return user if is_welcome else None


def log_out(session: Session, *, actor: Actor, now: datetime) -> None:
    """End every session of the actor, on this device and on others."""
    if actor.id is None:
        return
    user = get_user(session, actor.id, lock=True)
    user.session_epoch += 1
    account_log.write(session, AccountAct.LOGGED_OUT, user_id=user.id, actor=actor, now=now)
