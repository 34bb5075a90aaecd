"""Years of the working calendar that were loaded here, and days this street decided for itself.

Nothing in these tables is ever changed or deleted, so that what held at a past moment can be told.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.calendar import DayKind
from app.core.db import Base
from app.core.types import Key, Moment, vocabulary


class CalendarYear(Base):
    """One loading of the whole calendar of a year; the highest `version` is in force.

    `notice` is the number or address of what was read, `reason` why an earlier version or the shipped year
    was corrected. `loaded_by` is null for the command line.
    """

    __tablename__ = "calendar_years"

    id: Mapped[Key]
    year: Mapped[int]
    version: Mapped[int]
    notice: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str | None] = mapped_column(String(300))
    loaded_at: Mapped[Moment]
    loaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    __table_args__ = (
        UniqueConstraint("year", "version"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="correction_reasoned"),
    )


class CalendarYearDay(Base):
    """One day that a loading names; it may lie at the end of the year before."""

    __tablename__ = "calendar_year_days"

    calendar_year_id: Mapped[int] = mapped_column(ForeignKey("calendar_years.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(vocabulary(DayKind))
    name: Mapped[str] = mapped_column(String(60))
    notice: Mapped[str] = mapped_column(String(300))


class LocalDay(Base):
    """A decision on one day, such as a day off for a typhoon; the latest on a date holds.

    `kind` is null where the day is again what the notice makes of it. `decided_by` is null for the command
    line.
    """

    __tablename__ = "local_days"

    id: Mapped[Key]
    day: Mapped[date]
    kind: Mapped[DayKind | None] = mapped_column(vocabulary(DayKind))
    reason: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    __table_args__ = (Index("ix_local_days_day_id", "day", "id"),)
