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
    # The order of the page of pairs.
    likeliest = [sa.text("is_likely DESC"), sa.text("same_person DESC"), sa.text("case_id DESC")]
    op.create_index("ix_case_likenesses_likeliest", "case_likenesses", likeliest)


def downgrade() -> None:
    op.drop_index("ix_case_likenesses_likeliest", "case_likenesses")
    op.drop_column("case_likenesses", "reasons")
