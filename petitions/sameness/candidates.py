"""Earlier matters that may be the same as others, or the same again: a suggestion, with its reasons scored.

Found narrow first, each way by an index and for many matters at once: by a speaker's telephone or identity
number, at the same door, around the same point, by the words of an open matter's title. Only what was so
found is compared. Nothing is linked here; a person does that.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from petitions.rules.sameness import sameness_rules
from petitions.sameness.comparing import compared
from petitions.sameness.finding import found_pairs
from petitions.sameness.score import Evidence, Score, score
from petitions.vocabulary import CaseState, Ending

MOST = 5
"""Suggestions for one matter; nobody reads more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier matter that may be the same, and why it may be."""

    case_id: int
    number: str
    title: str
    state: CaseState
    ending: Ending | None
    received_at: datetime
    score: Score


def candidates(session: Session, case_ids: Collection[int], *, actor: Actor) -> Mapping[int, list[Candidate]]:
    """For each of the cases the earlier ones in the actor's reach that may be the same, likeliest first.

    One statement for all of them. A case without any is not in the mapping.
    """
    if not case_ids:
        return {}
    rules = sameness_rules()
    pairs = found_pairs(case_ids, actor, rules)
    found: dict[int, list[Candidate]] = defaultdict(list)
    for row in session.execute(compared(pairs)):
        candidate = _candidate(row, score(_evidence(row), rules))
        if candidate.score.total >= rules.suggest_from:
            found[row.own_id].append(candidate)
    return {key: sorted(group, key=_likeliest)[:MOST] for key, group in found.items()}


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        same_person=row.same_person,
        same_address=row.same_address,
        metres=row.metres,
        is_exact=row.is_exact,
        title=row.title_likeness,
        body=row.body_likeness,
        same_category=row.same_category,
        same_order_type=row.same_order_type,
        days=float(row.days),
    )


def _candidate(row: Row[Any], how: Score) -> Candidate:
    return Candidate(row.old_id, row.number, row.title, row.state, row.ending, row.received_at, how)


def _likeliest(candidate: Candidate) -> tuple[float, float, int]:
    return -candidate.score.total, -candidate.received_at.timestamp(), -candidate.case_id
