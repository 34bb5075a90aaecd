"""Models that suggest categories, and what they suggest. A suggestion is nobody's word and stands beside the
case, whose own category is only ever what the upstream or a person said."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment


class CategoryModel(Base):
    """What was learnt from the cases of a street; its latest is in force and alone keeps its `content`.

    `seen` cases had a category then, of which `examples` were learnt from and the rest of rare categories.
    The figures are those of `training.Quality`, from cases held out; `sure_from` is the score from which a
    suggestion is sure, null where none is.
    """

    __tablename__ = "category_models"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    trained_at: Mapped[Moment]
    seen: Mapped[int]
    examples: Mapped[int]
    held_out: Mapped[int]
    macro_f1: Mapped[float]
    largest_f1: Mapped[float]
    words_f1: Mapped[float]
    sure_from: Mapped[float | None]
    sure_share: Mapped[float]
    sure_right: Mapped[float | None]
    by_category: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    __table_args__ = (
        CheckConstraint("held_out <= examples AND examples <= seen", name="counts_nested"),
        CheckConstraint(
            "least(macro_f1, largest_f1, words_f1, sure_share) >= 0"
            " AND greatest(macro_f1, largest_f1, words_f1, sure_share) <= 1",
            name="figures_shares",
        ),
        Index("ix_category_models_street_id", "street_id", "id"),
    )


class CategorySuggestion(Base):
    """The category suggested for a case that came without one; by the word list where no model is named.

    Once somebody has said the category, the two side by side tell whether the suggestion was right.
    """

    __tablename__ = "category_suggestions"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(60))
    score: Mapped[float]
    is_sure: Mapped[bool]
    model_id: Mapped[int | None] = mapped_column(ForeignKey("category_models.id"), index=True)
    suggested_at: Mapped[Moment]
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1", name="score_share"),
        CheckConstraint("NOT is_sure OR model_id IS NOT NULL", name="words_unsure"),
    )
