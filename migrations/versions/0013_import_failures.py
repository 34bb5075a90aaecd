"""An import counts how often it failed without a fault of its file

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_runs", sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("import_runs", "failures")
