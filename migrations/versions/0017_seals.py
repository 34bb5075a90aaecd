"""Seals over all events, and endings and verdicts of imports that cannot be rewritten

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("seals", "import_rows")


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("events > 0", name=op.f("ck_seals_events_given")),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_seals_hash_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("last_event_id", name=op.f("uq_seals_last_event_id")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_seals_previous_hash")),
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER case_endings_append_only BEFORE DELETE OR TRUNCATE ON case_endings "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    # A period of having ended is closed once, by the reopening, and nothing else about it ever changes.
    op.execute(
        """
        CREATE TRIGGER case_endings_closed_once BEFORE UPDATE ON case_endings FOR EACH ROW
        WHEN (OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL
            OR (OLD.id, OLD.case_id, OLD.ending, OLD.ended_at)
            IS DISTINCT FROM (NEW.id, NEW.case_id, NEW.ending, NEW.ended_at))
        EXECUTE FUNCTION refuse_change()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER case_endings_closed_once ON case_endings")
    op.execute("DROP TRIGGER case_endings_append_only ON case_endings")
    op.execute("DROP TRIGGER import_rows_append_only ON import_rows")
    op.drop_table("seals")
