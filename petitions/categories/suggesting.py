"""Suggesting categories for cases that came without one: by the street's model, else by words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.bulk import insert_rows
from petitions.categories.model import Guess, Model, load
from petitions.categories.ngrams import one_text
from petitions.categories.word_list import word_list
from petitions.models import Case, CategoryModel, CategorySuggestion

LOOKED_AT = 1_000
"""The latest cases of a street tell which categories it uses."""
REFRESHED = 5_000

_MODELS: dict[int, tuple[int, Model]] = {}
"""The latest model of each street that this process has met, with its key. A model is never changed."""
_MOST_MODELS = 16


@dataclass(frozen=True, slots=True)
class Text:
    """A case without a category, as far as it is read."""

    case_id: int
    title: str
    body: str


def guess(
    session: Session, street_id: int, texts: Sequence[tuple[str, str]]
) -> tuple[list[Guess | None], int | None]:
    """A category for each pair of title and body, and the key of the model, None where words were asked."""
    joined = [one_text(title, body) for title, body in texts]
    found = _model(session, street_id)
    if found:
        return found[1].guess(joined), found[0]
    return word_list().guess(joined, known_categories(session, street_id)), None


def suggest(session: Session, street_id: int, texts: Sequence[Text], now: datetime) -> None:
    """Keep a suggestion for each of the cases of the street for which there is one."""
    if not texts:
        return
    guesses, model_id = guess(session, street_id, [(text.title, text.body) for text in texts])
    rows = [
        _row(text.case_id, found, model_id, now) for text, found in zip(texts, guesses, strict=True) if found
    ]
    insert_rows(session, CategorySuggestion, rows)


def suggest_again(session: Session, street_id: int, now: datetime) -> None:
    """Let the model in force look once more at the latest open cases that nobody has sorted."""
    query = (
        select(Case.id, Case.title, Case.body)
        .where(Case.street_id == street_id, Case.category.is_(None), Case.ended_at.is_(None))
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(REFRESHED)
    )
    renew(session, street_id, [Text(*row) for row in session.execute(query)], now)


def renew(session: Session, street_id: int, texts: Sequence[Text], now: datetime) -> None:
    """Suggest anew for cases whose text has changed, or that a newer model is to look at."""
    keys = [text.case_id for text in texts]
    session.execute(delete(CategorySuggestion).where(CategorySuggestion.case_id.in_(keys)))
    suggest(session, street_id, texts, now)


def find_suggestion(case: Case) -> CategorySuggestion | None:
    """What is suggested for the case, as long as nobody has said its category."""
    return None if case.category else case.suggestion


def latest_model(session: Session, street_id: int) -> CategoryModel | None:
    """The model of a street that is in force, without its content."""
    query = select(CategoryModel).where(CategoryModel.street_id == street_id)
    return session.scalars(query.order_by(CategoryModel.id.desc()).limit(1)).first()


def known_categories(session: Session, street_id: int) -> Collection[str]:
    """The categories that the street's latest cases bear, by name."""
    latest = (
        select(Case.category)
        .where(Case.street_id == street_id)
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    return sorted(filter(None, session.scalars(select(latest.c.category).distinct())))


def _model(session: Session, street_id: int) -> tuple[int, Model] | None:
    query = select(CategoryModel.id).where(CategoryModel.street_id == street_id)
    key = session.scalar(query.order_by(CategoryModel.id.desc()).limit(1))
    if key is None:
        return None
    kept = _MODELS.get(street_id)
    if kept is None or kept[0] != key:
        content = session.scalar(select(CategoryModel.content).where(CategoryModel.id == key))
        if content is None:
            return None
        if len(_MODELS) >= _MOST_MODELS:
            _MODELS.clear()
        kept = _MODELS[street_id] = key, load(content)
    return kept


def _row(case_id: int, found: Guess, model_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "category": found.category,
        "score": found.score,
        "is_sure": found.is_sure,
        "model_id": model_id,
        "suggested_at": now,
    }
