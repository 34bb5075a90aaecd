"""An import is undone by a tick, and a comparison that always fails is given up

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_undoings",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), sa.ForeignKey("import_runs.id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("num_nonnulls(refused, cases) = num_nonnulls(finished_at)", name="one_end"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_undoings_run_id", "import_undoings", ["run_id"])
    op.create_index("ix_import_undoings_asked_by", "import_undoings", ["asked_by"])
    op.create_index(
        "uq_import_undoings_open",
        "import_undoings",
        ["run_id"],
        unique=True,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_import_rows_case_id_run_id", "import_rows", ["case_id", "run_id"])
    op.drop_index("ix_import_rows_case_id", "import_rows")
    for name in ("skipped", "failures"):
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("import_comparisons", column)


def downgrade() -> None:
    for name in ("failures", "skipped"):
        op.drop_column("import_comparisons", name)
    op.drop_table("import_undoings")
    op.create_index("ix_import_rows_case_id", "import_rows", ["case_id"])
    op.drop_index("ix_import_rows_case_id_run_id", "import_rows")
