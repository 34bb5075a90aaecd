"""Files brought in, and the verdict on each of their rows."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment


class ImportRun(Base):
    """One file brought in: who, when, its checksum, how far it got, and what came of it.

    `profile` is the name of the one it is read by, and `profile_id` the version where a street has made it. A
    file without either waits until a person has said what its columns mean.
    `failures` counts how often it was broken off, through no fault of the file, since its last chunk.
    """

    __tablename__ = "import_runs"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    profile: Mapped[str] = mapped_column(String(40))
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("import_profiles.id"), index=True)
    is_dry_run: Mapped[bool] = mapped_column(server_default="false")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    requested_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default="0")
    rows: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        CheckConstraint("rows = created + changed + unchanged + refused", name="rows_add_up"),
        Index("ix_import_runs_waiting", "requested_at", postgresql_where=text("finished_at IS NULL")),
    )

    @property
    def awaits_columns(self) -> bool:
        """Whether nobody has said yet what its columns mean."""
        return not self.profile and self.finished_at is None


class ImportComparison(Base):
    """How far the new cases of an import have been compared with earlier ones: up to row `reached`.

    A row of its own, because whoever brings the file in holds that of the run.
    """

    __tablename__ = "import_comparisons"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    reached: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[Moment | None]


class InboxFile(Base):
    """A file of the watched folder that was handed in: the same bytes are never handed in twice."""

    __tablename__ = "inbox_files"

    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    taken_at: Mapped[Moment]


class ImportRow(Base):
    """The verdict on one row of a file; `row` is the line as a person counts it, the header being 1.

    Of a file with orders in several sheets the rows count on from each to the next, and `place` says where
    one stands.
    """

    __tablename__ = "import_rows"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str | None] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("verdict IN ('created', 'changed', 'unchanged', 'refused')", name="verdict_known"),
    )
