"""A case, the people in it, its history and its endings."""

from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment, shape, vocabulary
from grid.vocabulary import RouteMethod, Tier
from petitions.vocabulary import (
    CaseKind,
    CaseState,
    Channel,
    Ending,
    OrderType,
    PartyRole,
    Urgency,
    Verb,
)

_TRIGRAMS = {"title": "gin_trgm_ops"}
_COUNTED = ["registered_at", "kind", "channel", "community_id", "grid_id", "ending", "ended_at", "moved_at"]


def _given(column: str) -> TextClause:
    return text(f"{column} IS NOT NULL")


WAITING = "ended_at IS NULL AND (due_missing_year IS NOT NULL OR tier_missing_year IS NOT NULL)"


class Case(Base):
    """One petition, hotline order or dispute as it stands now; its events add up to this row.

    `street`, `community` and `grid` say where it is (the last two may be unknown), `holder` who has it
    (never null). `due_at` is the statutory or upstream clock, `tier_due_at` the holder's own limit;
    both are moments before which the work must be done. A clock without its calendar has no end yet and
    waits for that of its missing year. `head_hash` closes the chain of events.
    """

    __tablename__ = "cases"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[CaseKind] = mapped_column(vocabulary(CaseKind))
    channel: Mapped[Channel] = mapped_column(vocabulary(Channel))
    source: Mapped[str] = mapped_column(String(40))
    source_number: Mapped[str | None] = mapped_column(String(60))
    order_type: Mapped[OrderType | None] = mapped_column(vocabulary(OrderType))
    category: Mapped[str | None] = mapped_column(String(60))
    urgency: Mapped[Urgency] = mapped_column(vocabulary(Urgency))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(300))
    point: Mapped[WKBElement | None] = mapped_column(shape("POINT"))
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    given_datum: Mapped[str | None] = mapped_column(String(10))

    received_at: Mapped[Moment]
    registered_at: Mapped[Moment]

    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None]
    grid_id: Mapped[int | None]
    holder_id: Mapped[int]
    holder_tier: Mapped[Tier] = mapped_column(vocabulary(Tier))
    route_method: Mapped[RouteMethod] = mapped_column(vocabulary(RouteMethod))
    route_certainty: Mapped[float]
    route_reason: Mapped[str] = mapped_column(String(40))
    route_candidates: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")

    state: Mapped[CaseState] = mapped_column(vocabulary(CaseState))
    ending: Mapped[Ending | None] = mapped_column(vocabulary(Ending))
    ended_at: Mapped[Moment | None]
    hand_backs: Mapped[int] = mapped_column(server_default="0")
    escalations: Mapped[int] = mapped_column(server_default="0")

    rule_set: Mapped[str] = mapped_column(String(40))
    due_rule: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[Moment | None]
    due_missing_year: Mapped[int | None]
    tier_started_at: Mapped[Moment]
    tier_warn_at: Mapped[Moment | None]
    tier_due_at: Mapped[Moment | None]
    tier_missing_year: Mapped[int | None]

    moved_at: Mapped[Moment | None]
    event_count: Mapped[int]
    head_hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("source", "source_number"),
        ForeignKeyConstraint(["community_id", "street_id"], ["units.id", "units.parent_id"]),
        ForeignKeyConstraint(["grid_id", "community_id"], ["units.id", "units.parent_id"]),
        ForeignKeyConstraint(["holder_id", "holder_tier"], ["units.id", "units.tier"]),
        CheckConstraint("grid_id IS NULL OR community_id IS NOT NULL", name="grid_in_community"),
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_whole"),
        CheckConstraint(
            "(ending IS NOT NULL) = (state IN ('replied', 'diverted', 'closed', 'void', 'resolved'))",
            name="ended_state",
        ),
        CheckConstraint("route_certainty BETWEEN 0 AND 1", name="certainty_share"),
        CheckConstraint(
            "ending IS NULL OR (tier_due_at IS NULL AND tier_warn_at IS NULL)", name="ended_stops"
        ),
        # Carries what the figures read, so that a street's year is counted from the index alone.
        Index(
            "ix_cases_street_id_received_at",
            "street_id",
            "received_at",
            "id",
            postgresql_include=_COUNTED,
        ),
        Index("ix_cases_community_id_received_at", "community_id", "received_at", "id"),
        Index("ix_cases_grid_id_received_at", "grid_id", "received_at", "id"),
        Index("ix_cases_holder_id_received_at", "holder_id", "received_at", "id"),
        Index("ix_cases_tier_due_at", "tier_due_at", "id", postgresql_where=_given("tier_due_at")),
        Index("ix_cases_tier_warn_at", "tier_warn_at", "id", postgresql_where=_given("tier_warn_at")),
        Index("ix_cases_waiting", "id", postgresql_where=text(WAITING)),
        Index("ix_cases_moved_at", "moved_at", postgresql_where=_given("moved_at")),
        Index("ix_cases_title_trgm", "title", postgresql_using="gin", postgresql_ops=_TRIGRAMS),
    )


class Party(Base):
    """One person or body in a case; name and numbers are sealed, the numbers findable by hash."""

    __tablename__ = "parties"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(vocabulary(PartyRole))
    name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    identity_number: Mapped[str | None] = mapped_column(Sealed)
    identity_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    is_anonymous: Mapped[bool] = mapped_column(server_default="false")


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


class NumberSeries(Base):
    """The last serial given out by a street in one series (of cases of a kind, of mediations) and year."""

    __tablename__ = "number_series"

    street_code: Mapped[str] = mapped_column(String(9), primary_key=True)
    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ImportRun(Base):
    """One file brought in: who, when, its checksum, how far it got, and what came of it.

    `failures` counts how often it was broken off, through no fault of the file, since its last chunk.
    """

    __tablename__ = "import_runs"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    profile: Mapped[str] = mapped_column(String(40))
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


class ImportRow(Base):
    """The verdict on one row of a file; `row` is the line as a person counts it, the header being 1."""

    __tablename__ = "import_rows"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("verdict IN ('created', 'changed', 'unchanged', 'refused')", name="verdict_known"),
    )
