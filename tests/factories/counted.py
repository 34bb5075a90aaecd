"""Cases as the figures see them, written as rows: where, when, and the periods for which they stood ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.bulk import insert_rows, next_ids
from app.core.clock import SHANGHAI
from grid.models import Unit
from grid.vocabulary import RouteMethod
from petitions.models import Case, CaseEnding
from petitions.vocabulary import CaseKind, CaseState, Channel, Ending, Urgency

JUNE = datetime(2020, 6, 1, 9, tzinfo=SHANGHAI)

# A period during which a case stood ended: its reason, its first moment, and the one of its reopening.
Stood = tuple[Ending, datetime, datetime | None]


@dataclass(frozen=True)
class Counted:
    """One case with what its figures depend on; registered when received unless told otherwise."""

    street: Unit
    community: Unit | None = None
    grid: Unit | None = None
    received_at: datetime = JUNE
    registered_at: datetime | None = None
    kind: CaseKind = CaseKind.HOTLINE
    channel: Channel = Channel.HOTLINE
    endings: tuple[Stood, ...] = ()
    holder: Unit | None = None
    due_at: datetime | None = None
    tier_due_at: datetime | None = None


def write(session: Session, cases: Sequence[Counted]) -> list[int]:
    """Write `cases` and their endings; returns their keys in order."""
    ids = next_ids(session, "cases", len(cases))
    insert_rows(session, Case, [_row(key, case) for key, case in zip(ids, cases, strict=True)])
    insert_rows(
        session,
        CaseEnding,
        [
            {"case_id": key, "ending": ending, "ended_at": ended_at, "reopened_at": reopened_at}
            for key, case in zip(ids, cases, strict=True)
            for ending, ended_at, reopened_at in case.endings
        ],
    )
    return ids


def _row(key: int, case: Counted) -> dict[str, Any]:
    standing = [stood for stood in case.endings if stood[2] is None]
    ending, ended_at = standing[0][:2] if standing else (None, None)
    registered_at = case.registered_at or case.received_at
    holder = case.holder or case.grid or case.community or case.street
    return {
        "id": key,
        "number": f"N{key}",
        "kind": case.kind,
        "channel": case.channel,
        "source": "test",
        "urgency": Urgency.NORMAL,
        "title": "路灯不亮",
        "body": "楼下的路灯已经三天不亮。",
        "received_at": case.received_at,
        "registered_at": registered_at,
        "street_id": case.street.id,
        "community_id": case.community.id if case.community else None,
        "grid_id": case.grid.id if case.grid else None,
        "holder_id": holder.id,
        "holder_tier": holder.tier,
        "route_method": RouteMethod.UNIT,
        "route_certainty": 1.0,
        "route_reason": "test",
        "state": CaseState.CLOSED if ending else CaseState.SIGNED,
        "ending": ending,
        "ended_at": ended_at,
        "rule_set": "test",
        "due_rule": "test",
        "due_at": case.due_at,
        "tier_started_at": registered_at,
        "held_since": registered_at,
        "tier_due_at": None if ending else case.tier_due_at,
        "event_count": 1,
        "head_hash": bytes(32),
    }
