"""A row of an import knows the row of the same number that came first in its file

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rows of earlier imports name theirs in words only.
    op.add_column("import_rows", sa.Column("first_row", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f("ck_import_rows_first_before"), "import_rows", "first_row < row")
    op.create_index(
        "ix_import_rows_first",
        "import_rows",
        ["run_id", "first_row"],
        postgresql_where=sa.text("first_row IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_import_rows_first", "import_rows")
    op.drop_constraint(op.f("ck_import_rows_first_before"), "import_rows", type_="check")
    op.drop_column("import_rows", "first_row")
