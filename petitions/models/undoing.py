"""Wishes that a whole import be taken back."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment


class ImportUndoing(Base):
    """Somebody's wish that an import be undone, and what came of it.

    Nothing was undone where it was `refused`, which says why; otherwise `cases` tells how many are as they
    were before. `failures` counts how often it was broken off through no fault of the import. Of one import
    there is at most one open wish.
    """

    __tablename__ = "import_undoings"

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    refused: Mapped[str | None] = mapped_column(Text)
    cases: Mapped[int | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        CheckConstraint("num_nonnulls(refused, cases) = num_nonnulls(finished_at)", name="one_end"),
        Index("uq_import_undoings_open", "run_id", unique=True, postgresql_where=text("finished_at IS NULL")),
    )
