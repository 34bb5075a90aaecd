"""Profiles of files that a street has made, and with which version of one a file is read

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_profiles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_by_name", sa.String(40), nullable=False),
        sa.CheckConstraint("name !~ '^[0-9]*$'", name=op.f("ck_import_profiles_name_is_no_key")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_import_profiles_made_by")),
        sa.ForeignKeyConstraint(["street_id"], ["units.id"], name=op.f("fk_import_profiles_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profiles")),
    )
    op.create_index(op.f("ix_import_profiles_made_by"), "import_profiles", ["made_by"])
    op.create_index("ix_import_profiles_latest", "import_profiles", ["street_id", "name", "id"])
    op.execute(
        "CREATE TRIGGER import_profiles_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON import_profiles "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.add_column("import_runs", sa.Column("profile_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_import_runs_profile_id"), "import_runs", "import_profiles", ["profile_id"], ["id"]
    )
    op.create_index(op.f("ix_import_runs_profile_id"), "import_runs", ["profile_id"])


def downgrade() -> None:
    op.drop_column("import_runs", "profile_id")
    op.drop_table("import_profiles")
