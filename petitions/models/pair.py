"""What people have said about two cases: that one repeats the other, or that they have nothing in common.

Both repeat what the events say in a form that an index answers; `dingfen verify` compares the two.
"""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment


class CaseRepeat(Base):
    """A half-open period during which a case stood linked as a repeat of an earlier one, `first_id`.

    Figures for a past cut-off count the repeats that stood then.
    """

    __tablename__ = "case_repeats"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    linked_at: Mapped[Moment]
    unlinked_at: Mapped[Moment | None]
    __table_args__ = (
        ExcludeConstraint(
            ("case_id", "="), (text("tstzrange(linked_at, unlinked_at)"), "&&"), name="case_repeats_once"
        ),
        CheckConstraint("unlinked_at IS NULL OR unlinked_at >= linked_at", name="period_forward"),
        Index("ix_case_repeats_case_id_linked_at", "case_id", "linked_at"),
    )


class CaseDismissal(Base):
    """Somebody has looked at two cases and found that they are not the same; not suggested again.

    Who and why stands in the history of `case_id`, the later one. Never changed, never deleted.
    """

    __tablename__ = "case_dismissals"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    dismissed_at: Mapped[Moment]
    __table_args__ = (CheckConstraint("case_id <> other_id", name="two_cases"),)


class CaseLikeness(Base):
    """Two cases found to be alike when the later one, `case_id`, came in with an import; nobody has decided.

    A note for lists and counts, written once: what a person decides since is told by the ties and dismissals.
    `same_person` says that a speaker of both has one telephone or identity number; `reasons` are the parts of
    the score, the largest first: what is alike, what was measured or null, and its share.
    """

    __tablename__ = "case_likenesses"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    score: Mapped[float]
    is_likely: Mapped[bool]
    same_person: Mapped[bool]
    reasons: Mapped[list[list[Any]]] = mapped_column(JSONB, server_default="[]")
    found_at: Mapped[Moment]
    __table_args__ = (
        CheckConstraint("case_id <> other_id", name="two_cases"),
        # The order of the page of pairs.
        Index(
            "ix_case_likenesses_likeliest",
            text("is_likely DESC"),
            text("same_person DESC"),
            text("case_id DESC"),
        ),
    )
