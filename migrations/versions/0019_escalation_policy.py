"""A street's own escalation policy in versions, and who held each case how long

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_VERBS = (
    "register",
    "accept",
    "notify_route",
    "assess",
    "sign_for",
    "rule",
    "grant_objection",
    "refuse_objection",
    "approve_extension",
    "refuse_extension",
    "approve",
    "send_back",
    "call_back",
    "reply",
    "submit",
    "settle",
    "redo",
    "answer_directly",
    "give_info",
    "resume",
    "close_hearing",
    "request_review",
    "record_review",
    "request_re_review",
    "record_re_review",
    "add_hearing_days",
    "close_off",
    "hand_down",
    "hand_back",
    "ask_help",
    "give_help",
    "note",
    "answer_supervision",
    "request_extension",
    "suspend",
    "open_hearing",
    "ask_info",
    "object",
    "forward",
    "assign_with_report",
    "recall",
    "decline",
    "divert",
    "withdraw",
    "remind",
    "supervise",
    "set_urgency",
    "take_charge",
    "revoke",
    "reopen",
    "archive",
    "void",
    "open_mediation",
    "hold_session",
    "agree",
    "fail_mediation",
    "update",
    "start_clock",
    "warn",
    "escalate",
    "remind_helper",
    "lapse",
)
_NEW_VERBS = ("hand_up", "replan")

# A holder's span begins with an event that names the holder or reopens the case, and lasts to the next such
# event or to the ending.
_HELD = """
CREATE TEMPORARY TABLE held ON COMMIT DROP AS
WITH marks AS (
    SELECT case_id, seq, at, verb,
        (changes -> 'holder_id' ->> 1)::bigint AS holder_id,
        coalesce(changes ? 'ending' AND changes -> 'ending' ->> 1 IS NOT NULL, false) AS ends
    FROM case_events WHERE changes ? 'holder_id' OR changes ? 'ending'
), spans AS (
    SELECT case_id, seq, at AS from_at, ends,
        max(seq) FILTER (WHERE holder_id IS NOT NULL) OVER so_far AS named_at,
        lead(at) OVER in_order AS to_at, lead(verb) OVER in_order AS left_by
    FROM marks
    WINDOW in_order AS (PARTITION BY case_id ORDER BY seq),
        so_far AS (PARTITION BY case_id ORDER BY seq ROWS UNBOUNDED PRECEDING)
)
SELECT spans.case_id, spans.seq, marks.holder_id, spans.from_at, spans.to_at, spans.left_by FROM spans
JOIN marks ON marks.case_id = spans.case_id AND marks.seq = spans.named_at
WHERE NOT spans.ends
"""


def upgrade() -> None:
    _policies()
    _tenures()
    _verbs((*_VERBS, *_NEW_VERBS))
    op.create_index(
        "ix_case_events_replan",
        "case_events",
        [sa.text("((detail ->> 'policy')::bigint)")],
        postgresql_where=sa.text("verb = 'replan'"),
    )


def downgrade() -> None:
    op.drop_index("ix_case_events_replan", table_name="case_events")
    _verbs(_VERBS)
    op.drop_column("cases", "held_since")
    op.drop_table("case_tenures")
    op.drop_index("ix_cases_open_cell", table_name="cases")
    op.drop_index("ix_cases_policy_id", table_name="cases")
    op.drop_constraint(op.f("fk_cases_policy_id"), "cases")
    op.drop_column("cases", "policy_id")
    op.drop_table("tier_policies")


def _policies() -> None:
    op.create_table(
        "tier_policies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        _vocabulary("kind", "case_kind", "petition", "hotline", "dispute"),
        _vocabulary("urgency", "urgency", "normal", "urgent", "major"),
        _vocabulary("tier", "tier", "street", "community", "grid"),
        sa.Column("is_default", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("limit_hours", sa.BigInteger(), nullable=True),
        sa.Column("warn_before_hours", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tell_above", sa.Boolean(), server_default="false", nullable=False),
        _vocabulary(
            "tell_role",
            "role",
            "grid_worker",
            "hotline_clerk",
            "mediator",
            "community_lead",
            "street_leader",
            "system_admin",
            "security_admin",
            "audit_admin",
            nullable=True,
        ),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("made_by_name", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.UniqueConstraint("street_id", "kind", "urgency", "tier", "in_force_from"),
        sa.CheckConstraint("tier <> 'street'", name="below_street"),
        sa.CheckConstraint("in_force_from >= made_at", name="not_backward"),
        sa.CheckConstraint("limit_hours BETWEEN 0 AND 390", name="limit_sane"),
        sa.CheckConstraint(
            "warn_before_hours = 0 OR (warn_before_hours > 0 AND limit_hours IS NOT NULL"
            " AND warn_before_hours < limit_hours)",
            name="warning_inside",
        ),
        sa.CheckConstraint(
            "NOT is_default OR (limit_hours IS NULL AND warn_before_hours = 0"
            " AND NOT tell_above AND tell_role IS NULL)",
            name="default_whole",
        ),
    )
    op.create_index("ix_tier_policies_made_by", "tier_policies", ["made_by"])
    _append_only("tier_policies")
    op.add_column("cases", sa.Column("policy_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_cases_policy_id"), "cases", "tier_policies", ["policy_id"], ["id"])
    op.create_index(
        "ix_cases_open_cell",
        "cases",
        ["street_id", "kind", "urgency", "holder_tier", "policy_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_cases_policy_id", "cases", ["policy_id"], postgresql_where=sa.text("policy_id IS NOT NULL")
    )


def _tenures() -> None:
    op.create_table(
        "case_tenures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_lifted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("to_at >= from_at", name="forward"),
    )
    op.add_column("cases", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(_HELD)
    op.execute(
        "INSERT INTO case_tenures (case_id, unit_id, from_at, to_at, is_lifted)"
        " SELECT case_id, holder_id, from_at, to_at, left_by = 'escalate'"
        " FROM held WHERE to_at IS NOT NULL ORDER BY case_id, seq"
    )
    op.execute(
        "UPDATE cases SET held_since = latest.since"
        " FROM (SELECT case_id, max(from_at) AS since FROM held GROUP BY case_id) AS latest"
        " WHERE latest.case_id = cases.id"
    )
    # A row without events, of a benchmark or a test, has been with its holder from the first.
    op.execute("UPDATE cases SET held_since = registered_at WHERE held_since IS NULL")
    op.alter_column("cases", "held_since", nullable=False)
    op.create_index("ix_case_tenures_case_id_from_at", "case_tenures", ["case_id", "from_at"])
    op.create_index(
        "ix_case_tenures_unit_id_to_at",
        "case_tenures",
        ["unit_id", "to_at"],
        postgresql_include=["from_at", "case_id"],
    )
    _append_only("case_tenures")


def _verbs(verbs: tuple[str, ...]) -> None:
    name = op.f("ck_case_events_verb")
    op.drop_constraint(name, "case_events")
    listed = ", ".join(f"'{verb}'" for verb in verbs)
    op.execute(f"ALTER TABLE case_events ADD CONSTRAINT {name} CHECK (verb IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE case_events VALIDATE CONSTRAINT {name}")


def _append_only(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _vocabulary(column: str, name: str, *members: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=nullable)
