"""Files brought in, and the verdict on each of their rows."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment, vocabulary


class RunState(StrEnum):
    """Where a run stands. `asking` waits until a person says what its columns mean, `open` waits or runs;
    `tried` was a dry run and can go, `gone` is one that went."""

    ASKING = "asking"
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TRIED = "tried"
    GONE = "gone"
    DROPPED = "dropped"
    UNDONE = "undone"


CAME_TO_NOTHING = frozenset({RunState.UNDONE, RunState.CANCELLED, RunState.FAILED, RunState.DROPPED})
"""Where a run has ended so that the same file once more is meant to be brought in."""


class Mark(StrEnum):
    """What is to be known of a row beside its verdict.

    `alike` may be the same as another or a repeat, `desk` has no place, `status` has ended here and not
    upstream or the other way round, `left_out` was refused by the person who let the file go, `several` is
    an order that holds several matters, `otherwise` contradicts what is kept, which stays, and `unread` holds
    a word or a date that another explanation of the columns may read.
    """

    ALIKE = "alike"
    DESK = "desk"
    STATUS = "status"
    LEFT_OUT = "left_out"
    SEVERAL = "several"
    OTHERWISE = "otherwise"
    UNREAD = "unread"


_MARKS = ", ".join(f"'{mark}'" for mark in Mark)


class ImportRun(Base):
    """One file brought in: who, when, its checksum, how far it got, and what came of it.

    `requested_name` is of an upstream, which is no user.
    `profile` is the name of the one it is read by, and `profile_id` the version where a street has made it.
    `claimed_at` is when a worker last began with it.
    `failures` counts how often it was broken off, through no fault of the file, since its last chunk.
    `reached` and `last_row` are rows of the file, and its pace is counted since the turn that began at
    `turn_at` behind `turn_row`. A run with a `rehearsal_id` is the going of that dry run. `decided_by` let it
    go, cancelled, dropped or undid it. Until `kept_until` what is sealed of it is kept: the file of a dry
    run, what changed from what, which orders are new, and the cells of refused rows, which are handed out
    again in `form`.
    `marked` counts the marks of its rows.
    """

    __tablename__ = "import_runs"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    profile: Mapped[str] = mapped_column(String(40))
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("import_profiles.id"), index=True)
    is_dry_run: Mapped[bool] = mapped_column(server_default="false")
    rehearsal_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"), unique=True)
    state: Mapped[RunState] = mapped_column(vocabulary(RunState), server_default=RunState.OPEN)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    requested_name: Mapped[str | None] = mapped_column(String(40))
    requested_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[Moment | None]
    kept_until: Mapped[Moment | None]
    error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default="0")
    last_row: Mapped[int | None]
    reached: Mapped[int] = mapped_column(server_default="0")
    claimed_at: Mapped[Moment | None]
    turn_at: Mapped[Moment | None]
    turn_row: Mapped[int] = mapped_column(server_default="0")
    rows: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[int] = mapped_column(server_default="0")
    marked: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    form: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    __table_args__ = (
        CheckConstraint("rows = created + changed + unchanged + refused", name="rows_add_up"),
        CheckConstraint("(state IN ('asking', 'open')) = (finished_at IS NULL)", name="open_unfinished"),
        CheckConstraint("state = 'undone' OR (state = 'failed') = (error IS NOT NULL)", name="failed_why"),
        CheckConstraint("is_dry_run OR state NOT IN ('tried', 'gone', 'dropped')", name="tried_dry"),
        CheckConstraint("NOT is_dry_run OR state NOT IN ('done', 'undone')", name="done_in_earnest"),
        Index("ix_import_runs_waiting", "requested_at", postgresql_where=text("finished_at IS NULL")),
        Index("ix_import_runs_kept_until", "kept_until", postgresql_where=text("kept_until IS NOT NULL")),
    )


class ImportPiece(Base):
    """A part of the file of a run that waits or was tried only: 1 MiB each, the last one less."""

    __tablename__ = "import_pieces"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportComparison(Base):
    """How far the new cases of an import have been compared with earlier ones: up to row `reached`.

    `skipped` of them could not be. `failures` counts how often it was broken off since its last chunk; one
    that has finished with failures was given up. A row of its own, because whoever brings the file in holds
    that of the run.
    """

    __tablename__ = "import_comparisons"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    reached: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[Moment | None]
    skipped: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")


class InboxFile(Base):
    """A file of the watched folder that was handed in, last at `taken_at`.

    The same bytes are handed in again only where nothing stands of the imports asked for at that moment.
    """

    __tablename__ = "inbox_files"

    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    taken_at: Mapped[Moment]


class InboxRun(Base):
    """An import that came of a file of the watched folder."""

    __tablename__ = "inbox_runs"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    street_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        ForeignKeyConstraint(["street_id", "sha256"], ["inbox_files.street_id", "inbox_files.sha256"]),
        Index("ix_inbox_runs_street_id_sha256", "street_id", "sha256"),
    )


class ImportRow(Base):
    """The verdict on one row of a file; `row` is the line as a person counts it, the header being 1.

    Of a file with orders in several sheets the rows count on from each to the next, and `place` says where
    one stands. `alike_id` is a case that may be the same. `first_row` is the row of the same file that bears
    the same order number and came first. Never changed, never deleted.
    """

    __tablename__ = "import_rows"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str | None] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    alike_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    first_row: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("first_row < row", name="first_before"),
        CheckConstraint("verdict IN ('created', 'changed', 'unchanged', 'refused')", name="verdict_known"),
        CheckConstraint(f"marks <@ ARRAY[{_MARKS}]", name="marks_known"),
        # An order that comes every day stands in the rows of many runs.
        Index("ix_import_rows_case_id_run_id", "case_id", "run_id"),
        Index("ix_import_rows_alike_id", "alike_id", postgresql_where=text("alike_id IS NOT NULL")),
        # A day's page narrows to a few rows of a large file.
        Index("ix_import_rows_marked", "run_id", "row", postgresql_where=text("marks <> '{}'")),
        # What hangs on a row that is left out.
        Index("ix_import_rows_first", "run_id", "first_row", postgresql_where=text("first_row IS NOT NULL")),
    )


class ImportSecret(Base):
    """What is kept of a row for a while, sealed: what changed from what, what stood in a refused row, or
    which order a row of a dry run is that has no case."""

    __tablename__ = "import_secrets"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    difference: Mapped[str | None] = mapped_column(Sealed)
    cells: Mapped[str | None] = mapped_column(Sealed)
    said: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "row"], ["import_rows.run_id", "import_rows.row"]),
        CheckConstraint("num_nonnulls(difference, cells, said) = 1", name="one_secret"),
    )


class ImportLeftOut(Base):
    """A row of a dry run that a person does not want to be brought in."""

    __tablename__ = "import_left_out"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["run_id", "row"], ["import_rows.run_id", "import_rows.row"]),)


class ImportSplit(Base):
    """A row of a dry run whose order becomes several cases when it goes, because a person wants it so."""

    __tablename__ = "import_splits"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["run_id", "row"], ["import_rows.run_id", "import_rows.row"]),)
