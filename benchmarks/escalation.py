"""A sweep of everything due: against one SQL statement that writes the same rows, and among many not due."""

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from sqlalchemy import select, text

from app.auth.actor import SERVICE
from app.core.db import db
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least, at_most
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.register import register
from tasks.escalate import sweep
from tests.factories.cases import MORNING, an_intake
from tests.factories.street import IN_A1, make_street

LATE = MORNING + timedelta(days=30)
OTHERS = 10
ROUNDS = 3

# The same rows: cases moved to their parent, an event, a notice and the span of the grid each.
PLAIN = """
WITH due AS (
    SELECT c.id, c.holder_id, u.parent_id, c.event_count, c.head_hash, c.number, c.held_since
    FROM cases c JOIN units u ON u.id = c.holder_id
    WHERE c.tier_due_at <= :now ORDER BY c.tier_due_at FOR UPDATE OF c
), moved AS (
    UPDATE cases c SET holder_id = due.parent_id, holder_tier = 'community', escalations = escalations + 1,
        tier_started_at = :now, held_since = :now, tier_due_at = :later, tier_warn_at = :later,
        event_count = due.event_count + 1, head_hash = sha256(due.head_hash)
    FROM due WHERE c.id = due.id
), held AS (
    INSERT INTO case_tenures (case_id, unit_id, from_at, to_at, is_lifted)
    SELECT id, holder_id, held_since, :now, true FROM due
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


# Open cases of the same street whose limits lie ahead, each with its event.
NOT_DUE = """
WITH made AS (
    INSERT INTO cases (number, kind, channel, source, urgency, title, body, received_at, registered_at,
        street_id, holder_id, holder_tier, route_method, route_certainty, route_reason, state, rule_set,
        due_rule, due_at, tier_started_at, held_since, tier_warn_at, tier_due_at, event_count, head_hash)
    SELECT 'N' || i, kind, channel, source, urgency, title, body, received_at, registered_at,
        street_id, street_id, 'street', route_method, route_certainty, route_reason, state, rule_set,
        due_rule, due_at, tier_started_at, held_since, ahead - interval '1 day', ahead, 1, head_hash
    FROM generate_series(1, :count) AS i
    CROSS JOIN LATERAL (SELECT CAST(:now AS timestamptz) + interval '2 days' + i * interval '1 s') AS t(ahead)
    CROSS JOIN (SELECT * FROM cases ORDER BY id LIMIT 1) AS model
    RETURNING id, registered_at, head_hash
)
INSERT INTO case_events (case_id, seq, at, actor_name, verb, changes, detail, previous_hash, hash)
SELECT id, 1, registered_at, 'service', 'register', '{}', '{}', head_hash, head_hash FROM made
"""


def measure(size: int = 100_000) -> Iterator[Result]:
    """`size` cases fall due at once in one street; then a tenth of them among ten times as many others."""
    yield _against_plain(size)
    yield _among_others(size // 10)


def _against_plain(size: int) -> Result:
    rates = {}
    for name, run in (("ours", _sweep), ("plain", _plain)):
        with fresh_app():
            _fill(size)
            rates[name] = size / run(size)
    return at_least(
        f"escalation of {size:,} due cases, against one statement",
        Measure(rates["ours"], "cases/s"),
        Measure(rates["plain"], "cases/s"),
        1 / 3,
    )


def _among_others(size: int) -> Result:
    """The best of some rounds each, because a shared machine only ever adds time."""
    with fresh_app():
        alone = min(_round(size) for _ in range(ROUNDS))
        db.session.execute(text(NOT_DUE), {"count": size * OTHERS, "now": LATE})
        _settle_down()
        among = min(_round(size) for _ in range(ROUNDS))
    return at_most(
        f"escalation of {size:,} due cases among {size * OTHERS:,} not due",
        Measure(among, "s"),
        Measure(alone, "s"),
        1.2,
    )


def _round(size: int) -> float:
    _fill(size)
    return _sweep(size)


def _fill(size: int) -> None:
    session = db.session()
    found = session.scalar(select(Unit.id).where(Unit.tier == Tier.STREET))
    street_id = found or make_street(session).street.id
    intake = an_intake(lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    for start in range(0, size, 2000):
        batch = [intake] * min(2000, size - start)
        register(session, batch, street_id=street_id, actor=SERVICE, now=MORNING)
    # Warnings are another kind of work; here only the lifting is measured.
    session.execute(text("UPDATE cases SET tier_warn_at = NULL WHERE tier_warn_at <= :now"), {"now": LATE})
    _settle_down()


def _settle_down() -> None:
    """What autovacuum would do in time."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


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
