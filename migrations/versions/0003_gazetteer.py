"""Lanes and places

Revision ID: 0003
Revises: 0002

"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lanes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_lanes_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint("street_id", "name", name=op.f("uq_lanes_street_id_name")),
    )
    op.create_geospatial_table(
        "places",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "compound",
                "building",
                "village",
                "market",
                "school",
                "park",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.String(length=60)), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_places_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("street_id", "name", name=op.f("uq_places_street_id_name")),
    )
    op.create_geospatial_table(
        "lane_segments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "line",
            Geometry(
                geometry_type="LINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("left_from", sa.BigInteger(), nullable=True),
        sa.Column("left_to", sa.BigInteger(), nullable=True),
        sa.Column("right_from", sa.BigInteger(), nullable=True),
        sa.Column("right_to", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "left_from <= left_to AND right_from <= right_to", name=op.f("ck_lane_segments_numbers_ascend")
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_lane_segments_lane_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_segments")),
    )
    with op.batch_alter_table("lane_segments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lane_segments_lane_id"), ["lane_id"], unique=False)
        batch_op.create_geospatial_index(
            "ix_lane_segments_line", ["line"], unique=False, postgresql_using="gist", postgresql_ops={}
        )


def downgrade() -> None:
    with op.batch_alter_table("lane_segments", schema=None) as batch_op:
        batch_op.drop_geospatial_index("ix_lane_segments_line", postgresql_using="gist", column_name="line")
        batch_op.drop_index(batch_op.f("ix_lane_segments_lane_id"))

    op.drop_geospatial_table("lane_segments")
    op.drop_geospatial_table("places")
    op.drop_table("lanes")
