"""A boundary as its file gave it, with what its unit was called; none of a unit that is there no more

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


_REFUSE_ENDED = """
CREATE FUNCTION refuse_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one text;
BEGIN
    SELECT units.code INTO one
    FROM fresh JOIN unit_ends ON unit_ends.unit_id = fresh.unit_id JOIN units ON units.id = fresh.unit_id
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unit % is there no more and is not drawn again', one
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("boundaries", sa.Column("given", JSONB(), nullable=True))
    op.add_column("boundaries", sa.Column("facts", JSONB(), nullable=True))
    op.execute(_REFUSE_ENDED)
    op.execute(
        "CREATE TRIGGER boundaries_of_standing AFTER INSERT ON boundaries REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ended()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER boundaries_of_standing ON boundaries")
    op.execute("DROP FUNCTION refuse_ended()")
    op.drop_column("boundaries", "facts")
    op.drop_column("boundaries", "given")
