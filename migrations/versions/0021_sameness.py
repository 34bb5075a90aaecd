"""Again or the same: many persons, repeats, merged cases, parts, and where the like of a case is looked for

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ROLES = ("joint_signer", "representative", "represented", "agent")
_VERBS = ("merge", "unmerge", "split", "link_repeat", "unlink_repeat", "dismiss", "follow")
_ADDRESS_KEY = (
    "CASE WHEN address ~ '[0-9\uff10-\uff19]|[〇零一二三四五六七八九十][号號栋棟幢座楼室铺]' THEN "
    "translate(regexp_replace(lower(normalize(address, NFKC)), '[[:space:],.;:()。、]', '', 'g'), "
    "'〇零一二三四五六七八九號棟', '00123456789号栋') END"
)
_CHECKS = {
    "persons_some": "persons_present > 0 AND persons_affected > 0",
    "tied_to_another": "master_id <> id AND repeat_of_id <> id AND parent_id <> id",
    "merged_whole": "master_id IS NULL OR (parent_id IS NULL AND part_count = 0)",
    "split_once": "part_count = 0 OR (part_count > 1 AND parent_id IS NULL)",
    "waiting_stops": (
        "(master_id IS NULL AND part_count = 0)"
        " OR (tier_due_at IS NULL AND tier_warn_at IS NULL AND tier_missing_year IS NULL)"
    ),
}
_TIES = ("master_id", "repeat_of_id", "parent_id")
_COUNTED = [
    "registered_at",
    "kind",
    "channel",
    "community_id",
    "grid_id",
    "ending",
    "ended_at",
    "moved_at",
]

# Asked at the commit, of the rows as they stand then: a step and what follows from it are several statements.
# What another transaction might take away meanwhile is locked before it is believed.
_TIES_HOLD = """
CREATE FUNCTION demand_ties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own cases%ROWTYPE;
    above cases%ROWTYPE;
    parts bigint;
    open_parts bigint;
BEGIN
    SELECT * INTO own FROM cases WHERE id = NEW.id;
    IF own.master_id IS NOT NULL THEN
        SELECT * INTO above FROM cases WHERE id = own.master_id FOR SHARE;
        IF above.master_id IS NOT NULL OR EXISTS (SELECT FROM cases WHERE master_id = own.id) THEN
            RAISE EXCEPTION 'case %: a merged case is master of no other', own.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (above.ended_at IS NULL) <> (own.ended_at IS NULL) THEN
            RAISE EXCEPTION 'case %: a merged case is open as long as its master', own.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF EXISTS (
        SELECT FROM cases WHERE master_id = own.id AND (ended_at IS NULL) <> (own.ended_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'case %: a master ends with all that are merged under it', own.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO above FROM cases WHERE id = coalesce(own.parent_id, OLD.parent_id, own.id) FOR SHARE;
    SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) INTO parts, open_parts
        FROM cases WHERE parent_id = above.id;
    IF above.part_count <> parts OR (parts > 0 AND (above.ended_at IS NULL) <> (open_parts > 0)) THEN
        RAISE EXCEPTION 'case %: a split order has its parts and is open as long as one of them', above.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF own.repeat_of_id IS NOT NULL THEN
        SELECT * INTO above FROM cases WHERE id = own.repeat_of_id FOR SHARE;
        IF above.repeat_of_id IS NOT NULL OR EXISTS (SELECT FROM cases WHERE repeat_of_id = own.id) THEN
            RAISE EXCEPTION 'case %: a repeat is linked to the first, which repeats none', own.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (above.received_at, above.id) >= (own.received_at, own.id) THEN
            RAISE EXCEPTION 'case %: a repeat comes after the first', own.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
_AT_BIRTH = """
CREATE CONSTRAINT TRIGGER cases_ties_new AFTER INSERT ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.master_id IS NOT NULL OR NEW.repeat_of_id IS NOT NULL OR NEW.parent_id IS NOT NULL
    OR NEW.part_count > 0)
EXECUTE FUNCTION demand_ties()
"""
_AT_CHANGE = """
CREATE CONSTRAINT TRIGGER cases_ties AFTER UPDATE ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.master_id IS DISTINCT FROM NEW.master_id
    OR OLD.repeat_of_id IS DISTINCT FROM NEW.repeat_of_id OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
    OR OLD.part_count <> NEW.part_count)
EXECUTE FUNCTION demand_ties()
"""
# A period of having been a repeat is closed once, by taking the link back, and nothing else about it changes.
_UNLINKED_ONCE = """
CREATE TRIGGER case_repeats_closed_once BEFORE UPDATE ON case_repeats FOR EACH ROW
WHEN (OLD.unlinked_at IS NOT NULL OR NEW.unlinked_at IS NULL
    OR (OLD.id, OLD.case_id, OLD.first_id, OLD.linked_at)
    IS DISTINCT FROM (NEW.id, NEW.case_id, NEW.first_id, NEW.linked_at))
EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    _rewrite("parties", "party_role", "({old}) OR " + _is_among("role", _ROLES))
    _rewrite("case_events", "verb", "({old}) OR " + _is_among("verb", _VERBS))
    op.alter_column("cases", "number", type_=sa.String(length=30))
    for name in ("persons_present", "persons_affected"):
        op.add_column("cases", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _TIES:
        op.add_column(
            "cases",
            sa.Column(
                name, sa.BigInteger(), sa.ForeignKey("cases.id", name=op.f(f"fk_cases_{name}")), nullable=True
            ),
        )
        op.create_index(f"ix_cases_{name}", "cases", [name], postgresql_where=sa.text(f"{name} IS NOT NULL"))
    op.add_column("cases", sa.Column("part_count", sa.BigInteger(), server_default="0", nullable=False))
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", condition)
    _add_lookups()
    _count_from([*_COUNTED, "parent_id"])
    _create_pairs()
    for statement in (_TIES_HOLD, _AT_BIRTH, _AT_CHANGE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER cases_ties ON cases")
    op.execute("DROP TRIGGER cases_ties_new ON cases")
    op.execute("DROP FUNCTION demand_ties()")
    op.drop_table("case_dismissals")
    op.drop_table("case_repeats")
    _count_from(_COUNTED)
    for name in ("ix_cases_point", "ix_cases_address_key"):
        op.drop_index(name, table_name="cases")
    for name in reversed(_CHECKS):
        op.drop_constraint(op.f(f"ck_cases_{name}"), "cases")
    for name in ("address_key", "part_count", *reversed(_TIES), "persons_affected", "persons_present"):
        op.drop_column("cases", name)
    op.alter_column("cases", "number", type_=sa.String(length=24))
    _rewrite("case_events", "verb", "({old}) AND NOT " + _is_among("verb", _VERBS))
    _rewrite("parties", "party_role", "({old}) AND NOT " + _is_among("role", _ROLES))


def _add_lookups() -> None:
    op.add_column(
        "cases", sa.Column("address_key", sa.Text(), sa.Computed(_ADDRESS_KEY, persisted=True), nullable=True)
    )
    op.create_index(
        "ix_cases_address_key",
        "cases",
        ["street_id", "address_key", "received_at"],
        postgresql_where=sa.text("address_key IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_point",
        "cases",
        ["point", "received_at"],
        postgresql_using="gist",
        postgresql_where=sa.text("point IS NOT NULL"),
    )


def _create_pairs() -> None:
    op.create_table(
        "case_repeats",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "unlinked_at IS NULL OR unlinked_at >= linked_at", name=op.f("ck_case_repeats_period_forward")
        ),
        postgresql.ExcludeConstraint(
            (sa.column("case_id"), "="),
            (sa.text("tstzrange(linked_at, unlinked_at)"), "&&"),
            using="gist",
            name="case_repeats_once",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_repeats_case_id")),
        sa.ForeignKeyConstraint(["first_id"], ["cases.id"], name=op.f("fk_case_repeats_first_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_repeats")),
    )
    op.create_index("ix_case_repeats_case_id_linked_at", "case_repeats", ["case_id", "linked_at"])
    op.create_index(op.f("ix_case_repeats_first_id"), "case_repeats", ["first_id"])
    op.create_table(
        "case_dismissals",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_case_dismissals_two_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_dismissals_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_dismissals_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_dismissals")),
    )
    op.create_index(op.f("ix_case_dismissals_other_id"), "case_dismissals", ["other_id"])
    for table, what in {"case_dismissals": "UPDATE OR DELETE", "case_repeats": "DELETE"}.items():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {what} OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(_UNLINKED_ONCE)


def _count_from(columns: list[str]) -> None:
    """Let the index from which the figures count carry these columns."""
    name = "ix_cases_street_id_received_at"
    op.drop_index(name, table_name="cases")
    op.create_index(name, "cases", ["street_id", "received_at", "id"], postgresql_include=columns)


def _is_among(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, words))})"


def _rewrite(table: str, vocabulary: str, condition: str) -> None:
    """Let the check of a vocabulary be `condition`; `{old}` in it is what it was, which others may widen."""
    name = f"ck_{table}_{vocabulary}"
    found = sa.text("SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = :name")
    old = op.get_bind().scalar(found, {"name": name})
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, condition.format(old=old))
