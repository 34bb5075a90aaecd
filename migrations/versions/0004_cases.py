"""Cases and the people in them

Revision ID: 0004
Revises: 0003

"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITING = "ended_at IS NULL AND (due_missing_year IS NOT NULL OR tier_missing_year IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("street_code", sa.String(length=9), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("street_code", "series", "year", name=op.f("pk_number_series")),
    )
    op.create_geospatial_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "petition",
                "hotline",
                "dispute",
                name="case_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "hotline",
                "online",
                "web",
                "city_app",
                "hotline_app",
                "wechat",
                "qq",
                "weibo",
                "sms",
                "email",
                "letter",
                "visit",
                "phone",
                "grid_patrol",
                "leader_reception",
                "transferred",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_number", sa.String(length=60), nullable=True),
        sa.Column(
            "order_type",
            sa.Enum(
                "inquiry",
                "help",
                "suggestion",
                "complaint",
                "report",
                name="order_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column(
            "urgency",
            sa.Enum(
                "normal",
                "urgent",
                "major",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column("given_datum", sa.String(length=10), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column("grid_id", sa.BigInteger(), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "holder_tier",
            sa.Enum(
                "street",
                "community",
                "grid",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "route_method",
            sa.Enum(
                "point",
                "lane_number",
                "lane",
                "place",
                "community",
                "unit",
                "desk",
                name="route_method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("route_certainty", sa.Double(), nullable=False),
        sa.Column("route_reason", sa.String(length=40), nullable=False),
        sa.Column(
            "route_candidates", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending_route",
                "in_handling",
                "return_requested",
                "replied",
                "diverted",
                "dispatched",
                "signed",
                "closed",
                "void",
                "found",
                "assessed",
                "to_mediation",
                "resolved",
                name="case_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand_backs", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("escalations", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rule_set", sa.String(length=40), nullable=False),
        sa.Column("due_rule", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_missing_year", sa.BigInteger(), nullable=True),
        sa.Column("tier_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tier_warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tier_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tier_missing_year", sa.BigInteger(), nullable=True),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(ending IS NOT NULL) = (state IN ('replied', 'diverted', 'closed', 'void', 'resolved'))",
            name=op.f("ck_cases_ended_state"),
        ),
        sa.CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name=op.f("ck_cases_ended_whole")),
        sa.CheckConstraint(
            "ending IS NULL OR (tier_due_at IS NULL AND tier_warn_at IS NULL)",
            name=op.f("ck_cases_ended_stops"),
        ),
        sa.CheckConstraint(
            "grid_id IS NULL OR community_id IS NOT NULL", name=op.f("ck_cases_grid_in_community")
        ),
        sa.CheckConstraint("route_certainty BETWEEN 0 AND 1", name=op.f("ck_cases_certainty_share")),
        sa.ForeignKeyConstraint(
            ["community_id", "street_id"],
            ["units.id", "units.parent_id"],
            name=op.f("fk_cases_community_id_street_id"),
        ),
        sa.ForeignKeyConstraint(
            ["grid_id", "community_id"],
            ["units.id", "units.parent_id"],
            name=op.f("fk_cases_grid_id_community_id"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id", "holder_tier"],
            ["units.id", "units.tier"],
            name=op.f("fk_cases_holder_id_holder_tier"),
        ),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_cases_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("source", "source_number", name=op.f("uq_cases_source_source_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_community_id_received_at", ["community_id", "received_at", "id"], unique=False
        )
        batch_op.create_index("ix_cases_waiting", ["id"], unique=False, postgresql_where=sa.text(_WAITING))
        batch_op.create_index("ix_cases_grid_id_received_at", ["grid_id", "received_at", "id"], unique=False)
        batch_op.create_index(
            "ix_cases_holder_id_received_at", ["holder_id", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cases_street_id_received_at", ["street_id", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cases_tier_due_at",
            ["tier_due_at", "id"],
            unique=False,
            postgresql_where=sa.text("tier_due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_cases_tier_warn_at",
            ["tier_warn_at", "id"],
            unique=False,
            postgresql_where=sa.text("tier_warn_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_cases_title_trgm",
            ["title"],
            unique=False,
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops"},
        )

    op.create_table(
        "parties",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reporter",
                "petitioner",
                "applicant",
                "respondent",
                name="party_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("identity_number", sa.LargeBinary(), nullable=True),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_parties_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
    )
    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parties_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parties_identity_hash"), ["identity_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_parties_phone_hash"), ["phone_hash"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parties_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_parties_identity_hash"))
        batch_op.drop_index(batch_op.f("ix_parties_case_id"))

    op.drop_table("parties")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cases_title_trgm", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}
        )
        batch_op.drop_index("ix_cases_tier_warn_at", postgresql_where=sa.text("tier_warn_at IS NOT NULL"))
        batch_op.drop_index("ix_cases_tier_due_at", postgresql_where=sa.text("tier_due_at IS NOT NULL"))
        batch_op.drop_index("ix_cases_street_id_received_at")
        batch_op.drop_index("ix_cases_holder_id_received_at")
        batch_op.drop_index("ix_cases_grid_id_received_at")
        batch_op.drop_index("ix_cases_waiting", postgresql_where=sa.text(_WAITING))
        batch_op.drop_index("ix_cases_community_id_received_at")

    op.drop_geospatial_table("cases")
    op.drop_table("number_series")
