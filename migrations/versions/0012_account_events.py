"""The log of accounts, sessions that can be ended, login names in small letters

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ACTS = (
    "opened",
    "closed",
    "password_reset",
    "password_changed",
    "password_refused",
    "logged_in",
    "login_refused",
    "logged_out",
    "posted",
    "posting_ended",
)


def upgrade() -> None:
    op.create_table(
        "account_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            sa.Enum(*_ACTS, name="account_act", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("address", sa.String(45), nullable=True),
        sa.Column("detail", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    op.create_index("ix_account_events_actor_id", "account_events", ["actor_id"])
    op.create_index("ix_account_events_user_id", "account_events", ["user_id"])
    op.create_index(
        "ix_account_events_refused",
        "account_events",
        ["address", "at"],
        postgresql_where=sa.text("act = 'login_refused'"),
    )
    op.execute(
        "CREATE TRIGGER account_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.add_column("users", sa.Column("session_epoch", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE users SET username = lower(username)")
    op.create_check_constraint(op.f("ck_users_small_letters"), "users", "username = lower(username)")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_users_small_letters"), "users")
    op.drop_column("users", "session_epoch")
    op.drop_table("account_events")
