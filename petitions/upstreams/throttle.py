"""How much is taken within a minute: refused requests of an address for a code, deliveries of an upstream."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.i18n import lazy as _
from petitions.models import PushDelivery, PushRefusal, Upstream

MINUTE = timedelta(minutes=1)
MOST_DELIVERIES = 60
"""Of one upstream in a minute."""
MOST_REFUSED = 20
"""Of one address for one code in a minute."""
KEPT = timedelta(hours=1)


class TooMany(AppError):
    """Too much has come from there within a minute."""

    status = 429
    code = "throttled"


def note_refusal(session: Session, address: str, code: str, now: datetime) -> bool:
    """Count a request that nobody known had signed; whether it is one too many within a minute.

    What is rightly signed is never counted and never held up: behind a proxy all addresses are one, and a
    stranger could lock the upstream out. What is an hour old is forgotten.
    """
    address, code = address[:60], code[:30]
    session.execute(delete(PushRefusal).where(PushRefusal.at < now - KEPT))
    recent = select(func.count()).where(
        PushRefusal.address == address, PushRefusal.code == code, PushRefusal.at > now - MINUTE
    )
    if (session.scalar(recent) or 0) >= MOST_REFUSED:
        return True
    session.add(PushRefusal(address=address, code=code, at=now))
    session.flush()
    return False


def too_many_refused() -> TooMany:
    """What such a one is told."""
    return TooMany(_("Too many requests from this address were refused. Wait a minute."))


def demand_few(session: Session, upstream: Upstream, now: datetime) -> None:
    """Raise TooMany where the upstream has made more than MOST_DELIVERIES deliveries, this one counted."""
    recent = select(func.count()).where(
        PushDelivery.upstream_id == upstream.id, PushDelivery.received_at > now - MINUTE
    )
    if (session.scalar(recent) or 0) > MOST_DELIVERIES:
        raise TooMany(
            _("More than %(most)s deliveries within a minute. Send more at once.", most=MOST_DELIVERIES)
        )
