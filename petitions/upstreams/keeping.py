"""Which upstreams may send, and their secrets: made here, shown once, kept sealed."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct, Permission
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing.profile import get_profile
from petitions.importing.profiles import load_profiles
from petitions.models import Upstream
from petitions.upstreams.sender import demand_sendable

FORMER_FOR = timedelta(days=1)
"""For so long the secret before the present one signs as well, so that both sides need not change at once."""
SECRET_BYTES = 32
_CODE = re.compile(r"[a-z0-9-]{3,30}")


def create_upstream(
    session: Session,
    *,
    code: str,
    name: str,
    street_code: str,
    profile: str | None,
    actor: Actor,
    now: datetime,
) -> tuple[Upstream, str]:
    """Let a platform send to a street; the second is its secret, which is told here and nowhere again.

    Raises Invalid at the field that is at fault.
    """
    actor.demand(Permission.CHANNELS_MANAGE)
    code, name = code.strip(), " ".join(name.split())
    street = session.scalar(select(Unit).where(Unit.code == street_code.strip(), Unit.tier == Tier.STREET))
    faults: dict[str, object] = {}
    if not _CODE.fullmatch(code):
        faults["code"] = _("3 to 30 small letters, digits and hyphens.")
    elif session.scalar(select(Upstream.id).where(Upstream.code == code)):
        faults["code"] = _("There is an upstream with this code.")
    if not 0 < len(name) <= 40:
        faults["name"] = _("Say in at most 40 characters who sends.")
    if street is None:
        faults["street"] = _("There is no street with this code.")
    if faults or street is None:
        raise Invalid(_("Some fields need mending."), fields=faults)
    if profile:
        demand_sendable(get_profile(profile, load_profiles(session, [street.id])))
    secret = secrets.token_hex(SECRET_BYTES)
    row = Upstream(
        code=code,
        name=name,
        street_id=street.id,
        profile=profile or None,
        is_on=True,
        secret=secret,
        secret_made_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, AccountAct.CHANNEL_SET, row, actor, now)
    return row, secret


def rotate(session: Session, code: str, *, actor: Actor, now: datetime) -> str:
    """A new secret; the former one signs for a day more."""
    row = _get(session, code, actor)
    row.former_secret, row.former_until = row.secret, now + FORMER_FOR
    row.secret, row.secret_made_at = secrets.token_hex(SECRET_BYTES), now
    session.flush()
    _log(session, AccountAct.CHANNEL_SET, row, actor, now)
    return row.secret


def turn(session: Session, code: str, *, is_on: bool, actor: Actor, now: datetime) -> Upstream:
    """Take what the upstream sends, or nothing from now on."""
    row = _get(session, code, actor)
    row.is_on = is_on
    session.flush()
    _log(session, AccountAct.CHANNEL_SET if is_on else AccountAct.CHANNEL_OFF, row, actor, now)
    return row


def list_upstreams(session: Session, *, actor: Actor) -> Sequence[Upstream]:
    """All of them, by code."""
    actor.demand(Permission.CHANNELS_MANAGE)
    return session.scalars(select(Upstream).order_by(Upstream.code)).all()


def _get(session: Session, code: str, actor: Actor) -> Upstream:
    actor.demand(Permission.CHANNELS_MANAGE)
    row = session.scalar(select(Upstream).where(Upstream.code == code).with_for_update())
    if row is None:
        raise NotFound(_("There is no such upstream."))
    return row


def _log(session: Session, act: AccountAct, row: Upstream, actor: Actor, now: datetime) -> None:
    detail = {"channel": f"push {row.code}"}
    account_log.write(session, act, user_id=None, actor=actor, now=now, detail=detail)
