"""Upstreams that send by themselves, what they have sent, and requests that nobody known had signed

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upstreams",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("code", sa.String(30), nullable=False, unique=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("profile", sa.String(40), nullable=True),
        sa.Column("is_on", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("secret_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[a-z0-9-]{3,30}$'", name="code_plain"),
        sa.CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former_whole"),
    )
    op.create_index("ix_upstreams_street_id", "upstreams", ["street_id"])
    op.create_table(
        "push_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("upstream_id", sa.BigInteger(), sa.ForeignKey("upstreams.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("upstream_id", "name"),
    )
    op.create_index(
        "ix_push_deliveries_upstream_id_received_at", "push_deliveries", ["upstream_id", "received_at"]
    )
    op.create_table(
        "push_signatures",
        sa.Column("signature", sa.String(64), primary_key=True),
        sa.Column("delivery_id", sa.BigInteger(), sa.ForeignKey("push_deliveries.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_push_signatures_delivery_id", "push_signatures", ["delivery_id"])
    op.create_index("ix_push_signatures_at", "push_signatures", ["at"])
    op.create_table(
        "pushed_runs",
        sa.Column("run_id", sa.BigInteger(), sa.ForeignKey("import_runs.id"), primary_key=True),
        sa.Column("delivery_id", sa.BigInteger(), sa.ForeignKey("push_deliveries.id"), nullable=False),
    )
    op.create_index("ix_pushed_runs_delivery_id", "pushed_runs", ["delivery_id"])
    op.create_table(
        "push_refusals",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_push_refusals_at", "push_refusals", ["at"])
    op.create_index("ix_push_refusals_address_code_at", "push_refusals", ["address", "code", "at"])
    # Whoever asked for an import and is no user: an upstream.
    op.add_column("import_runs", sa.Column("requested_name", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("import_runs", "requested_name")
    for table in ("push_refusals", "pushed_runs", "push_signatures", "push_deliveries", "upstreams"):
        op.drop_table(table)
