"""What an upstream sends: taken once, and told what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, NotFound
from app.core.i18n import lazy as _
from petitions.importing.requests import request_imports
from petitions.models import ImportRun, PushDelivery, PushedRun, PushSignature, Upstream
from petitions.models.imports import CAME_TO_NOTHING, RunState
from petitions.upstreams.throttle import KEPT, demand_few

WAITING = frozenset({RunState.ASKING, RunState.OPEN})
LEFT_NOTHING = CAME_TO_NOTHING | {RunState.TRIED}
"""An upstream cannot let a trial go but by sending the same in earnest."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What an upstream sends: its own `name` of the delivery, or blank for `sha256`.

    That is the checksum of the address, the type and the body. `content` is the file in the body.
    """

    name: str
    sha256: str
    signature: str
    file_name: str
    content: IO[bytes]
    profile: str | None
    dry_run: bool


def receive(session: Session, upstream: Upstream, sent: Sent, now: datetime) -> tuple[str, Sequence[int]]:
    """Take a delivery as imports of the street: its name and their keys, the same when it is sent again.

    Sent again under a fresh signature it starts anew where nothing came of it; one signature starts once.
    Raises TooMany, Conflict where something else was sent under the name, and what `request_imports` raises.
    """
    delivery, is_new = _delivery(session, upstream, sent, now)
    is_heard = not _hear(session, delivery, sent.signature, now)
    if not is_new:
        runs = _runs_of(session, delivery)
        if is_heard or not came_to_nothing([run.state for run in runs]):
            return delivery.name, [run.id for run in runs]
        delivery.received_at = now
        session.flush()
    demand_few(session, upstream, now)
    made = request_imports(
        session,
        street_id=upstream.street_id,
        file_name=sent.file_name,
        content=sent.content,
        profile=sent.profile,
        dry_run=sent.dry_run,
        actor=_acting(upstream),
        now=now,
        may_ask=not upstream.profile,
    )
    session.add_all(PushedRun(run_id=run.id, delivery_id=delivery.id) for run in made)
    session.flush()
    return delivery.name, [run.id for run in made]


def came_to_nothing(states: Sequence[str]) -> bool:
    """Whether none of the imports waits, and one of them has ended so that nothing of it stands."""
    return not WAITING.intersection(states) and bool(LEFT_NOTHING.intersection(states))


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


def _delivery(session: Session, upstream: Upstream, sent: Sent, now: datetime) -> tuple[PushDelivery, bool]:
    """The delivery, locked, and whether it is new."""
    name = sent.name or sent.sha256
    new = insert(PushDelivery).values(upstream_id=upstream.id, name=name, sha256=sent.sha256, received_at=now)
    # Whoever sends the same at once waits here until the first is taken, and is then told what came of it.
    key = session.scalar(new.on_conflict_do_nothing().returning(PushDelivery.id))
    known = select(PushDelivery).where(PushDelivery.upstream_id == upstream.id, PushDelivery.name == name)
    fresh = known.with_for_update().execution_options(populate_existing=True)
    delivery = session.scalars(fresh).one()
    if delivery.sha256 != sent.sha256:
        raise Conflict(_("Something else was sent under this name of a delivery. Give each its own."))
    return delivery, key is not None


def _hear(session: Session, delivery: PushDelivery, signature: str, now: datetime) -> bool:
    """Remember the signature for longer than it is fresh; false where it was heard before."""
    session.execute(delete(PushSignature).where(PushSignature.at < now - KEPT))
    new = insert(PushSignature).values(signature=signature.lower(), delivery_id=delivery.id, at=now)
    said = new.on_conflict_do_nothing().returning(PushSignature.signature)
    return session.scalar(said) is not None


def _runs_of(session: Session, delivery: PushDelivery) -> Sequence[ImportRun]:
    """The imports that were started when it was last taken."""
    query = (
        select(ImportRun)
        .join(PushedRun, PushedRun.run_id == ImportRun.id)
        .where(PushedRun.delivery_id == delivery.id, ImportRun.requested_at == delivery.received_at)
        .order_by(ImportRun.id)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _acting(upstream: Upstream) -> Actor:
    """The upstream as one who may import for its street and do nothing else."""
    reach = frozenset({upstream.street_id})
    role = Role.HOTLINE_CLERK
    return Actor(None, upstream.name, frozenset({role}), reach, reach, {role: reach})
