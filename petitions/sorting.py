"""What is suggested and waits for a person, and how people decided on what was suggested before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.pages import PAGE_SIZE, Page, clamped
from petitions.models import Case, CategorySuggestion, ImportRow
from petitions.queries import visible_cases


@dataclass(frozen=True, slots=True)
class Decided:
    """Suggestions of a kind on which somebody has decided, and how many of them were taken as they were."""

    is_sure: bool
    decided: int
    taken: int


def list_waiting(session: Session, actor: Actor, number: int, *, run_id: int | None = None) -> Page:
    """Open cases in the actor's reach with a suggestion and no category, the newest first: pairs of the two.

    With `run_id` only those that came in with that import.
    """
    query = _waiting(actor, run_id)
    total = count_waiting(session, actor, run_id=run_id)
    number = clamped(number, total)
    ordered = query.order_by(CategorySuggestion.case_id.desc())
    rows = session.execute(ordered.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(rows, total, number)


def count_waiting(session: Session, actor: Actor, *, run_id: int | None = None) -> int:
    """How many `list_waiting` lists."""
    keys = _waiting(actor, run_id).with_only_columns(Case.id).subquery()
    return session.scalar(select(func.count()).select_from(keys)) or 0


def decided(session: Session, street_id: int, since: datetime) -> list[Decided]:
    """How people decided on suggestions for cases of the street received from `since` on, sure ones first."""
    taken = func.count().filter(Case.category == CategorySuggestion.category)
    query = (
        select(CategorySuggestion.is_sure, func.count(), taken)
        .join(Case, Case.id == CategorySuggestion.case_id)
        .where(Case.street_id == street_id, Case.received_at >= since, Case.category.is_not(None))
        .group_by(CategorySuggestion.is_sure)
        .order_by(CategorySuggestion.is_sure.desc())
    )
    return [Decided(*row) for row in session.execute(query)]


def _waiting(actor: Actor, run_id: int | None) -> Select[Any]:
    query = visible_cases(actor).add_columns(CategorySuggestion)
    query = query.join(CategorySuggestion, CategorySuggestion.case_id == Case.id)
    query = query.where(Case.category.is_(None), Case.ended_at.is_(None))
    if run_id is None:
        return query
    came = select(ImportRow.case_id).where(ImportRow.run_id == run_id, ImportRow.verdict == "created")
    return query.where(Case.id.in_(came))
