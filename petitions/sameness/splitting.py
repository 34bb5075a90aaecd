"""事项拆分: an order that holds several matters, each made a case of its own.

The order stays the one that came in and is counted; it waits for its parts and ends when all have. A part has
its own place, category, holder and tier clock, inside the order's deadline, and is numbered after the order.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import next_ids
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.clocks import STOPPED
from petitions.handling.step import given, step
from petitions.history import record_new
from petitions.models import Case
from petitions.office import Office
from petitions.register import case_row, registration
from petitions.sameness.following import DEADLINE, carry_out
from petitions.sameness.parts import Part, intakes_of, routes_of
from petitions.vocabulary import Verb


def split(
    session: Session,
    case: Case,
    office: Office,
    parts: Sequence[Part],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> list[str]:
    """Split the order, locked by the caller, into `parts`; returns their numbers.

    `detail` is what the event says beside them.

    Raises Invalid and Forbidden as `intakes_of` and `routes_of`, Conflict where the order waits for others or
    is itself a part.
    """
    if case.parent_id:
        raise Conflict(_("A part of an order is not split once more."))
    numbers = [f"{case.number}-{place}" for place in range(1, len(parts) + 1)]
    changes = {"part_count": len(parts), **STOPPED}
    done = step(case, Verb.SPLIT, actor, now, changes, given(reason), {**(detail or {}), "parts": numbers})
    intakes = intakes_of(case, parts, now)
    routes = routes_of(session, case, parts, intakes, office.tree, actor)
    inside = {name: getattr(case, name) for name in ("rule_set", *DEADLINE)}
    ids = next_ids(session, "cases", len(parts))
    rows = [
        {"id": key, "number": number, **case_row(intake, route, now, office), **inside, "parent_id": case.id}
        for key, number, intake, route in zip(ids, numbers, intakes, routes, strict=True)
    ]
    record_new(session, rows, [registration(row, (), office.tree, actor) for row in rows])
    carry_out(session, [done])
    return numbers
