"""The file of an import is kept in pieces

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_pieces",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_pieces_run_id")),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_import_pieces")),
    )
    op.execute(
        """
        INSERT INTO import_pieces (run_id, place, content)
        SELECT id, place, substring(content FROM (place * 1048576 + 1)::int FOR 1048576)
        FROM import_runs, generate_series(0, (octet_length(content) - 1) / 1048576) AS place
        WHERE content IS NOT NULL
        """
    )
    op.drop_column("import_runs", "content")


def downgrade() -> None:
    op.add_column("import_runs", sa.Column("content", sa.LargeBinary(), nullable=True))
    op.execute(
        """
        UPDATE import_runs SET content = whole.content
        FROM (SELECT run_id, string_agg(content, ''::bytea ORDER BY place) AS content
              FROM import_pieces GROUP BY run_id) AS whole
        WHERE whole.run_id = import_runs.id
        """
    )
    op.drop_table("import_pieces")
