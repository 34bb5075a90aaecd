"""Other names of lanes, places and units: proposed by one person, decided by another

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("wording", sa.String(30), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), sa.ForeignKey("lanes.id"), nullable=True),
        sa.Column("place_id", sa.BigInteger(), sa.ForeignKey("places.id"), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True),
        sa.Column("state", sa.String(40), server_default="proposed", nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("proposed_by_name", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("decided_by_name", sa.String(40), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name="alias_state"),
        sa.CheckConstraint("num_nonnulls(lane_id, place_id, unit_id) = 1", name="one_meaning"),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_whole"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_name IS NULL)", name="decided_by_whole"),
        sa.CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="another_decides"),
    )
    for column in ("street_id", "lane_id", "place_id", "unit_id", "proposed_by", "decided_by"):
        op.create_index(f"ix_aliases_{column}", "aliases", [column])
    op.create_index(
        "uq_aliases_wording",
        "aliases",
        ["street_id", "wording", "lane_id", "place_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_table("aliases")
