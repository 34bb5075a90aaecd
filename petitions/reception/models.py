"""A leaders' reception day, its bookings, and all that was ever done to either."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment, vocabulary
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct, ReceptionKind

# 多人走访应当推选代表，代表人数不得超过5人 (信访条例 2005 Art 18, 信访工作条例 2022 Art 20).
MOST_REPRESENTATIVES = 5


class Reception(Base):
    """A span of one day in which a leader of the street receives people, who book its slots.

    `capacity` slots of equal length lie between `starts_at` and `ends_at`. A leader receives in one place at
    a time. `key` is that of the form which planned it, so that a form sent twice plans one day.
    """

    __tablename__ = "receptions"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[ReceptionKind] = mapped_column(vocabulary(ReceptionKind))
    place: Mapped[str] = mapped_column(String(100))
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    capacity: Mapped[int]
    state: Mapped[DayState] = mapped_column(vocabulary(DayState))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    event_count: Mapped[int] = mapped_column(default=0, server_default="0")
    __table_args__ = (
        ExcludeConstraint(
            ("leader_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("state <> 'cancelled'"),
            name="receptions_leader_once",
        ),
        CheckConstraint("starts_at < ends_at", name="span_forward"),
        CheckConstraint(
            "timezone('Asia/Shanghai', starts_at)::date = timezone('Asia/Shanghai', ends_at)::date",
            name="one_day",
        ),
        CheckConstraint("capacity BETWEEN 1 AND 100", name="capacity_bounded"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_whole"),
        Index("ix_receptions_street_id_starts_at", "street_id", "starts_at"),
    )


class Booking(Base):
    """One slot taken by a visitor, and what came of it; no slot is taken twice.

    Name and telephone are sealed, the number findable by hash. `persons` is how many come with the matter,
    `representatives` how many of them come in. `case_id` is the case that the visit is about or has become.
    `told_at` is when the visitor was told that the day is cancelled. A promise is kept at `kept_at`.
    """

    __tablename__ = "bookings"

    id: Mapped[Key]
    reception_id: Mapped[int] = mapped_column(ForeignKey("receptions.id"), index=True)
    slot: Mapped[int]
    state: Mapped[BookingState] = mapped_column(vocabulary(BookingState))
    visitor: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    persons: Mapped[int]
    representatives: Mapped[int]
    matter: Mapped[str] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text)
    promise: Mapped[str | None] = mapped_column(Text)
    promised_until: Mapped[date | None]
    kept_at: Mapped[Moment | None]
    told_at: Mapped[Moment | None]
    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    event_count: Mapped[int] = mapped_column(default=0, server_default="0")
    __table_args__ = (
        Index(
            "uq_bookings_slot",
            "reception_id",
            "slot",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_bookings_open", "reception_id", postgresql_where=text("state = 'booked'")),
        Index(
            "ix_bookings_promised",
            "promised_until",
            postgresql_where=text("promise IS NOT NULL AND kept_at IS NULL"),
        ),
        CheckConstraint("slot >= 1", name="slot_counts_from_one"),
        CheckConstraint(
            f"representatives BETWEEN 1 AND least(persons, {MOST_REPRESENTATIVES})",
            name="representatives_few",
        ),
        CheckConstraint("state NOT IN ('registered', 'linked') OR case_id IS NOT NULL", name="case_named"),
        CheckConstraint("state NOT IN ('answered', 'linked') OR answer IS NOT NULL", name="answer_given"),
        CheckConstraint(
            "promise IS NOT NULL OR (promised_until IS NULL AND kept_at IS NULL)", name="promise_whole"
        ),
    )


class ReceptionEvent(Base):
    """One thing done to a day, or to one of its bookings: who, when, what. Never changed, never deleted.

    `detail` holds codes, days and numbers, `reason` what somebody gave as reason; names, telephones and what
    was said never stand here.
    """

    __tablename__ = "reception_events"

    id: Mapped[Key]
    reception_id: Mapped[int] = mapped_column(ForeignKey("receptions.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(40))
    act: Mapped[ReceptionAct] = mapped_column(vocabulary(ReceptionAct))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    reason: Mapped[str | None] = mapped_column(Text)
