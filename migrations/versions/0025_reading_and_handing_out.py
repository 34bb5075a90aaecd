"""Where a row of several sheets stands, and lists of cases that were handed out

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ACTS = (
    *("opened", "closed", "password_reset", "password_changed", "password_refused"),
    *("logged_in", "login_refused", "logged_out", "posted", "posting_ended"),
    *("mail_changed", "channel_set", "channel_off"),
)


def upgrade() -> None:
    op.add_column("import_rows", sa.Column("place", sa.String(60), nullable=True))
    _allow_acts((*_ACTS, "cases_exported"), of_old_rows=True)


def downgrade() -> None:
    _allow_acts(_ACTS, of_old_rows=False)
    op.drop_column("import_rows", "place")


def _allow_acts(acts: tuple[str, ...], *, of_old_rows: bool) -> None:
    name = op.f("ck_account_events_account_act")
    listed = ", ".join(f"'{act}'" for act in acts)
    op.drop_constraint(name, "account_events")
    op.execute(f"ALTER TABLE account_events ADD CONSTRAINT {name} CHECK (act IN ({listed})) NOT VALID")
    # On the way back rows of the newer act stay as they are: the log of accounts is never changed.
    if of_old_rows:
        op.execute(f"ALTER TABLE account_events VALIDATE CONSTRAINT {name}")
