"""The hierarchy, its boundaries and postings

Revision ID: 0002
Revises: 0001

"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "tier",
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
        sa.Column("code", sa.String(length=15), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column(
            "street_code", sa.String(length=9), sa.Computed("left(code, 9)", persisted=True), nullable=False
        ),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.Column("residents", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "CASE tier WHEN 'street' THEN length(code) = 9 AND parent_id IS NULL"
            " WHEN 'community' THEN length(code) = 12 AND length(parent_code) = 9"
            " ELSE length(code) = 15 AND length(parent_code) = 12 END",
            name=op.f("ck_units_tier_ladder"),
        ),
        sa.CheckConstraint(
            "code ~ '^[0-9]+$' AND starts_with(code, coalesce(parent_code, ''))",
            name=op.f("ck_units_code_prefix"),
        ),
        sa.CheckConstraint("(parent_id IS NULL) = (parent_code IS NULL)", name=op.f("ck_units_parent_whole")),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_code"],
            ["units.id", "units.code"],
            name="fk_units_parent",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
        sa.UniqueConstraint("id", "code", name=op.f("uq_units_id_code")),
        sa.UniqueConstraint("id", "tier", name=op.f("uq_units_id_tier")),
        sa.UniqueConstraint("id", "parent_id", name=op.f("uq_units_id_parent_id")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_units_street_code"), ["street_code"], unique=False)

    op.create_table(
        "postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "grid_worker",
                "hotline_clerk",
                "mediator",
                "community_lead",
                "street_leader",
                "system_admin",
                "security_admin",
                "audit_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("days", postgresql.DATERANGE(), nullable=False),
        sa.Column("is_backup", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("user_id"), "="),
            (sa.column("unit_id"), "="),
            (sa.column("role"), "="),
            (sa.column("days"), "&&"),
            using="gist",
            name="postings_once",
        ),
        sa.CheckConstraint("role NOT LIKE '%%\\_admin'", name=op.f("ck_postings_business_role")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_postings_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_postings_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_postings_user_id"), ["user_id"], unique=False)

    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("source_file", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_revisions_published_by")),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_revisions_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_published_by"), ["published_by"], unique=False)
        batch_op.create_index(
            "ix_revisions_street_id_published_at", ["street_id", "published_at"], unique=False
        )

    op.create_geospatial_table(
        "boundaries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "outline",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("datum", sa.String(length=10), nullable=False),
        sa.CheckConstraint("ST_IsValid(outline)", name=op.f("ck_boundaries_outline_valid")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_boundaries_revision_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_boundaries_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundaries")),
        sa.UniqueConstraint("revision_id", "unit_id", name=op.f("uq_boundaries_revision_id_unit_id")),
    )
    with op.batch_alter_table("boundaries", schema=None) as batch_op:
        batch_op.create_geospatial_index(
            "ix_boundaries_outline", ["outline"], unique=False, postgresql_using="gist", postgresql_ops={}
        )
        batch_op.create_index(batch_op.f("ix_boundaries_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("boundaries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_boundaries_unit_id"))
        batch_op.drop_geospatial_index(
            "ix_boundaries_outline", postgresql_using="gist", column_name="outline"
        )

    op.drop_geospatial_table("boundaries")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_index("ix_revisions_street_id_published_at")
        batch_op.drop_index(batch_op.f("ix_revisions_published_by"))

    op.drop_table("revisions")
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_postings_user_id"))
        batch_op.drop_index(batch_op.f("ix_postings_unit_id"))

    op.drop_table("postings")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_street_code"))
        batch_op.drop_index(batch_op.f("ix_units_parent_id"))

    op.drop_table("units")
