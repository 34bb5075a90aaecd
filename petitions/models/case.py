"""A case as it stands now."""

from datetime import date
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.core.types import Key, Moment, shape, vocabulary
from grid.vocabulary import RouteMethod, Tier
from petitions.models.category import CategorySuggestion
from petitions.states.anywhere import ENDED
from petitions.vocabulary import (
    CaseKind,
    CaseState,
    Channel,
    Ending,
    OpinionResult,
    OrderType,
    RiskLevel,
    Satisfaction,
    Urgency,
)

_TRIGRAMS = {"title": "gin_trgm_ops"}
_COUNTED = [
    "registered_at",
    "kind",
    "channel",
    "community_id",
    "grid_id",
    "ending",
    "ended_at",
    "moved_at",
    "parent_id",
]


def _given(column: str) -> TextClause:
    return text(f"{column} IS NOT NULL")


# An address with a number in it, in one way of writing: what two matters at one door have in common.
ADDRESS_KEY = (
    "CASE WHEN {0} ~ '[0-9\uff10-\uff19]|[〇零一二三四五六七八九十][号號栋棟幢座楼室铺]' THEN "
    "translate(regexp_replace(lower(normalize({0}, NFKC)), '[[:space:],.;:()。、]', '', 'g'), "
    "'〇零一二三四五六七八九號棟', '00123456789号栋') END"
)
OPEN = "ended_at IS NULL"
WAITING = (
    "(ended_at IS NULL AND (due_missing_year IS NOT NULL OR tier_missing_year IS NOT NULL)"
    " OR after_missing_year IS NOT NULL)"
)
_ENDED = ", ".join(f"'{state}'" for state in sorted(ENDED))


class Case(Base):
    """One petition, hotline order or dispute as it stands now; its events add up to this row.

    `street`, `community` and `grid` say where it is (the last two may be unknown), `holder` who has it
    (never null), `handler_id` who submitted its answer and gets it back where that is not enough. `due_at` is
    the statutory or upstream clock, counted by `due_rule` from `due_started_on`, without roll-over to
    `due_raw_on`; `inner_due_at` ends one working
    day before an upstream's; `tier_due_at` is the holder's own limit. All are moments before which the work
    must be done. What follows a reply (review, re-review) has the clock `after_due_at`. A clock without its
    calendar has no end yet and waits for that of its missing year. While a case is suspended until
    `suspended_until` no clock passes, and `tier_left` keeps the working minutes that its holder had left.
    `policy_id` is the version of the street's policy by which the holder's clock was counted, null the
    shipped default; `held_since` is when the holder got it.

    `assists` are the helping units, each with `unit`, `asked_at`, `due_at` and `answered_at`; `assist_ids`
    names them for the scope, `assist_due_at` is the nearest of their open limits.
    `persons_present` is how many raise the matter (信访人数), `persons_affected` how many it concerns
    (涉及人数); null where nobody has said.

    A case merged under `master_id` is answered with it, one that is `repeat_of_id` another raises it again, a
    part of the order `parent_id` is one of its `part_count` matters. `head_hash` ends the chain of events.
    """

    __tablename__ = "cases"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[CaseKind] = mapped_column(vocabulary(CaseKind))
    channel: Mapped[Channel] = mapped_column(vocabulary(Channel))
    source: Mapped[str] = mapped_column(String(40))
    source_number: Mapped[str | None] = mapped_column(String(60))
    order_type: Mapped[OrderType | None] = mapped_column(vocabulary(OrderType))
    category: Mapped[str | None] = mapped_column(String(60))
    urgency: Mapped[Urgency] = mapped_column(vocabulary(Urgency))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(300))
    address_key: Mapped[str | None] = mapped_column(
        Text, Computed(ADDRESS_KEY.format("address"), persisted=True)
    )
    point: Mapped[WKBElement | None] = mapped_column(shape("POINT"))
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    given_datum: Mapped[str | None] = mapped_column(String(10))

    persons_present: Mapped[int | None]
    persons_affected: Mapped[int | None]

    received_at: Mapped[Moment]
    registered_at: Mapped[Moment]

    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None]
    grid_id: Mapped[int | None]
    holder_id: Mapped[int]
    holder_tier: Mapped[Tier] = mapped_column(vocabulary(Tier))
    route_method: Mapped[RouteMethod] = mapped_column(vocabulary(RouteMethod))
    route_certainty: Mapped[float]
    route_reason: Mapped[str] = mapped_column(String(40))
    route_candidates: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")

    state: Mapped[CaseState] = mapped_column(vocabulary(CaseState))
    ending: Mapped[Ending | None] = mapped_column(vocabulary(Ending))
    ended_at: Mapped[Moment | None]
    hand_backs: Mapped[int] = mapped_column(server_default="0")
    escalations: Mapped[int] = mapped_column(server_default="0")
    extensions: Mapped[int] = mapped_column(server_default="0")
    reopenings: Mapped[int] = mapped_column(server_default="0")
    redos: Mapped[int] = mapped_column(server_default="0")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    assists: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    assist_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    case_leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    risk_level: Mapped[RiskLevel | None] = mapped_column(vocabulary(RiskLevel))
    opinion_result: Mapped[OpinionResult | None] = mapped_column(vocabulary(OpinionResult))
    answered_at: Mapped[Moment | None]
    is_solved: Mapped[bool | None]
    satisfaction: Mapped[Satisfaction | None] = mapped_column(vocabulary(Satisfaction))

    rule_set: Mapped[str] = mapped_column(String(40))
    due_rule: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[Moment | None]
    due_started_on: Mapped[date | None]
    due_raw_on: Mapped[date | None]
    due_missing_year: Mapped[int | None]
    inner_due_at: Mapped[Moment | None]
    after_rule: Mapped[str | None] = mapped_column(String(60))
    after_started_on: Mapped[date | None]
    after_due_at: Mapped[Moment | None]
    after_missing_year: Mapped[int | None]
    assist_due_at: Mapped[Moment | None]
    supervised_at: Mapped[Moment | None]
    supervision_due_at: Mapped[Moment | None]
    suspended_at: Mapped[Moment | None]
    suspended_until: Mapped[Moment | None]
    tier_left: Mapped[int | None]
    tier_started_at: Mapped[Moment]
    tier_warn_at: Mapped[Moment | None]
    tier_due_at: Mapped[Moment | None]
    tier_missing_year: Mapped[int | None]
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("tier_policies.id"))

    master_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    part_count: Mapped[int] = mapped_column(server_default="0")

    held_since: Mapped[Moment]
    moved_at: Mapped[Moment | None]
    event_count: Mapped[int]
    head_hash: Mapped[bytes] = mapped_column(LargeBinary)

    suggestion: Mapped[CategorySuggestion | None] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("source", "source_number"),
        ForeignKeyConstraint(["community_id", "street_id"], ["units.id", "units.parent_id"]),
        ForeignKeyConstraint(["grid_id", "community_id"], ["units.id", "units.parent_id"]),
        ForeignKeyConstraint(["holder_id", "holder_tier"], ["units.id", "units.tier"]),
        CheckConstraint("grid_id IS NULL OR community_id IS NOT NULL", name="grid_in_community"),
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_whole"),
        CheckConstraint(f"(ending IS NOT NULL) = (state IN ({_ENDED}))", name="ended_state"),
        CheckConstraint("(state = 'suspended') = (suspended_at IS NOT NULL)", name="suspended_state"),
        CheckConstraint(
            "(suspended_at IS NULL) = (suspended_until IS NULL)"
            " AND (suspended_at IS NULL OR tier_due_at IS NULL AND tier_warn_at IS NULL)",
            name="suspended_whole",
        ),
        CheckConstraint("(after_rule IS NULL) = (after_started_on IS NULL)", name="after_whole"),
        CheckConstraint("route_certainty BETWEEN 0 AND 1", name="certainty_share"),
        CheckConstraint("persons_present > 0 AND persons_affected > 0", name="persons_some"),
        CheckConstraint("master_id <> id AND repeat_of_id <> id AND parent_id <> id", name="tied_to_another"),
        # A merged case waits for its master, and that may wait for its parts, which wait for nobody.
        CheckConstraint("master_id IS NULL OR (parent_id IS NULL AND part_count = 0)", name="merged_whole"),
        CheckConstraint("part_count = 0 OR (part_count > 1 AND parent_id IS NULL)", name="split_once"),
        CheckConstraint(
            "(master_id IS NULL AND part_count = 0)"
            " OR (tier_due_at IS NULL AND tier_warn_at IS NULL AND tier_missing_year IS NULL)",
            name="waiting_stops",
        ),
        CheckConstraint(
            "ending IS NULL OR (tier_due_at IS NULL AND tier_warn_at IS NULL)", name="ended_stops"
        ),
        # Carries what the figures read, so that a street's year is counted from the index alone.
        Index(
            "ix_cases_street_id_received_at",
            "street_id",
            "received_at",
            "id",
            postgresql_include=_COUNTED,
        ),
        Index("ix_cases_community_id_received_at", "community_id", "received_at", "id"),
        Index("ix_cases_grid_id_received_at", "grid_id", "received_at", "id"),
        Index("ix_cases_holder_id_received_at", "holder_id", "received_at", "id"),
        Index("ix_cases_tier_due_at", "tier_due_at", "id", postgresql_where=_given("tier_due_at")),
        Index("ix_cases_tier_warn_at", "tier_warn_at", "id", postgresql_where=_given("tier_warn_at")),
        Index(
            "ix_cases_suspended_until", "suspended_until", "id", postgresql_where=_given("suspended_until")
        ),
        Index("ix_cases_assist_due_at", "assist_due_at", "id", postgresql_where=_given("assist_due_at")),
        Index(
            "ix_cases_after_due_at",
            "after_due_at",
            "id",
            postgresql_where=text("state IN ('replied', 'review_replied')"),
        ),
        Index("ix_cases_assist_ids", "assist_ids", postgresql_using="gin"),
        Index("ix_cases_handler_id", "handler_id", postgresql_where=_given("handler_id")),
        Index("ix_cases_case_leader_id", "case_leader_id", postgresql_where=_given("case_leader_id")),
        Index("ix_cases_waiting", "id", postgresql_where=text(WAITING)),
        # Finds the open cases of a street, and those of a cell of its policy that another version counted.
        Index(
            "ix_cases_open_cell",
            *("street_id", "kind", "urgency", "holder_tier", "policy_id"),
            postgresql_where=text(OPEN),
        ),
        Index("ix_cases_policy_id", "policy_id", postgresql_where=_given("policy_id")),
        Index("ix_cases_moved_at", "moved_at", postgresql_where=_given("moved_at")),
        Index("ix_cases_master_id", "master_id", postgresql_where=_given("master_id")),
        Index("ix_cases_repeat_of_id", "repeat_of_id", postgresql_where=_given("repeat_of_id")),
        Index("ix_cases_parent_id", "parent_id", postgresql_where=_given("parent_id")),
        Index("ix_cases_title_trgm", "title", postgresql_using="gin", postgresql_ops=_TRIGRAMS),
        # Where matters that may be the same are looked for: at a door, around a point.
        Index(
            "ix_cases_address_key",
            "street_id",
            "address_key",
            "received_at",
            postgresql_where=_given("address_key"),
        ),
        Index(
            "ix_cases_point",
            "point",
            "received_at",
            postgresql_using="gist",
            postgresql_where=_given("point"),
        ),
    )
