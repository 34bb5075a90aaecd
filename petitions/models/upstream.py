"""Upstreams that send orders by themselves, and what each has sent."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment


class Upstream(Base):
    """A platform that sends to a street. `profile` says what its columns mean, null to recognise them.

    After a new `secret` was made the `former_secret` signs as well until `former_until`.
    """

    __tablename__ = "upstreams"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    profile: Mapped[str | None] = mapped_column(String(40))
    is_on: Mapped[bool] = mapped_column(server_default="true")
    secret: Mapped[str] = mapped_column(Sealed)
    secret_made_at: Mapped[Moment]
    former_secret: Mapped[str | None] = mapped_column(Sealed)
    former_until: Mapped[Moment | None]
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z0-9-]{3,30}$'", name="code_plain"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former_whole"),
    )


class PushDelivery(Base):
    """One thing that an upstream has sent and that was taken; the same `name` once more is answered alike.

    `sha256` is of the address, the type and the body. `received_at` is when it was last taken: the imports
    that were asked for at that moment are its answer.
    """

    __tablename__ = "push_deliveries"

    id: Mapped[Key]
    upstream_id: Mapped[int] = mapped_column(ForeignKey("upstreams.id"))
    name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[Moment]
    __table_args__ = (
        UniqueConstraint("upstream_id", "name"),
        Index("ix_push_deliveries_upstream_id_received_at", "upstream_id", "received_at"),
    )


class PushSignature(Base):
    """A signature that came with a delivery, kept for an hour: heard once more it starts nothing."""

    __tablename__ = "push_signatures"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("push_deliveries.id"), index=True)
    at: Mapped[Moment] = mapped_column(index=True)


class PushedRun(Base):
    """An import that came of a delivery."""

    __tablename__ = "pushed_runs"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("push_deliveries.id"), index=True)


class PushRefusal(Base):
    """A request that nobody known had signed, kept for an hour, so that guessing is slowed down."""

    __tablename__ = "push_refusals"

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(30))
    at: Mapped[Moment] = mapped_column(index=True)
    __table_args__ = (Index("ix_push_refusals_address_code_at", "address", "code", "at"),)
