"""Mediations, sessions, agreements

Revision ID: 0008
Revises: 0007

"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mediations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_mediation",
                "agreed_written",
                "agreed_oral",
                "failed",
                name="mediation_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "started_by",
            sa.Enum(
                "application",
                "initiative",
                name="started_by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mediator", sa.String(length=40), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'in_mediation') = (ended_at IS NULL)", name=op.f("ck_mediations_ended_whole")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mediations_case_id")),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_mediations_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediations")),
        sa.UniqueConstraint("street_id", "number", name=op.f("uq_mediations_street_id_number")),
    )
    with op.batch_alter_table("mediations", schema=None) as batch_op:
        batch_op.create_index("ix_mediations_case_id", ["case_id"], unique=False)
        batch_op.create_index(
            "uq_mediations_running", ["case_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
        )

    op.create_table(
        "agreements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mediation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "written", "oral", name="agreement_form", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("perform_by", sa.Date(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("content <> ''", name=op.f("ck_agreements_content_given")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_agreements_amount_not_negative")),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_agreements_mediation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("mediation_id", name=op.f("uq_agreements_mediation_id")),
    )
    op.create_table(
        "mediation_parties",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mediation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("is_applicant", sa.Boolean(), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_parties_mediation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_parties")),
    )
    with op.batch_alter_table("mediation_parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediation_parties_mediation_id"), ["mediation_id"], unique=False)

    op.create_table(
        "mediation_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mediation_id", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_sessions_mediation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_sessions")),
    )
    with op.batch_alter_table("mediation_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mediation_sessions_mediation_id"), ["mediation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("mediation_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediation_sessions_mediation_id"))

    op.drop_table("mediation_sessions")
    with op.batch_alter_table("mediation_parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mediation_parties_mediation_id"))

    op.drop_table("mediation_parties")
    op.drop_table("agreements")
    with op.batch_alter_table("mediations", schema=None) as batch_op:
        batch_op.drop_index("uq_mediations_running", postgresql_where=sa.text("ended_at IS NULL"))
        batch_op.drop_index("ix_mediations_case_id")

    op.drop_table("mediations")
