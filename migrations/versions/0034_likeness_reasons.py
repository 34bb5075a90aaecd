"""A likeness that was found with an import keeps its reasons

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was found before has none, and the page of the case tells them.
    column = sa.Column(
        "reasons",
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=sa.text("'[]'::jsonb"),
        nullable=False,
    )
    op.add_column("case_likenesses", column)


def downgrade() -> None:
    op.drop_column("case_likenesses", "reasons")
