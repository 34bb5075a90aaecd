"""Notices have an order, an urgency and readers; receivers and deliveries make the outbox

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNNUMBERED = 2**63 - 1

_ACTS = (
    "opened",
    "closed",
    "password_reset",
    "password_changed",
    "password_refused",
    "logged_in",
    "login_refused",
    "logged_out",
    "posted",
    "posting_ended",
)
_NEW_ACTS = ("mail_changed", "channel_set", "channel_off")
_KINDS = ("mail", "wecom", "dingtalk", "signed_json")
_STATES = ("waiting", "sent", "parked", "withdrawn")
_FAULTS = (
    "unreachable",
    "timed_out",
    "insecure",
    "login_refused",
    "busy",
    "unexpected",
    "refused",
    "forbidden_address",
    "unrenderable",
)


def upgrade() -> None:
    _add_order()
    _add_readers()
    _add_receivers()
    _add_deliveries()
    _allow_acts(_ACTS + _NEW_ACTS, of_old_rows=True)


def downgrade() -> None:
    _allow_acts(_ACTS, of_old_rows=False)
    op.drop_table("deliveries")
    op.drop_table("receivers")
    op.add_column("notices", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("read_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True))
    op.execute(
        """
        UPDATE notices SET read_at = created_at, read_by = reader.user_id FROM (
            SELECT n.id, min(m.user_id) AS user_id FROM notices n
            JOIN inbox_marks m ON m.unit_id = n.unit_id
            WHERE n.seq <= m.read_to
                OR EXISTS (SELECT FROM notice_reads r WHERE r.notice_id = n.id AND r.user_id = m.user_id)
            GROUP BY n.id
        ) reader WHERE notices.id = reader.id
        """
    )
    op.create_index("ix_notices_read_by", "notices", ["read_by"])
    op.create_index("ix_notices_unread", "notices", ["unit_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.drop_table("inbox_marks")
    op.drop_table("notice_reads")
    op.drop_column("notices", "urgent")
    op.drop_column("notices", "seq")
    op.execute("DROP SEQUENCE notice_order")


def _add_order() -> None:
    op.execute("CREATE SEQUENCE notice_order")
    op.add_column("notices", sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False))
    op.add_column(
        "notices", sa.Column("seq", sa.BigInteger(), server_default=str(UNNUMBERED), nullable=False)
    )
    # What is here before the outbox was is known to everybody who wanted to know; it is never sent.
    op.execute(
        """
        UPDATE notices SET seq = numbered.seq FROM (
            SELECT id, nextval('notice_order') AS seq FROM (SELECT id FROM notices ORDER BY id) ordered
        ) numbered WHERE notices.id = numbered.id
        """
    )
    op.create_index("ix_notices_unit_id_seq", "notices", ["unit_id", "seq"])
    op.create_index(
        "ix_notices_unnumbered", "notices", ["id"], postgresql_where=sa.text(f"seq = {UNNUMBERED}")
    )


def _add_readers() -> None:
    op.create_table(
        "notice_reads",
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("notice_id", sa.BigInteger(), sa.ForeignKey("notices.id"), primary_key=True),
    )
    op.create_index("ix_notice_reads_notice_id", "notice_reads", ["notice_id"])
    op.create_table(
        "inbox_marks",
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("units.id"), primary_key=True),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_inbox_marks_unit_id", "inbox_marks", ["unit_id"])
    # What one person had read was read for the whole unit, and stays so for everybody who serves there.
    op.execute(
        """
        INSERT INTO inbox_marks (user_id, unit_id, read_to)
        SELECT p.user_id, p.unit_id, coalesce(
            (SELECT min(seq) - 1 FROM notices n WHERE n.unit_id = p.unit_id AND n.read_at IS NULL),
            (SELECT max(seq) FROM notices n WHERE n.unit_id = p.unit_id), 0)
        FROM (SELECT DISTINCT user_id, unit_id FROM postings) p
        """
    )
    op.execute(
        """
        INSERT INTO notice_reads (user_id, notice_id)
        SELECT m.user_id, n.id FROM inbox_marks m
        JOIN notices n ON n.unit_id = m.unit_id AND n.seq > m.read_to WHERE n.read_at IS NOT NULL
        """
    )
    op.drop_index("ix_notices_unread", "notices")
    op.drop_index("ix_notices_read_by", "notices")
    op.drop_column("notices", "read_by")
    op.drop_column("notices", "read_at")


def _add_receivers() -> None:
    op.create_table(
        "receivers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("kind", _vocabulary("receiver_kind", _KINDS), nullable=False),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True, unique=True),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True, unique=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("server", sa.String(260), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="person_or_unit"),
        sa.CheckConstraint("(kind = 'mail') = (user_id IS NOT NULL)", name="mail_to_person"),
        sa.CheckConstraint("language IN ('zh', 'en')", name="language_known"),
    )
    op.create_index("ix_receivers_server", "receivers", ["server"])


def _add_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("notice_id", sa.BigInteger(), sa.ForeignKey("notices.id"), nullable=False),
        sa.Column("receiver_id", sa.BigInteger(), sa.ForeignKey("receivers.id"), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", _vocabulary("delivery_state", _STATES), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", _vocabulary("fault", _FAULTS), nullable=True),
        sa.Column("fault_code", sa.String(20), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("notice_id", "receiver_id"),
        sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_whole"),
        sa.CheckConstraint("state <> 'parked' OR fault IS NOT NULL", name="parked_says_why"),
    )
    op.create_index("ix_deliveries_receiver_id", "deliveries", ["receiver_id"])
    for name, columns, state in (
        ("ix_deliveries_due", ["next_at", "receiver_id", "urgent"], "waiting"),
        ("ix_deliveries_waiting", ["receiver_id", "notice_id"], "waiting"),
        ("ix_deliveries_parked", ["settled_at", "id"], "parked"),
    ):
        op.create_index(name, "deliveries", columns, postgresql_where=sa.text(f"state = '{state}'"))


def _allow_acts(acts: tuple[str, ...], *, of_old_rows: bool) -> None:
    name = op.f("ck_account_events_account_act")
    listed = ", ".join(f"'{act}'" for act in acts)
    op.drop_constraint(name, "account_events")
    op.execute(f"ALTER TABLE account_events ADD CONSTRAINT {name} CHECK (act IN ({listed})) NOT VALID")
    # On the way back rows of the newer acts stay as they are: the log of accounts is never changed.
    if of_old_rows:
        op.execute(f"ALTER TABLE account_events VALIDATE CONSTRAINT {name}")


def _vocabulary(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
