"""When a street's model is trained anew, on what, and how it is kept.

A street learns from its own latest cases: those whose category the upstream or a person said.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from grid.models import Unit
from grid.vocabulary import Tier
from petitions.categories.model import Model, dump
from petitions.categories.ngrams import READ_CHARACTERS, one_text
from petitions.categories.suggesting import latest_model
from petitions.models import Case, CategoryModel
from petitions.vocabulary import Ending

MOST_EXAMPLES = 10_000
"""The latest; more make the model larger and hardly better."""
FEWEST_EXAMPLES = 100
FEWEST_OF_ONE = 10
"""Of a category with fewer examples nothing is learnt."""
LOOKED_EVERY = 300
"""Seconds between two looks whether a training is due; one takes 16 to 40 ms for a street of 7,857 cases."""
ANEW_FROM = 100
ANEW_SHARE = 0.1
"""So many new cases with a category, and this share of those seen before, are worth a training."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a street has sorted: all cases with a category, those of categories large enough to be learnt, and
    how many such categories there are."""

    cases: int
    usable: int
    categories: int

    @property
    def missing(self) -> int:
        """How many usable cases a first training still needs."""
        return max(FEWEST_EXAMPLES - self.usable, 0)

    @property
    def is_enough(self) -> bool:
        """Whether a first training can begin."""
        return not self.missing and self.categories > 1


def count_sorted(session: Session, street_id: int) -> Sorted:
    """What the latest cases of the street bear, counted by category."""
    latest = _sorted(street_id).subquery()
    counts = session.scalars(select(func.count()).select_from(latest).group_by(latest.c.category)).all()
    usable = [count for count in counts if count >= FEWEST_OF_ONE]
    return Sorted(sum(counts), sum(usable), len(usable))


def is_due(session: Session, street_id: int, now: datetime) -> bool:
    """Whether enough cases have been sorted since the street's model was trained, or for its first one."""
    found, model = count_sorted(session, street_id), latest_model(session, street_id)
    if model is None:
        return found.is_enough
    # Where there are more the count stands still while its cases change.
    is_old = found.cases == MOST_EXAMPLES and model.trained_at < now - timedelta(days=30)
    return is_old or abs(found.cases - model.seen) >= max(ANEW_FROM, model.seen * ANEW_SHARE)


def examples(session: Session, street_id: int) -> list[tuple[str, str]]:
    """Texts as a model reads them, each with its category; the latest of the street."""
    return [(one_text(row.title, row.body), row.category) for row in session.execute(_sorted(street_id))]


def keep(
    session: Session, street_id: int, model: Model, quality: Any, *, seen: int, now: datetime
) -> CategoryModel:
    """Put a trained model in force for the street; those before it lose their content and keep their figures.

    `quality` is `training.Quality`.
    """
    older = update(CategoryModel).where(CategoryModel.street_id == street_id)
    session.execute(older.where(CategoryModel.content.is_not(None)).values(content=None))
    figures = asdict(quality)
    row = CategoryModel(
        street_id=street_id,
        trained_at=now,
        seen=seen,
        sure_from=model.certainty.sure_from,
        content=dump(model),
        **figures,
    )
    session.add(row)
    session.flush()
    return row


def list_streets(session: Session) -> Sequence[int]:
    """All streets, by key."""
    return session.scalars(select(Unit.id).where(Unit.tier == Tier.STREET).order_by(Unit.id)).all()


def _sorted(street_id: int) -> Select[Any]:
    return (
        select(Case.title, func.left(Case.body, READ_CHARACTERS).label("body"), Case.category)
        .where(
            Case.street_id == street_id,
            Case.category.is_not(None),
            Case.parent_id.is_(None),
            or_(Case.ending.is_(None), Case.ending != Ending.VOID),
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(MOST_EXAMPLES)
    )
