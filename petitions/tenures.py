"""Who held a case how long: the spans of its holders, which add up to its life.

A span begins with the registration, a change of holder or a reopening, and ends with the next change of
holder or the ending: while a case stands ended, the time is charged to nobody. The events say it;
`case_tenures` repeats every span that is over in a form that an index answers, and `dingfen verify` compares
the two. The span that goes on is the row of the case itself: its holder since `held_since`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment
from petitions.models import Case
from petitions.vocabulary import Verb

LIFTING = frozenset({Verb.ESCALATE, Verb.HAND_UP})
"""By these a case goes up to the unit above: by the clock or by hand."""

Said = tuple[datetime, Verb, Mapping[str, Any]]
"""When an event was, its verb, and what it changed: column to [before, after]."""


class CaseTenure(Base):
    """A half-open period for which a unit held a case, and whether it then went up. Never changed."""

    __tablename__ = "case_tenures"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    from_at: Mapped[Moment]
    to_at: Mapped[Moment]
    is_lifted: Mapped[bool]
    __table_args__ = (
        CheckConstraint("to_at >= from_at", name="forward"),
        Index("ix_case_tenures_case_id_from_at", "case_id", "from_at"),
        # Carries what the figures add up, so that they are answered from the index alone.
        Index("ix_case_tenures_unit_id_to_at", "unit_id", "to_at", postgresql_include=["from_at", "case_id"]),
    )


@dataclass(frozen=True, slots=True)
class Tenure:
    """One span of one holder; `to_at` is None while it goes on. `is_lifted`: the case then went up."""

    unit_id: int
    from_at: datetime
    to_at: datetime | None = None
    is_lifted: bool = False

    def length(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted at `now`."""
        return (self.to_at or now) - self.from_at


def tenures(events: Iterable[Said]) -> list[Tenure]:
    """The spans of one case from its events in their order. Pure."""
    spans: list[Tenure] = []
    holder, since, is_ended = 0, None, False
    for at, verb, changes in events:
        if since and _leaves(changes):
            spans.append(Tenure(holder, since, at, verb in LIFTING))
            since = None
        holder = changes["holder_id"][1] if "holder_id" in changes else holder
        is_ended = changes["ending"][1] is not None if "ending" in changes else is_ended
        since = since or (None if is_ended else at)
    return [*spans, Tenure(holder, since)] if since else spans


def tenure_row(case: Case, verb: Verb, at: datetime, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of the span that a step on `case` ends, where it ends one; the case is as it was before."""
    if case.ended_at or not ("holder_id" in changes or changes.get("ending")):
        return None
    return {
        "case_id": case.id,
        "unit_id": case.holder_id,
        "from_at": case.held_since,
        "to_at": at,
        "is_lifted": verb in LIFTING,
    }


def since_column(at: datetime, changes: Mapping[str, Any]) -> dict[str, datetime]:
    """The column of the case that says since when its holder has it, where a step begins a span."""
    is_reopened = "ending" in changes and changes["ending"] is None
    return {"held_since": at} if "holder_id" in changes or is_reopened else {}


def _leaves(changes: Mapping[str, Any]) -> bool:
    return "holder_id" in changes or ("ending" in changes and changes["ending"][1] is not None)
