"""The life of a case: lawful states, what follows a reply, suspension, helping units, supervision

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATES = (
    "pending_route",
    "accepted",
    "assigned",
    "objected",
    "pending_dispatch",
    "need_info",
    "dispatched",
    "signed",
    "found",
    "assessed",
    "return_requested",
    "in_handling",
    "extension_requested",
    "extended",
    "suspended",
    "hearing",
    "to_mediation",
    "submitted",
    "pending_callback",
    "called",
    "replied",
    "in_review",
    "review_replied",
    "in_re_review",
    "final",
    "resolved",
    "follow_up",
    "closed_off",
    "closed",
    "withdrawn",
    "declined",
    "diverted",
    "forwarded",
    "returned",
    "void",
    "archived",
)
_ENDED = (
    "archived",
    "closed",
    "closed_off",
    "declined",
    "diverted",
    "final",
    "follow_up",
    "forwarded",
    "in_re_review",
    "in_review",
    "replied",
    "resolved",
    "returned",
    "review_replied",
    "void",
    "withdrawn",
)
_ENDINGS = (
    "settled_by_agreement",
    "solved",
    "explained",
    "withdrawn",
    "diverted",
    "forwarded",
    "declined",
    "returned",
    "void",
)
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
_OLD_STATES = (
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
)
_OLD_ENDED = ("replied", "diverted", "closed", "void", "resolved")
_OLD_ENDINGS = tuple(ending for ending in _ENDINGS if ending != "returned")
_OLD_VERBS = (
    "register",
    "update",
    "sign_for",
    "hand_back",
    "rule",
    "hand_down",
    "start_clock",
    "warn",
    "escalate",
    "note",
    "open_mediation",
    "hold_session",
    "agree",
    "fail_mediation",
    "settle",
    "divert",
    "void",
    "reopen",
)
_RISKS = ("general", "larger")
_OPINIONS = ("supported", "explained", "not_supported")
_SATISFACTION = ("satisfied", "basically_satisfied", "fair", "dissatisfied")
_WAITING = "ended_at IS NULL AND (due_missing_year IS NOT NULL OR tier_missing_year IS NOT NULL)"


def _enum(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _columns() -> list[sa.Column]:
    return [
        _count("extensions"),
        _count("reopenings"),
        _count("redos"),
        sa.Column("handler_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=True),
        sa.Column("assists", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("assist_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("case_leader_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("risk_level", _enum("risk_level", _RISKS), nullable=True),
        sa.Column("opinion_result", _enum("opinion_result", _OPINIONS), nullable=True),
        _moment("answered_at"),
        sa.Column("is_solved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", _enum("satisfaction", _SATISFACTION), nullable=True),
        sa.Column("due_started_on", sa.Date(), nullable=True),
        sa.Column("due_raw_on", sa.Date(), nullable=True),
        _moment("inner_due_at"),
        sa.Column("after_rule", sa.String(60), nullable=True),
        sa.Column("after_started_on", sa.Date(), nullable=True),
        _moment("after_due_at"),
        sa.Column("after_missing_year", sa.BigInteger(), nullable=True),
        _moment("assist_due_at"),
        _moment("supervised_at"),
        _moment("supervision_due_at"),
        _moment("suspended_at"),
        _moment("suspended_until"),
        sa.Column("tier_left", sa.BigInteger(), nullable=True),
    ]


def _restrict(table: str, name: str, column: str, members: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    listed = ", ".join(f"'{member}'" for member in members)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def _restrict_all(states: tuple, ended: tuple, endings: tuple, verbs: tuple) -> None:
    _restrict("cases", "case_state", "state", states)
    _restrict("cases", "ending", "ending", endings)
    _restrict("case_endings", "ending", "ending", endings)
    _restrict("case_events", "verb", "verb", verbs)
    op.drop_constraint(op.f("ck_cases_ended_state"), "cases")
    listed = ", ".join(f"'{state}'" for state in ended)
    op.create_check_constraint(
        op.f("ck_cases_ended_state"), "cases", f"(ending IS NOT NULL) = (state IN ({listed}))"
    )


def upgrade() -> None:
    for column in _columns():
        op.add_column("cases", column)
    _restrict_all(_STATES, _ENDED, _ENDINGS, _VERBS)
    op.create_check_constraint(
        op.f("ck_cases_suspended_state"), "cases", "(state = 'suspended') = (suspended_at IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_cases_suspended_whole"),
        "cases",
        "(suspended_at IS NULL) = (suspended_until IS NULL)"
        " AND (suspended_at IS NULL OR tier_due_at IS NULL AND tier_warn_at IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_cases_after_whole"), "cases", "(after_rule IS NULL) = (after_started_on IS NULL)"
    )
    for name in ("suspended_until", "assist_due_at"):
        op.create_index(
            f"ix_cases_{name}", "cases", [name, "id"], postgresql_where=sa.text(f"{name} IS NOT NULL")
        )
    op.create_index(
        "ix_cases_after_due_at",
        "cases",
        ["after_due_at", "id"],
        postgresql_where=sa.text("state IN ('replied', 'review_replied')"),
    )
    op.create_index("ix_cases_assist_ids", "cases", ["assist_ids"], postgresql_using="gin")
    for name in ("handler_id", "case_leader_id"):
        op.create_index(f"ix_cases_{name}", "cases", [name], postgresql_where=sa.text(f"{name} IS NOT NULL"))
    op.drop_index("ix_cases_waiting", "cases")
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["id"],
        postgresql_where=sa.text(f"{_WAITING} OR after_missing_year IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_waiting", "cases")
    op.create_index("ix_cases_waiting", "cases", ["id"], postgresql_where=sa.text(_WAITING))
    for name in ("suspended_state", "suspended_whole", "after_whole"):
        op.drop_constraint(op.f(f"ck_cases_{name}"), "cases")
    _restrict_all(_OLD_STATES, _OLD_ENDED, _OLD_ENDINGS, _OLD_VERBS)
    for column in reversed(_columns()):
        op.drop_column("cases", column.name)
