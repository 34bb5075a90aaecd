"""A sweep of everything due, against one SQL statement that writes the same rows."""

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from sqlalchemy import text

from app.auth.actor import SERVICE
from app.core.db import db
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least
from petitions.register import register
from tasks.escalate import sweep
from tests.factories.cases import MORNING, an_intake
from tests.factories.street import IN_A1, make_street

LATE = MORNING + timedelta(days=30)

# The same rows: cases moved to their parent, an event and a notice each.
PLAIN = """
WITH due AS (
    SELECT c.id, c.holder_id, u.parent_id, c.event_count, c.head_hash, c.number
    FROM cases c JOIN units u ON u.id = c.holder_id
    WHERE c.tier_due_at <= :now ORDER BY c.tier_due_at FOR UPDATE OF c
), moved AS (
    UPDATE cases c SET holder_id = due.parent_id, holder_tier = 'community', escalations = escalations + 1,
        tier_started_at = :now, tier_due_at = :later, tier_warn_at = :later,
        event_count = due.event_count + 1, head_hash = sha256(due.head_hash)
    FROM due WHERE c.id = due.id
), told AS (
    INSERT INTO notices (unit_id, case_id, kind, params, created_at)
    SELECT parent_id, id, 'escalated', jsonb_build_object('number', number, 'from', holder_id), :now FROM due
)
INSERT INTO case_events
    (case_id, seq, at, actor_name, verb, changes, detail, reason, previous_hash, hash)
SELECT id, event_count + 1, :now, 'service', 'escalate',
    jsonb_build_object(
        'holder_id', jsonb_build_array(holder_id, parent_id),
        'holder_tier', jsonb_build_array('grid', 'community'),
        'escalations', jsonb_build_array(0, 1),
        'tier_due_at', jsonb_build_array(:now, :later),
        'tier_warn_at', jsonb_build_array(:now, :later),
        'tier_started_at', jsonb_build_array(:now, :later)
    ), '{}', 'limit_passed', head_hash, sha256(head_hash)
FROM due
"""


def measure(size: int = 20_000) -> Iterator[Result]:
    """`size` cases fall due at once in one street."""
    rates = {}
    for name, run in (("ours", _sweep), ("plain", _plain)):
        with fresh_app():
            _fill(size)
            rates[name] = size / run(size)
    yield at_least(
        f"escalation of {size:,} due cases, against one statement",
        Measure(rates["ours"], "cases/s"),
        Measure(rates["plain"], "cases/s"),
        1 / 3,
    )


def _fill(size: int) -> None:
    session = db.session()
    street_id = make_street(session).street.id
    intake = an_intake(lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    for start in range(0, size, 2000):
        batch = [intake] * min(2000, size - start)
        register(session, batch, street_id=street_id, actor=SERVICE, now=MORNING)
    # Warnings are another kind of work; here only the lifting is measured.
    session.execute(text("UPDATE cases SET tier_warn_at = NULL"))
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()


def _sweep(size: int) -> float:
    start = perf_counter()
    found = sweep(LATE)
    took = perf_counter() - start
    assert found["escalated"] == size
    return took


def _plain(size: int) -> float:
    session = db.session()
    start = perf_counter()
    written = session.execute(text(PLAIN), {"now": LATE, "later": LATE + timedelta(days=3)})
    session.commit()
    took = perf_counter() - start
    assert written.rowcount == size  # type: ignore[attr-defined]
    return took
