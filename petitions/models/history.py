"""The history of a case: its events, and what is kept beside them in a form that indexes answer."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment, vocabulary
from petitions.vocabulary import Ending, Verb

REPLANNED_BY = "((detail ->> 'policy')::bigint)"


class CaseEvent(Base):
    """One thing that happened to a case: who, when, what, before, after, why. Never changed, never deleted.

    `changes` maps a column to [before, after]; long or personal texts stand there as a keyed digest.
    `hash` covers this event and the one before it.
    """

    __tablename__ = "case_events"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(String(40))
    verb: Mapped[Verb] = mapped_column(vocabulary(Verb))
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        CheckConstraint("octet_length(hash) = 32", name="hash_length"),
        # How many cases a version of the policy has re-planned.
        Index("ix_case_events_replan", text(REPLANNED_BY), postgresql_where=text("verb = 'replan'")),
    )


class CaseEnding(Base):
    """A half-open period during which a case stood ended: what figures for a past cut-off read.

    It repeats what the events say in a form that an index answers; `dingfen verify` compares the two.
    """

    __tablename__ = "case_endings"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    ending: Mapped[Ending] = mapped_column(vocabulary(Ending))
    ended_at: Mapped[Moment]
    reopened_at: Mapped[Moment | None]
    __table_args__ = (
        ExcludeConstraint(
            ("case_id", "="), (text("tstzrange(ended_at, reopened_at)"), "&&"), name="case_endings_once"
        ),
        CheckConstraint("reopened_at IS NULL OR reopened_at >= ended_at", name="period_forward"),
        Index("ix_case_endings_case_id_ended_at", "case_id", "ended_at"),
    )


class CaseMove(Base):
    """A change of place: where the case lay until `moved_at`. Never changed, never deleted."""

    __tablename__ = "case_moves"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    moved_at: Mapped[Moment]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    __table_args__ = (Index("ix_case_moves_case_id_moved_at", "case_id", "moved_at"),)
