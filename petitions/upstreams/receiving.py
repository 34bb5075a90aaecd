"""What an upstream sends: looked at, taken once, and told what came of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import AppError, Conflict, NotFound
from app.core.i18n import lazy as _
from petitions.importing.requests import request_imports
from petitions.models import ImportRun, PushDelivery, PushedRun, PushRefusal, Upstream
from petitions.upstreams.signing import is_fresh, is_signed

MINUTE = timedelta(minutes=1)
MOST_DELIVERIES = 60
"""Of one upstream in a minute."""
MOST_REFUSED = 20
"""Of one address in a minute."""
KEPT = timedelta(hours=1)
_NOBODY = "0" * 64


class Unsigned(AppError):
    """Nobody known has signed this, or not just now."""

    status = 401
    code = "unsigned"


class TooMany(AppError):
    """Too much has come from there within a minute."""

    status = 429
    code = "throttled"


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands in the headers of a request, and what it asks for."""

    code: str
    timestamp: str
    signature: str
    method: str
    target: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What an upstream sends: its own `name` of the delivery, or blank for the checksum of `sent`, its body.

    `content` is the file in it, which may be the body itself.
    """

    name: str
    sent: bytes
    file_name: str
    content: bytes
    profile: str | None
    dry_run: bool


def demand_slow(session: Session, address: str, now: datetime) -> None:
    """Raise TooMany where too many requests from `address` were refused within a minute."""
    recent = select(func.count()).where(PushRefusal.address == address, PushRefusal.at > now - MINUTE)
    if (session.scalar(recent) or 0) >= MOST_REFUSED:
        raise TooMany(_("Too many requests from this address were refused. Wait a minute."))


def note_refusal(session: Session, address: str, now: datetime) -> None:
    """Count a refused request against its address; what is an hour old is forgotten."""
    session.execute(delete(PushRefusal).where(PushRefusal.at < now - KEPT))
    session.add(PushRefusal(address=address[:60], at=now))
    session.flush()


def find_sender(session: Session, signed: Signed, now: datetime) -> Upstream | None:
    """The upstream that says it sends, before its body is read; raises Unsigned for a stale moment."""
    if not is_fresh(signed.timestamp, now):
        raise Unsigned(
            _(
                "The moment of the signature is not within five minutes of this machine's clock, %(now)s"
                " seconds since 1970.",
                now=int(now.timestamp()),
            )
        )
    return session.scalar(select(Upstream).where(Upstream.code == signed.code, Upstream.is_on))


def demand_signed(upstream: Upstream | None, signed: Signed, body: bytes, now: datetime) -> Upstream:
    """The upstream, where its secret made the signature; raises Unsigned, the same whoever it is not."""
    known = [upstream.secret if upstream else _NOBODY]
    if upstream and upstream.former_secret and upstream.former_until and now < upstream.former_until:
        known.append(upstream.former_secret)
    given = (signed.signature, signed.timestamp, signed.method, signed.target, body)
    if not is_signed(known, *given) or upstream is None:
        raise Unsigned(_("No upstream that is turned on has signed this request so."))
    return upstream


def receive(session: Session, upstream: Upstream, sent: Sent, now: datetime) -> tuple[str, Sequence[int]]:
    """Take a delivery as imports of the street: its name and their keys, the same when it is sent again.

    Raises TooMany, Conflict where another body was sent under the name, and what `request_imports` raises.
    """
    sha256 = hashlib.sha256(sent.sent).hexdigest()
    name = sent.name or sha256
    new = insert(PushDelivery).values(upstream_id=upstream.id, name=name, sha256=sha256, received_at=now)
    # Whoever sends the same at once waits here until the first is taken, and is then told what came of it.
    taken = session.scalar(new.on_conflict_do_nothing().returning(PushDelivery.id))
    if taken is None:
        return name, _again(session, upstream, name, sha256)
    _demand_few(session, upstream, now)
    runs = request_imports(
        session,
        street_id=upstream.street_id,
        file_name=sent.file_name,
        content=sent.content,
        profile=sent.profile or upstream.profile,
        dry_run=sent.dry_run,
        actor=_acting(upstream),
        now=now,
        may_ask=not upstream.profile,
    )
    session.add_all(PushedRun(run_id=run.id, delivery_id=taken) for run in runs)
    session.flush()
    return name, [run.id for run in runs]


def get_pushed(session: Session, upstream: Upstream, run_id: int) -> ImportRun:
    """An import that came of what the upstream sent; raises NotFound for every other."""
    query = (
        select(ImportRun)
        .join(PushedRun, PushedRun.run_id == ImportRun.id)
        .join(PushDelivery, PushDelivery.id == PushedRun.delivery_id)
        .where(ImportRun.id == run_id, PushDelivery.upstream_id == upstream.id)
    )
    run = session.scalar(query)
    if run is None:
        raise NotFound(_("There is no such import of yours."))
    return run


def _again(session: Session, upstream: Upstream, name: str, sha256: str) -> Sequence[int]:
    known = select(PushDelivery).where(PushDelivery.upstream_id == upstream.id, PushDelivery.name == name)
    delivery = session.scalars(known).one()
    if delivery.sha256 != sha256:
        raise Conflict(_("Something else was sent under this name of a delivery. Give each its own."))
    runs = select(PushedRun.run_id).where(PushedRun.delivery_id == delivery.id).order_by(PushedRun.run_id)
    return session.scalars(runs).all()


def _demand_few(session: Session, upstream: Upstream, now: datetime) -> None:
    recent = select(func.count()).where(
        PushDelivery.upstream_id == upstream.id, PushDelivery.received_at > now - MINUTE
    )
    if (session.scalar(recent) or 0) > MOST_DELIVERIES:
        raise TooMany(
            _("More than %(most)s deliveries within a minute. Send more at once.", most=MOST_DELIVERIES)
        )


def _acting(upstream: Upstream) -> Actor:
    """The upstream as one who may import for its street and do nothing else."""
    reach = frozenset({upstream.street_id})
    role = Role.HOTLINE_CLERK
    return Actor(None, upstream.name, frozenset({role}), reach, reach, {role: reach})
