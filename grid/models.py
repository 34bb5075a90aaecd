"""The hierarchy, its boundaries, the gazetteer of lanes and places, and who serves where."""

from datetime import date
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.vocabulary import Role
from app.core.db import Base
from app.core.types import Key, Moment, shape, vocabulary
from grid.vocabulary import AliasState, DraftState, Duty, EditKind, PlaceKind, Tier


class Unit(Base):
    """A street, community or grid: its id is the unit, its code, name and parent what it is called now."""

    __tablename__ = "units"

    id: Mapped[Key]
    tier: Mapped[Tier] = mapped_column(vocabulary(Tier))
    code: Mapped[str] = mapped_column(String(15), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(index=True)
    parent_code: Mapped[str | None] = mapped_column(String(12))
    street_code: Mapped[str] = mapped_column(String(9), Computed("left(code, 9)", persisted=True), index=True)
    households: Mapped[int | None]
    residents: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("id", "code"),
        # What the place and the holder of a case refer to, so that they cannot contradict the hierarchy.
        UniqueConstraint("id", "tier"),
        UniqueConstraint("id", "parent_id"),
        ForeignKeyConstraint(
            ["parent_id", "parent_code"],
            ["units.id", "units.code"],
            onupdate="CASCADE",
            name="fk_units_parent",
        ),
        CheckConstraint(
            "code ~ '^[0-9]+$' AND starts_with(code, coalesce(parent_code, ''))", name="code_prefix"
        ),
        CheckConstraint(
            "CASE tier WHEN 'street' THEN length(code) = 9 AND parent_id IS NULL"
            " WHEN 'community' THEN length(code) = 12 AND length(parent_code) = 9"
            " ELSE length(code) = 15 AND length(parent_code) = 12 END",
            name="tier_ladder",
        ),
        CheckConstraint("(parent_id IS NULL) = (parent_code IS NULL)", name="parent_whole"),
    )


class Revision(Base):
    """One published state of a street's boundaries; a later revision supersedes it, nothing edits it."""

    __tablename__ = "revisions"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    published_at: Mapped[Moment]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    source_file: Mapped[str] = mapped_column(String(200))
    __table_args__ = (Index("ix_revisions_street_id_published_at", "street_id", "published_at"),)


class Boundary(Base):
    """The outline of one unit in one revision, in degrees of WGS-84; `datum` says how it was declared.

    `given` is the geometry as GeoJSON in the declared system, to the last digit as the file had it; null
    where that is WGS-84 or CGCS2000, or where the outline is the union of those below. `facts` are what the
    unit was called and how many lived there at the publication.
    """

    __tablename__ = "boundaries"

    id: Mapped[Key]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    outline: Mapped[WKBElement] = mapped_column(shape("MULTIPOLYGON"))
    datum: Mapped[str] = mapped_column(String(10))
    given: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    __table_args__ = (
        UniqueConstraint("revision_id", "unit_id"),
        Index("ix_boundaries_outline", "outline", postgresql_using="gist"),
        CheckConstraint("ST_IsValid(outline)", name="outline_valid"),
    )


class UnitEnd(Base):
    """That a unit is there no more since a revision, and who has had its land from then on. Never changed."""

    __tablename__ = "unit_ends"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    __table_args__ = (CheckConstraint("heir_id <> unit_id", name="another_heir"),)


class Draft(Base):
    """New boundaries of a street in the making: edits on the revision `base_id`, until it ends.

    Published it has become `revision_id`; while it is open it binds nobody.
    """

    __tablename__ = "drafts"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    state: Mapped[DraftState] = mapped_column(vocabulary(DraftState), server_default=DraftState.OPEN)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"), unique=True)
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[Moment | None]
    __table_args__ = (
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_whole"),
        CheckConstraint("(state = 'published') = (revision_id IS NOT NULL)", name="published_whole"),
    )


class DraftEdit(Base):
    """One edit of a draft as it was drawn; one that was taken back counts no more."""

    __tablename__ = "draft_edits"

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    kind: Mapped[EditKind] = mapped_column(vocabulary(EditKind))
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    by_name: Mapped[str] = mapped_column(String(40))
    undone_at: Mapped[Moment | None]


class Lane(Base):
    """A named street or lane of the gazetteer (街巷)."""

    __tablename__ = "lanes"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(60))
    __table_args__ = (UniqueConstraint("street_id", "name"),)


class LaneSegment(Base):
    """A stretch of a lane with the house numbers of its two sides, left and right of the line's direction."""

    __tablename__ = "lane_segments"

    id: Mapped[Key]
    lane_id: Mapped[int] = mapped_column(ForeignKey("lanes.id"), index=True)
    line: Mapped[WKBElement] = mapped_column(shape("LINESTRING"))
    left_from: Mapped[int | None]
    left_to: Mapped[int | None]
    right_from: Mapped[int | None]
    right_to: Mapped[int | None]
    __table_args__ = (
        Index("ix_lane_segments_line", "line", postgresql_using="gist"),
        CheckConstraint("left_from <= left_to AND right_from <= right_to", name="numbers_ascend"),
    )


class Place(Base):
    """A compound, building, village or market that people name instead of a lane."""

    __tablename__ = "places"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[PlaceKind] = mapped_column(vocabulary(PlaceKind))
    point: Mapped[WKBElement] = mapped_column(shape("POINT"))
    address: Mapped[str | None] = mapped_column(String(200))
    aliases: Mapped[list[str]] = mapped_column(ARRAY(String(60)), server_default="{}")
    __table_args__ = (UniqueConstraint("street_id", "name"),)


class Alias(Base):
    """Another name of a lane, place or unit: an old one, or a common misspelling. It holds no personal data.

    What one person proposes counts once another confirms it. What came from a table has no proposer.
    """

    __tablename__ = "aliases"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    wording: Mapped[str] = mapped_column(String(30))
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[AliasState] = mapped_column(vocabulary(AliasState), server_default=AliasState.PROPOSED)
    proposed_at: Mapped[Moment]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    proposed_by_name: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[Moment | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_by_name: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        CheckConstraint("num_nonnulls(lane_id, place_id, unit_id) = 1", name="one_meaning"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_name IS NULL)", name="decided_by_whole"),
        CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="another_decides"),
        Index(
            "uq_aliases_wording",
            "street_id",
            "wording",
            "lane_id",
            "place_id",
            "unit_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
            postgresql_nulls_not_distinct=True,
        ),
    )


class Posting(Base):
    """A person serving a unit in a role for a half-open period of days; people come and go behind a unit."""

    __tablename__ = "postings"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role))
    days: Mapped[Range[date]] = mapped_column(DATERANGE)
    duty: Mapped[Duty | None] = mapped_column(vocabulary(Duty))
    is_backup: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    __table_args__ = (
        ExcludeConstraint(
            ("user_id", "="), ("unit_id", "="), ("role", "="), ("days", "&&"), name="postings_once"
        ),
        ExcludeConstraint(
            ("unit_id", "="),
            ("days", "&&"),
            name="postings_one_head",
            where=text("duty = 'grid_head' AND NOT is_backup"),
        ),
        CheckConstraint("role NOT LIKE '%\\_admin'", name="business_role"),
        CheckConstraint("duty IS NULL OR role = 'grid_worker'", name="duty_in_grid"),
    )
