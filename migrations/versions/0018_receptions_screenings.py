"""Leaders' reception days with their bookings; screening rounds with the answers of their grids

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPEND_ONLY = ("reception_events", "screening_events")


def upgrade() -> None:
    op.create_table(
        "receptions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("leader_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "at_office",
                "in_field",
                name="reception_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "published",
                "cancelled",
                name="day_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("event_count", sa.BigInteger(), server_default="0", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("leader_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("state <> 'cancelled'"),
            using="gist",
            name="receptions_leader_once",
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name=op.f("ck_receptions_cancelled_whole")
        ),
        sa.CheckConstraint(
            "timezone('Asia/Shanghai', starts_at)::date = timezone('Asia/Shanghai', ends_at)::date",
            name=op.f("ck_receptions_one_day"),
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100", name=op.f("ck_receptions_capacity_bounded")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_receptions_span_forward")),
        sa.ForeignKeyConstraint(["leader_id"], ["users.id"], name=op.f("fk_receptions_leader_id")),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_receptions_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
        sa.UniqueConstraint("key", name=op.f("uq_receptions_key")),
    )
    op.create_index("ix_receptions_leader_id", "receptions", ["leader_id"])
    op.create_index("ix_receptions_street_id_starts_at", "receptions", ["street_id", "starts_at"])

    op.create_table(
        "screenings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_screenings_closed_after_opening")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_screenings_days_forward")),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_screenings_street_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_screenings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenings")),
        sa.UniqueConstraint("key", name=op.f("uq_screenings_key")),
    )
    op.create_index(
        "ix_screenings_remind_at",
        "screenings",
        ["remind_at"],
        postgresql_where=sa.text("reminded_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index("ix_screenings_street_id", "screenings", ["street_id"])
    op.create_index("ix_screenings_unit_id", "screenings", ["unit_id"])

    op.create_table(
        "bookings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reception_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "withdrawn",
                "absent",
                "answered",
                "registered",
                "linked",
                name="booking_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("representatives", sa.BigInteger(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("promised_until", sa.Date(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("event_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'linked') OR answer IS NOT NULL", name=op.f("ck_bookings_answer_given")
        ),
        sa.CheckConstraint(
            "state NOT IN ('registered', 'linked') OR case_id IS NOT NULL",
            name=op.f("ck_bookings_case_named"),
        ),
        sa.CheckConstraint(
            "promise IS NOT NULL OR (promised_until IS NULL AND kept_at IS NULL)",
            name=op.f("ck_bookings_promise_whole"),
        ),
        sa.CheckConstraint(
            "representatives BETWEEN 1 AND least(persons, 5)", name=op.f("ck_bookings_representatives_few")
        ),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_bookings_slot_counts_from_one")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bookings_case_id")),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_bookings_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("key", name=op.f("uq_bookings_key")),
    )
    op.create_index("ix_bookings_case_id", "bookings", ["case_id"])
    op.create_index(
        "ix_bookings_open", "bookings", ["reception_id"], postgresql_where=sa.text("state = 'booked'")
    )
    op.create_index("ix_bookings_phone_hash", "bookings", ["phone_hash"])
    op.create_index(
        "ix_bookings_promised",
        "bookings",
        ["promised_until"],
        postgresql_where=sa.text("promise IS NOT NULL AND kept_at IS NULL"),
    )
    op.create_index("ix_bookings_reception_id", "bookings", ["reception_id"])
    op.create_index(
        "uq_bookings_slot",
        "bookings",
        ["reception_id", "slot"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )

    op.create_table(
        "screening_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("screening_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "open",
                "remind",
                "find_nothing",
                "report",
                "retract",
                "close",
                name="screening_act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_screening_events_actor_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["units.id"], name=op.f("fk_screening_events_grid_id")),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screenings.id"], name=op.f("fk_screening_events_screening_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_events")),
    )
    op.create_index("ix_screening_events_actor_id", "screening_events", ["actor_id"])
    op.create_index("ix_screening_events_grid_id", "screening_events", ["grid_id"])
    op.create_index("ix_screening_events_screening_id", "screening_events", ["screening_id"])

    op.create_table(
        "screening_grids",
        sa.Column("screening_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["units.id"], name=op.f("fk_screening_grids_community_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["units.id"], name=op.f("fk_screening_grids_grid_id")),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screenings.id"], name=op.f("fk_screening_grids_screening_id")
        ),
        sa.PrimaryKeyConstraint("screening_id", "grid_id", name=op.f("pk_screening_grids")),
    )
    op.create_index("ix_screening_grids_community_id", "screening_grids", ["community_id"])
    op.create_index("ix_screening_grids_grid_id", "screening_grids", ["grid_id"])

    op.create_table(
        "reception_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reception_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "plan",
                "replan",
                "publish",
                "cancel",
                "book",
                "move",
                "tell",
                "withdraw",
                "note_absent",
                "answer",
                "register",
                "link",
                "reopen",
                "keep_promise",
                name="reception_act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_reception_events_actor_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_reception_events_booking_id")),
        sa.ForeignKeyConstraint(
            ["reception_id"], ["receptions.id"], name=op.f("fk_reception_events_reception_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_events")),
    )
    op.create_index("ix_reception_events_actor_id", "reception_events", ["actor_id"])
    op.create_index("ix_reception_events_booking_id", "reception_events", ["booking_id"])
    op.create_index("ix_reception_events_reception_id", "reception_events", ["reception_id"])

    op.create_table(
        "screening_findings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("screening_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "retracted_at >= found_at", name=op.f("ck_screening_findings_retracted_after_finding")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_screening_findings_case_id")),
        sa.ForeignKeyConstraint(
            ["screening_id", "grid_id"],
            ["screening_grids.screening_id", "screening_grids.grid_id"],
            name=op.f("fk_screening_findings_screening_id_grid_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_findings")),
        sa.UniqueConstraint("case_id", name=op.f("uq_screening_findings_case_id")),
    )
    op.create_index(
        "ix_screening_findings_screening_id_grid_id", "screening_findings", ["screening_id", "grid_id"]
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("screening_findings")
    op.drop_table("screening_grids")
    op.drop_table("screening_events")
    op.drop_table("screenings")
    op.drop_table("reception_events")
    op.drop_table("bookings")
    op.drop_table("receptions")
