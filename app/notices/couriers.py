"""Who carries a message: the mail server for mailboxes, a POST for webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from app.notices import robots, webhook
from app.notices.mail import MailServer
from app.notices.message import Message
from app.notices.models import Receiver
from app.notices.time_limit import SECONDS
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import WEBHOOKS, Fault, ReceiverKind


@dataclass(frozen=True, slots=True)
class Couriers:
    """The ways out that this service has."""

    mail: MailServer | None
    allow_local: bool = False
    seconds: float = SECONDS

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """The ways out that the settings open."""
        return cls(MailServer.from_config(config), config["WEBHOOK_LOCAL"])

    @property
    def kinds(self) -> frozenset[ReceiverKind]:
        """The kinds of receivers that can be reached."""
        return WEBHOOKS | {ReceiverKind.MAIL} if self.mail else WEBHOOKS

    def send(self, receiver: Receiver, message: Message, now: datetime) -> None:
        """Bring the message to the receiver; raises Undelivered unless the other side says it has it."""
        if receiver.kind is not ReceiverKind.MAIL:
            self._post(receiver, message, now)
        elif self.mail is not None:
            self.mail.send(receiver.address, message, now)
        else:
            raise Undelivered(Fault.UNREACHABLE)

    def _post(self, receiver: Receiver, message: Message, now: datetime) -> None:
        request = robots.request_for(receiver.kind, receiver.address, receiver.secret, message, now)
        answer = webhook.post(request, allow_local=self.allow_local, seconds=self.seconds)
        robots.demand_taken(receiver.kind, answer)
