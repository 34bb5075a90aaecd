"""Years of the calendar loaded from a notice, and days decided locally

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APPEND_ONLY = ("calendar_years", "calendar_year_days", "local_days")


def _kind(*, nullable: bool) -> sa.Column[str]:
    kinds = sa.Enum(
        "holiday", "workday", name="day_kind", native_enum=False, create_constraint=True, length=40
    )
    return sa.Column("kind", kinds, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "calendar_years",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(300), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.UniqueConstraint("year", "version"),
        sa.CheckConstraint("version >= 1", name="version_counts"),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name="correction_reasoned"),
    )
    op.create_index("ix_calendar_years_loaded_by", "calendar_years", ["loaded_by"])
    op.create_table(
        "calendar_year_days",
        sa.Column("calendar_year_id", sa.BigInteger(), sa.ForeignKey("calendar_years.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        _kind(nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("notice", sa.String(300), nullable=False),
    )
    op.create_table(
        "local_days",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        _kind(nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
    )
    op.create_index("ix_local_days_decided_by", "local_days", ["decided_by"])
    op.create_index("ix_local_days_day_id", "local_days", ["day", "id"])
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
