"""Events and endings

Revision ID: 0005
Revises: 0004

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_endings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "ending",
            sa.Enum(
                "settled_by_agreement",
                "solved",
                "explained",
                "withdrawn",
                "diverted",
                "forwarded",
                "declined",
                "void",
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("case_id"), "="),
            (sa.text("tstzrange(ended_at, reopened_at)"), "&&"),
            using="gist",
            name="case_endings_once",
        ),
        sa.CheckConstraint(
            "reopened_at IS NULL OR reopened_at >= ended_at", name=op.f("ck_case_endings_period_forward")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_endings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_endings")),
    )
    with op.batch_alter_table("case_endings", schema=None) as batch_op:
        batch_op.create_index("ix_case_endings_case_id_ended_at", ["case_id", "ended_at"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "register",
                "update",
                "sign_for",
                "hand_back",
                "rule",
                "hand_down",
                "start_clock",
                "warn",
                "escalate",
                "note",
                "open_mediation",
                "hold_session",
                "agree",
                "fail_mediation",
                "settle",
                "divert",
                "void",
                "reopen",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_case_events_hash_length")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_case_events_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_events_case_id_seq")),
    )


def downgrade() -> None:
    op.drop_table("case_events")
    with op.batch_alter_table("case_endings", schema=None) as batch_op:
        batch_op.drop_index("ix_case_endings_case_id_ended_at")

    op.drop_table("case_endings")
