"""What a new row of a dry run says is kept for a while, and orders of several matters can be split there

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_MARKS = ("alike", "desk", "status", "left_out")


def upgrade() -> None:
    op.add_column("import_secrets", sa.Column("said", sa.LargeBinary(), nullable=True))
    _demand_one_secret("num_nonnulls(difference, cells, said) = 1")
    _allow_marks((*_MARKS, "several"), of_old_rows=True)
    op.create_table(
        "import_splits",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "row"],
            ["import_rows.run_id", "import_rows.row"],
            name=op.f("fk_import_splits_run_id_row"),
        ),
        sa.PrimaryKeyConstraint("run_id", "row", name=op.f("pk_import_splits")),
    )


def downgrade() -> None:
    op.drop_table("import_splits")
    # The verdicts are never changed: those that say so stay as they are.
    _allow_marks(_MARKS, of_old_rows=False)
    op.execute("DELETE FROM import_secrets WHERE said IS NOT NULL")
    _demand_one_secret("(difference IS NULL) <> (cells IS NULL)")
    op.drop_column("import_secrets", "said")


def _demand_one_secret(condition: str) -> None:
    name = op.f("ck_import_secrets_one_secret")
    op.drop_constraint(name, "import_secrets")
    op.create_check_constraint(name, "import_secrets", condition)


def _allow_marks(marks: tuple[str, ...], *, of_old_rows: bool) -> None:
    name = op.f("ck_import_rows_marks_known")
    op.drop_constraint(name, "import_rows")
    listed = ", ".join(f"'{mark}'" for mark in marks)
    condition = f"CHECK (marks <@ ARRAY[{listed}]) NOT VALID"
    op.execute(f"ALTER TABLE import_rows ADD CONSTRAINT {name} {condition}")
    if of_old_rows:
        op.execute(f"ALTER TABLE import_rows VALIDATE CONSTRAINT {name}")
