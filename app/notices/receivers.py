"""Where notices go: a person's mailbox, chosen by that person; a unit's webhook, set by an administrator."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct, Permission
from app.core.errors import Invalid, NotFound
from app.core.i18n import LANGUAGES
from app.core.i18n import lazy as _
from app.notices import mail
from app.notices.addresses import mailbox_fault, secret_fault, server_of, webhook_fault
from app.notices.models import Delivery, Receiver
from app.notices.vocabulary import WEBHOOKS, DeliveryState, ReceiverKind


def own_mailbox(session: Session, actor: Actor) -> Receiver | None:
    """The mailbox of the actor, whether it is turned on or not."""
    return session.scalar(select(Receiver).where(Receiver.user_id == actor.id))


def set_mailbox(
    session: Session, *, address: str, language: str, is_on: bool, actor: Actor, now: datetime
) -> Receiver | None:
    """Keep the actor's own address and whether mail goes there; without an address there is no mail.

    Raises Invalid at the field for an address that cannot be.
    """
    address, box = address.strip(), own_mailbox(session, actor)
    _demand_none(
        address=mailbox_fault(address) if address or is_on else None, language=_language_fault(language)
    )
    if box is None:
        if not address:
            return None
        box = Receiver(kind=ReceiverKind.MAIL, user_id=actor.id, server=mail.SERVER)
        session.add(box)
    box.address, box.language = address, language
    _turn(session, box, is_on, now)
    detail = {"is_on": is_on}
    account_log.write(session, AccountAct.MAIL_CHANGED, user_id=actor.id, actor=actor, now=now, detail=detail)
    return box


def set_webhook(
    session: Session,
    *,
    unit_id: int,
    unit_code: str,
    form: Mapping[str, str],
    allow_local: bool,
    actor: Actor,
    now: datetime,
) -> Receiver:
    """Give a unit its webhook, or another one; a secret that is left blank stays as it was.

    `form` holds kind, address, secret and language. Raises Invalid at the field that is at fault.
    """
    actor.demand(Permission.CHANNELS_MANAGE)
    known = session.scalar(select(Receiver).where(Receiver.unit_id == unit_id).with_for_update())
    kind = _kind(form.get("kind", ""))
    address, language = form.get("address", "").strip(), form.get("language", "")
    secret = form.get("secret", "").strip() or (known.secret if known and known.kind is kind else None)
    _demand_none(
        address=webhook_fault(kind, address, allow_local=allow_local),
        secret=secret_fault(kind, secret),
        language=_language_fault(language),
    )
    hook = known or Receiver(unit_id=unit_id)
    session.add(hook)
    hook.kind, hook.address, hook.language, hook.server = kind, address, language, server_of(address)
    hook.secret = None if kind is ReceiverKind.WECOM else secret
    hook.paused_until = None
    _turn(session, hook, True, now)
    detail = {"channel": kind.value, "place": unit_code}
    account_log.write(session, AccountAct.CHANNEL_SET, user_id=None, actor=actor, now=now, detail=detail)
    return hook


def turn_off_webhook(
    session: Session, receiver_id: int, *, unit_code: str, actor: Actor, now: datetime
) -> Receiver:
    """Send nothing to the unit's webhook from now on; what waits for it is withdrawn. Raises NotFound."""
    hook = get_webhook(session, receiver_id, actor=actor)
    _turn(session, hook, False, now)
    detail = {"channel": hook.kind.value, "place": unit_code}
    account_log.write(session, AccountAct.CHANNEL_OFF, user_id=None, actor=actor, now=now, detail=detail)
    return hook


def get_webhook(session: Session, receiver_id: int, *, actor: Actor) -> Receiver:
    """The webhook, locked; raises NotFound."""
    actor.demand(Permission.CHANNELS_MANAGE)
    query = select(Receiver).where(Receiver.id == receiver_id, Receiver.unit_id.is_not(None))
    hook = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if hook is None:
        raise NotFound(_("There is no such channel."))
    return hook


def list_webhooks(session: Session, *, actor: Actor) -> Sequence[Receiver]:
    """The webhooks of all units, those that are turned on first."""
    actor.demand(Permission.CHANNELS_MANAGE)
    query = select(Receiver).where(Receiver.unit_id.is_not(None))
    return session.scalars(query.order_by(Receiver.is_on.desc(), Receiver.unit_id)).all()


def count_mailboxes(session: Session) -> int:
    """How many people have chosen to get mail."""
    return session.scalar(select(func.count()).where(Receiver.user_id.is_not(None), Receiver.is_on)) or 0


def count_by_receiver(session: Session, state: DeliveryState) -> dict[int, int]:
    """How many deliveries of each receiver are in `state`."""
    query = select(Delivery.receiver_id, func.count()).where(Delivery.state == state)
    counted = session.execute(query.group_by(Delivery.receiver_id)).all()
    return {row[0]: row[1] for row in counted}


def _turn(session: Session, receiver: Receiver, is_on: bool, now: datetime) -> None:
    receiver.is_on = is_on
    session.flush()
    if not is_on:
        waiting = Delivery.receiver_id == receiver.id, Delivery.state == DeliveryState.WAITING
        withdrawn = {"state": DeliveryState.WITHDRAWN, "settled_at": now}
        session.execute(update(Delivery).where(*waiting).values(withdrawn))


def _kind(text: str) -> ReceiverKind:
    if text not in WEBHOOKS:
        raise Invalid(_("Choose the kind of channel."), fields={"kind": _("Choose the kind of channel.")})
    return ReceiverKind(text)


def _language_fault(language: str) -> Any:
    return None if language in LANGUAGES else _("Choose a language.")


def _demand_none(**faults: Any) -> None:
    wrong = {field: fault for field, fault in faults.items() if fault}
    if wrong:
        raise Invalid(_("Some fields need mending."), fields=wrong)
