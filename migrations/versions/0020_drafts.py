"""Drafts of boundaries, edit by edit, and units that are there no more

Revision ID: 0020
Revises: 0019
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


# An exclusion constraint compares boxes only, and those of neighbours meet. The area is that of a hundredth
# of a square metre in square degrees: below it corners were rounded.
_REFUSE_OVERLAP = """
CREATE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one text;
    other text;
BEGIN
    SELECT mine.code, theirs.code INTO one, other
    FROM fresh
    JOIN units AS mine ON mine.id = fresh.unit_id
    JOIN boundaries AS beside
        ON beside.revision_id = fresh.revision_id AND beside.unit_id <> fresh.unit_id
        AND beside.outline && fresh.outline
    JOIN units AS theirs ON theirs.id = beside.unit_id AND theirs.tier = mine.tier
    WHERE ST_Relate(beside.outline, fresh.outline, 'T********')
        AND ST_Area(ST_Intersection(beside.outline, fresh.outline)) > 1e-12
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'boundaries of % and % overlap in one revision', one, other
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "unit_ends",
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("units.id"), primary_key=True),
        sa.Column("revision_id", sa.BigInteger(), sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("heir_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True),
        sa.CheckConstraint("heir_id <> unit_id", name="another_heir"),
    )
    op.create_index("ix_unit_ends_revision_id", "unit_ends", ["revision_id"])
    op.create_index("ix_unit_ends_heir_id", "unit_ends", ["heir_id"])
    op.execute(
        "CREATE TRIGGER unit_ends_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON unit_ends "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("base_id", sa.BigInteger(), sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        _vocabulary("state", "draft_state", "open", "published", "discarded", server_default="open"),
        sa.Column("revision_id", sa.BigInteger(), sa.ForeignKey("revisions.id"), nullable=True, unique=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("made_by_name", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_whole"),
        sa.CheckConstraint("(state = 'published') = (revision_id IS NOT NULL)", name="published_whole"),
    )
    for column in ("street_id", "base_id", "made_by"):
        op.create_index(f"ix_drafts_{column}", "drafts", [column])
    op.create_table(
        "draft_edits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("draft_id", sa.BigInteger(), sa.ForeignKey("drafts.id"), nullable=False),
        _vocabulary("kind", "edit_kind", "redraw", "split", "merge", "add", "close", "move", "describe"),
        sa.Column("said", JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("by_name", sa.String(40), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("draft_id", "by_id"):
        op.create_index(f"ix_draft_edits_{column}", "draft_edits", [column])

    op.execute(_REFUSE_OVERLAP)
    op.execute(
        "CREATE TRIGGER boundaries_apart AFTER INSERT ON boundaries REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_overlap()"
    )
    _verbs(lambda known: [*known, "relocate"])


def downgrade() -> None:
    op.execute("DROP TRIGGER boundaries_apart ON boundaries")
    op.execute("DROP FUNCTION refuse_overlap()")
    _verbs(lambda known: [verb for verb in known if verb != "relocate"])
    for table in ("draft_edits", "drafts", "unit_ends"):
        op.drop_table(table)


def _verbs(change: Callable[[list[str]], list[str]]) -> None:
    name = op.f("ck_case_events_verb")
    said = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    listed = ", ".join(f"'{verb}'" for verb in change(re.findall(r"'(\w+)'", said)))
    op.drop_constraint(name, "case_events")
    op.execute(f"ALTER TABLE case_events ADD CONSTRAINT {name} CHECK (verb IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE case_events VALIDATE CONSTRAINT {name}")


def _vocabulary(column: str, name: str, *members: str, **more: str) -> sa.Column[str]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False, **more)
