"""What a grid's people do there, and that a grid has one head at a time

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_DUTIES = ("grid_head", "full_time", "part_time")
_ONE_HEAD = "postings_one_head"


def upgrade() -> None:
    kind = sa.Enum(*_DUTIES, name="duty", native_enum=False, create_constraint=True, length=40)
    op.add_column("postings", sa.Column("duty", kind, nullable=True))
    op.create_check_constraint("duty_in_grid", "postings", "duty IS NULL OR role = 'grid_worker'")
    op.create_exclude_constraint(
        _ONE_HEAD,
        "postings",
        ("unit_id", "="),
        ("days", "&&"),
        where=sa.text("duty = 'grid_head' AND NOT is_backup"),
        using="gist",
    )


def downgrade() -> None:
    op.drop_constraint(_ONE_HEAD, "postings")
    op.drop_column("postings", "duty")
