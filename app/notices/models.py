"""What units are told, who has read it, and the one outbox through which it leaves the house."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment, vocabulary
from app.notices.vocabulary import DeliveryState, Fault, ReceiverKind

UNNUMBERED = 2**63 - 1
"""The place in the order of a notice that the tick has not met yet: behind all others."""


class Notice(Base):
    """Something a unit must know; whoever is posted there reads it. `params` fill the message of `kind`.

    The unit and the case are plain numbers here, because notices stand below both in the imports;
    the foreign keys live in the database. `seq` is the order in which the tick met them: a notice that
    appears later always has a greater one, which `id` cannot promise of transactions side by side.
    """

    __tablename__ = "notices"

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    urgent: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[Moment]
    seq: Mapped[int] = mapped_column(BigInteger, default=UNNUMBERED, server_default=str(UNNUMBERED))
    __table_args__ = (
        Index("ix_notices_unit_id_created_at", "unit_id", "created_at"),
        Index("ix_notices_unit_id_seq", "unit_id", "seq"),
        Index("ix_notices_unnumbered", "id", postgresql_where=f"seq = {UNNUMBERED}"),
    )


class NoticeRead(Base):
    """A person has read a notice that lies beyond the mark of that person and unit."""

    __tablename__ = "notice_reads"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, index=True)


class InboxMark(Base):
    """How far a person has read what a unit was told: all of it up to the notice numbered `read_to`."""

    __tablename__ = "inbox_marks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    read_to: Mapped[int]


class Receiver(Base):
    """Where notices go outside: the mailbox of a person, or the webhook of a unit (a group's robot).

    `server` is the host whose failing pauses all of its receivers, `language` that of the messages.
    Nothing is tried before `paused_until`.
    """

    __tablename__ = "receivers"

    id: Mapped[Key]
    kind: Mapped[ReceiverKind] = mapped_column(vocabulary(ReceiverKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), unique=True)
    address: Mapped[str] = mapped_column(Sealed)
    secret: Mapped[str | None] = mapped_column(Sealed)
    server: Mapped[str] = mapped_column(String(260), index=True)
    language: Mapped[str] = mapped_column(String(2))
    is_on: Mapped[bool] = mapped_column(default=True, server_default="true")
    paused_until: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="person_or_unit"),
        CheckConstraint("(kind = 'mail') = (user_id IS NOT NULL)", name="mail_to_person"),
        CheckConstraint("language IN ('zh', 'en')", name="language_known"),
    )


class Delivery(Base):
    """One notice on its way to one receiver, planned once. It is not tried before `next_at`.

    `fault` and `fault_code` (of SMTP, HTTP or a robot) say why the last try failed; `settled_at` is when
    it was sent, parked or withdrawn.
    """

    __tablename__ = "deliveries"

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("receivers.id"), index=True)
    urgent: Mapped[bool]
    state: Mapped[DeliveryState] = mapped_column(
        vocabulary(DeliveryState), default=DeliveryState.WAITING, server_default="waiting"
    )
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[Moment]
    fault: Mapped[Fault | None] = mapped_column(vocabulary(Fault))
    fault_code: Mapped[str | None] = mapped_column(String(20))
    settled_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("notice_id", "receiver_id"),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_whole"),
        CheckConstraint("state <> 'parked' OR fault IS NOT NULL", name="parked_says_why"),
        Index("ix_deliveries_due", "next_at", "receiver_id", "urgent", postgresql_where="state = 'waiting'"),
        Index("ix_deliveries_waiting", "receiver_id", "notice_id", postgresql_where="state = 'waiting'"),
        Index("ix_deliveries_parked", "settled_at", "id", postgresql_where="state = 'parked'"),
    )
