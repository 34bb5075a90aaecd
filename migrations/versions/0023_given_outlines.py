"""The outline of a boundary as its file gave it, in the system that was declared

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("boundaries", sa.Column("given", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("boundaries", "given")
