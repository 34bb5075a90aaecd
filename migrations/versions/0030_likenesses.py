"""Cases found to be alike when they came in with an import, and how far each import has been compared

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_likenesses",
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("other_id", sa.BigInteger(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("is_likely", sa.Boolean(), nullable=False),
        sa.Column("same_person", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("case_id <> other_id", name="two_cases"),
    )
    op.create_index("ix_case_likenesses_other_id", "case_likenesses", ["other_id"])
    op.create_table(
        "import_comparisons",
        sa.Column("run_id", sa.BigInteger(), sa.ForeignKey("import_runs.id"), primary_key=True),
        sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    )
    # What came in before is compared when somebody opens it, as it was until now.
    op.execute(
        "INSERT INTO import_comparisons (run_id, finished_at) SELECT id, now() FROM import_runs "
        "WHERE finished_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("import_comparisons")
    op.drop_table("case_likenesses")
