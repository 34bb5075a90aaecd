"""The cases that belong together with one, as far as the asker may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_
from sqlalchemy.orm import Session, defer

from app.auth.actor import Actor
from petitions.models import Case
from petitions.queries import visible_cases

MOST = 100
"""Of all together; more are merged under one only when a whole district complains of one thing."""


@dataclass(slots=True)
class Ties:
    """By what ties them; empty lists and None where there is nothing, or nothing the asker may see."""

    master: Case | None = None
    merged: list[Case] = field(default_factory=list)
    first: Case | None = None
    repeats: list[Case] = field(default_factory=list)
    order: Case | None = None
    parts: list[Case] = field(default_factory=list)

    @property
    def are_there(self) -> bool:
        """Whether there is any to show."""
        return bool(self.master or self.merged or self.first or self.repeats or self.order or self.parts)


def ties_of(session: Session, actor: Actor, case: Case) -> Ties:
    """What belongs together with `case`, in the order of receipt, with one statement."""
    ties = Ties()
    for other in _related(session, actor, case):
        if other.id == case.master_id:
            ties.master = other
        if other.master_id == case.id:
            ties.merged.append(other)
        if other.id == case.repeat_of_id:
            ties.first = other
        elif other.repeat_of_id in {case.id, case.repeat_of_id} - {None}:
            ties.repeats.append(other)
        if other.id == case.parent_id:
            ties.order = other
        elif other.parent_id in {case.id, case.parent_id} - {None}:
            ties.parts.append(other)
    return ties


def _related(session: Session, actor: Actor, case: Case) -> Sequence[Case]:
    above = [key for key in (case.master_id, case.repeat_of_id, case.parent_id) if key]
    query = visible_cases(actor).where(
        Case.id != case.id,
        or_(
            Case.id.in_(above),
            Case.master_id == case.id,
            Case.repeat_of_id == (case.repeat_of_id or case.id),
            Case.parent_id == (case.parent_id or case.id),
        ),
    )
    listed = query.order_by(Case.received_at, Case.id).limit(MOST)
    return session.scalars(listed.options(defer(Case.body), defer(Case.point))).all()
