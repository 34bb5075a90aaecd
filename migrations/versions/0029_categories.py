"""Categories that a model or words suggest, the models themselves, and the verb that sets a category

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_SHARES = (
    "least(macro_f1, largest_f1, words_f1, sure_share) >= 0"
    " AND greatest(macro_f1, largest_f1, words_f1, sure_share) <= 1"
)


def upgrade() -> None:
    _rewrite_verbs("({old}) OR verb = 'categorise'")
    op.create_table(
        "category_models",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("street_id", sa.BigInteger(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("seen", "examples", "held_out")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("macro_f1", "largest_f1", "words_f1")),
        sa.Column("sure_from", sa.Float(), nullable=True),
        sa.Column("sure_share", sa.Float(), nullable=False),
        sa.Column("sure_right", sa.Float(), nullable=True),
        sa.Column("by_category", JSONB(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("held_out <= examples AND examples <= seen", name="counts_nested"),
        sa.CheckConstraint(_SHARES, name="figures_shares"),
    )
    op.create_index("ix_category_models_street_id", "category_models", ["street_id", "id"])
    op.create_table(
        "category_suggestions",
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("model_id", sa.BigInteger(), sa.ForeignKey("category_models.id"), nullable=True),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_share"),
        sa.CheckConstraint("NOT is_sure OR model_id IS NOT NULL", name="words_unsure"),
    )
    op.create_index("ix_category_suggestions_model_id", "category_suggestions", ["model_id"])


def downgrade() -> None:
    op.drop_table("category_suggestions")
    op.drop_table("category_models")
    _rewrite_verbs("({old}) AND verb <> 'categorise'")


def _rewrite_verbs(condition: str) -> None:
    """Let the check of the verbs be `condition`; `{old}` in it is what it was, which others may widen."""
    name = "ck_case_events_verb"
    found = sa.text("SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = :name")
    old = op.get_bind().scalar(found, {"name": name})
    op.drop_constraint(op.f(name), "case_events")
    op.create_check_constraint(op.f(name), "case_events", condition.format(old=old))
