"""Where a case lay before it moved, so that a figure of the past stays as it was

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDEX = "ix_cases_street_id_received_at"
_KEYS = ["street_id", "received_at", "id"]
_COUNTED = ["registered_at", "kind", "channel", "community_id", "grid_id", "ending", "ended_at"]


def upgrade() -> None:
    op.create_table(
        "case_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True),
        sa.Column("grid_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True),
    )
    op.create_index("ix_case_moves_case_id_moved_at", "case_moves", ["case_id", "moved_at"])
    op.execute(
        "CREATE TRIGGER case_moves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_moves "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.add_column("cases", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_cases_moved_at", "cases", ["moved_at"], postgresql_where=sa.text("moved_at IS NOT NULL")
    )
    op.drop_index(_INDEX, table_name="cases")
    op.create_index(_INDEX, "cases", _KEYS, postgresql_include=[*_COUNTED, "moved_at"])


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="cases")
    op.create_index(_INDEX, "cases", _KEYS, postgresql_include=_COUNTED)
    op.drop_column("cases", "moved_at")
    op.drop_table("case_moves")
