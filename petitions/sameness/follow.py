"""The event of a case to which something happened because of another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from petitions.history import Step, Telling
from petitions.models import Case
from petitions.vocabulary import Verb


def follow(
    case: Case,
    detail: Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    tell: tuple[Telling, ...] = (),
) -> Step:
    """What follows for `case`; `detail` names the other case, and who acted there need not reach this one."""
    kept = {name: value for name, value in (changes or {}).items() if value != getattr(case, name)}
    return Step(
        case=case,
        verb=Verb.FOLLOW,
        actor=actor,
        at=now,
        changes=kept,
        reason=reason,
        detail=detail,
        tell=tell,
    )
