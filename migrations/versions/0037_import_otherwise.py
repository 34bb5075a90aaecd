"""A row of an import is marked where its file says otherwise than what is kept

Revision ID: 0037
Revises: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_MARKS = ("alike", "desk", "status", "left_out", "several")


def upgrade() -> None:
    _allow_marks((*_MARKS, "otherwise"), of_old_rows=True)


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
