"""A street's year is counted from one index

Revision ID: 0010
Revises: 0009

"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NAME = "ix_cases_street_id_received_at"
_KEYS = ["street_id", "received_at", "id"]
_COUNTED = ["registered_at", "kind", "channel", "community_id", "grid_id", "ending", "ended_at"]


def upgrade() -> None:
    op.drop_index(_NAME, table_name="cases")
    op.create_index(_NAME, "cases", _KEYS, postgresql_include=_COUNTED)


def downgrade() -> None:
    op.drop_index(_NAME, table_name="cases")
    op.create_index(_NAME, "cases", _KEYS)
