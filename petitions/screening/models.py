"""A screening round, the grids it asks, what each answered and found, and every step of it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment, vocabulary
from petitions.screening.vocabulary import ScreeningAct


class Screening(Base):
    """One round: what is looked for in the grids of `unit_id`, from `first_day` to `last_day`, both served.

    Answers are taken until somebody closes it; those after `last_day` are late. `remind_at` is when the
    grids that have not answered are told once more, `reminded_at` when that was done. `key` is that of the
    form which opened it, so that a form sent twice opens one round.
    """

    __tablename__ = "screenings"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    instruction: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    opened_at: Mapped[Moment]
    remind_at: Mapped[Moment | None]
    reminded_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_forward"),
        CheckConstraint("closed_at >= opened_at", name="closed_after_opening"),
        Index(
            "ix_screenings_remind_at",
            "remind_at",
            postgresql_where=text("reminded_at IS NULL AND closed_at IS NULL"),
        ),
    )


class ScreeningGrid(Base):
    """One grid that a round asks; the list is fixed when the round opens, with the community of that day.

    `answered_at` is the first answer: what is amended later makes it no later.
    """

    __tablename__ = "screening_grids"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id"), primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    answered_at: Mapped[Moment | None]


class ScreeningFinding(Base):
    """A dispute that a grid found in a round; taken back, it counts no more and the case goes its own way."""

    __tablename__ = "screening_findings"

    id: Mapped[Key]
    screening_id: Mapped[int]
    grid_id: Mapped[int]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    found_at: Mapped[Moment]
    retracted_at: Mapped[Moment | None]
    __table_args__ = (
        ForeignKeyConstraint(
            ["screening_id", "grid_id"], ["screening_grids.screening_id", "screening_grids.grid_id"]
        ),
        CheckConstraint("retracted_at >= found_at", name="retracted_after_finding"),
        Index("ix_screening_findings_screening_id_grid_id", "screening_id", "grid_id"),
    )


class ScreeningEvent(Base):
    """One step of a round, or of a grid's answer: who, when, what. Never changed, never deleted."""

    __tablename__ = "screening_events"

    id: Mapped[Key]
    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(40))
    act: Mapped[ScreeningAct] = mapped_column(vocabulary(ScreeningAct))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    reason: Mapped[str | None] = mapped_column(Text)
