"""Files of the watched folder that were handed in

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_files",
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "inbox_runs",
        sa.Column("run_id", sa.BigInteger(), sa.ForeignKey("import_runs.id"), primary_key=True),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["street_id", "sha256"], ["inbox_files.street_id", "inbox_files.sha256"]),
    )
    op.create_index("ix_inbox_runs_street_id_sha256", "inbox_runs", ["street_id", "sha256"])


def downgrade() -> None:
    op.drop_table("inbox_runs")
    op.drop_table("inbox_files")
