"""A row of an import is marked where another explanation of the columns may read it

Revision ID: 0038
Revises: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_MARKS = ("alike", "desk", "status", "left_out", "several", "otherwise")


def upgrade() -> None:
    _allow_marks((*_MARKS, "unread"), of_old_rows=True)


def downgrade() -> None:
    # The verdicts are never changed: those that say so stay as they are.
    _allow_marks(_MARKS, of_old_rows=False)


def _allow_marks(marks: tuple[str, ...], *, of_old_rows: bool) -> None:
    name = op.f("ck_import_rows_marks_known")
    op.drop_constraint(name, "import_rows")
    listed = ", ".join(f"'{mark}'" for mark in marks)
    condition = f"CHECK (marks <@ ARRAY[{listed}]) NOT VALID"
    op.execute(f"ALTER TABLE import_rows ADD CONSTRAINT {name} {condition}")
    if of_old_rows:
        op.execute(f"ALTER TABLE import_rows VALIDATE CONSTRAINT {name}")
