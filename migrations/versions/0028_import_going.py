"""Imports are tried first, go, are cancelled, undone and mended

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = ("asking", "open", "done", "failed", "cancelled", "tried", "gone", "dropped", "undone")
RUNS = (
    sa.Column("rehearsal_id", sa.BigInteger()),
    sa.Column("state", sa.String(40), server_default="open", nullable=False),
    sa.Column("decided_by", sa.BigInteger()),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("kept_until", sa.DateTime(timezone=True)),
    sa.Column("last_row", sa.BigInteger()),
    sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("claimed_at", sa.DateTime(timezone=True)),
    sa.Column("turn_at", sa.DateTime(timezone=True)),
    sa.Column("turn_row", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("marked", JSONB(), server_default="{}", nullable=False),
    sa.Column("form", JSONB()),
)
ROWS = (
    sa.Column("marks", ARRAY(sa.Text()), server_default="{}", nullable=False),
    sa.Column("alike_id", sa.BigInteger()),
)
CHECKS = {
    "ck_import_runs_run_state": f"state IN ({', '.join(map(repr, STATES))})",
    "ck_import_runs_open_unfinished": "(state IN ('asking', 'open')) = (finished_at IS NULL)",
    "ck_import_runs_failed_why": "state = 'undone' OR (state = 'failed') = (error IS NOT NULL)",
    "ck_import_runs_tried_dry": "is_dry_run OR state NOT IN ('tried', 'gone', 'dropped')",
    "ck_import_runs_done_in_earnest": "NOT is_dry_run OR state NOT IN ('done', 'undone')",
}


def upgrade() -> None:
    for column in RUNS:
        op.add_column("import_runs", column)
    for column in ROWS:
        op.add_column("import_rows", column)
    op.execute("UPDATE import_runs SET state = 'asking' WHERE finished_at IS NULL AND profile = ''")
    # The file of an old dry run was not kept, so it can go no more.
    op.execute(
        """
        UPDATE import_runs SET state = CASE
            WHEN error IS NOT NULL THEN 'failed' WHEN is_dry_run THEN 'dropped' ELSE 'done' END
        WHERE finished_at IS NOT NULL
        """
    )
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "import_runs", condition)
    marks = "marks <@ ARRAY['alike', 'desk', 'status', 'left_out']"
    op.create_check_constraint(op.f("ck_import_rows_marks_known"), "import_rows", marks)
    op.create_unique_constraint(op.f("uq_import_runs_rehearsal_id"), "import_runs", ["rehearsal_id"])
    _foreign_key("import_runs", "rehearsal_id", "import_runs")
    _foreign_key("import_runs", "decided_by", "users")
    _foreign_key("import_rows", "alike_id", "cases")
    op.create_index(op.f("ix_import_runs_decided_by"), "import_runs", ["decided_by"])
    kept = sa.text("kept_until IS NOT NULL")
    op.create_index("ix_import_runs_kept_until", "import_runs", ["kept_until"], postgresql_where=kept)
    alike = sa.text("alike_id IS NOT NULL")
    op.create_index("ix_import_rows_alike_id", "import_rows", ["alike_id"], postgresql_where=alike)
    marked = sa.text("marks <> '{}'")
    op.create_index("ix_import_rows_marked", "import_rows", ["run_id", "row"], postgresql_where=marked)
    _beside_rows("import_left_out")
    _beside_rows(
        "import_secrets",
        sa.Column("difference", sa.LargeBinary()),
        sa.Column("cells", sa.LargeBinary()),
        sa.CheckConstraint(
            "(difference IS NULL) <> (cells IS NULL)", name=op.f("ck_import_secrets_one_secret")
        ),
    )


def downgrade() -> None:
    op.drop_table("import_secrets")
    op.drop_table("import_left_out")
    # An index or a constraint goes with its last column.
    for column in ROWS:
        op.drop_column("import_rows", column.name)
    for column in RUNS:
        op.drop_column("import_runs", column.name)


def _foreign_key(table: str, column: str, other: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, other, [column], ["id"])


def _beside_rows(table: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["run_id", "row"], ["import_rows.run_id", "import_rows.row"], name=op.f(f"fk_{table}_run_id_row")
        ),
        sa.PrimaryKeyConstraint("run_id", "row", name=op.f(f"pk_{table}")),
    )
