"""The settlement table of one street's year among those of many, against its rows alone in a table."""

from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from sqlalchemy import text

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.db import db
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_most
from mediation.indicators import Axis, tables
from petitions.models import Case
from petitions.period import Period
from tests.factories.street import make_actor, make_street

YEARS = 5
CASES_A_YEAR = 8_000
YEAR = Period.year(2020)
AS_OF = datetime(2021, 3, 1, tzinfo=UTC)
ROUNDS = 15
AIM = 1.5

# What the build needs not keep up: neither table is searched by title or checked for overlap here.
LIGHTEN = """
DROP INDEX ix_cases_title_trgm;
ALTER TABLE case_endings DROP CONSTRAINT case_endings_once;
"""

# The cases of all streets lie mixed in the order of receipt, as they come in; one in twenty stays open.
CASES = """
INSERT INTO cases (number, kind, channel, source, urgency, title, body, received_at, registered_at,
    street_id, community_id, grid_id, holder_id, holder_tier, route_method, route_certainty, route_reason,
    state, ending, ended_at, rule_set, due_rule, due_at, tier_started_at, held_since, event_count, head_hash)
SELECT 'N' || i, (ARRAY['petition', 'hotline', 'hotline', 'hotline', 'dispute'])[1 + i % 5],
    (ARRAY['hotline', 'wechat', 'online', 'visit'])[1 + i % 4], 'bench', 'normal', 'title',
    repeat('text ', 60),
    at, at, street_id, community_id, grid_id, street_id, 'street', 'point', 1, 'bench',
    CASE WHEN i % 20 = 0 THEN 'signed' ELSE 'closed' END,
    CASE WHEN i % 20 = 0 THEN NULL ELSE 'solved' END,
    CASE WHEN i % 20 = 0 THEN NULL ELSE at + interval '9 days' END,
    'bench', 'bench', at + interval '15 days', at, at, 1, decode(repeat('00', 32), 'hex')
FROM (
    SELECT i, timestamptz '2017-01-01 +08' + i * (interval '1826 days' / :size) AS at,
        (hashint8(i) & 1048575) % :streets AS place
    FROM generate_series(1, :size) AS i
) AS drawn
JOIN (
    SELECT row_number() OVER (ORDER BY g.id) % :streets AS place, c.parent_id AS street_id,
        g.parent_id AS community_id, g.id AS grid_id
    FROM units g JOIN units c ON c.id = g.parent_id WHERE g.code LIKE '%101001'
) AS located USING (place)
ORDER BY i
"""
ENDINGS = """
INSERT INTO case_endings (case_id, ending, ended_at)
SELECT id, ending, ended_at FROM cases WHERE ending IS NOT NULL ORDER BY id
"""
# What is computed from the others is nobody's to write.
WRITTEN = ", ".join(column.name for column in Case.__table__.columns if column.computed is None)
ALONE = """
CREATE SCHEMA alone;
CREATE TABLE alone.cases (LIKE cases INCLUDING ALL);
CREATE TABLE alone.case_endings (LIKE case_endings INCLUDING ALL);
INSERT INTO alone.cases ({columns}) SELECT {columns} FROM cases
    WHERE street_id = {street} AND received_at >= '{first}' AND received_at < '{end}' ORDER BY received_at;
INSERT INTO alone.case_endings SELECT * FROM case_endings WHERE case_id IN (SELECT id FROM alone.cases);
"""


def measure(size: int = 1_000_000) -> Iterator[Result]:
    """`size` cases of five years; each street has eight thousand of them a year."""
    with fresh_app():
        leader = _fill(size, max(1, size // (YEARS * CASES_A_YEAR)))
        ours = _time(leader, "public")
        against = _time(leader, "alone, public")
    yield at_most(
        f"settlement table of a street's year among {size:,} cases",
        Measure(ours * 1000, "ms"),
        Measure(against * 1000, "ms"),
        AIM,
    )


def _fill(size: int, streets: int) -> Actor:
    session = db.session()
    made = [
        make_street(session, code=f"{440_000_000 + number}", name=f"S{number}") for number in range(streets)
    ]
    leader = make_actor(session, made[0].street, Role.STREET_LEADER)
    session.execute(text(LIGHTEN))
    session.execute(text(CASES), {"size": size, "streets": streets})
    session.execute(text(ENDINGS))
    alone = ALONE.format(columns=WRITTEN, street=made[0].street.id, first=YEAR.starts_at, end=YEAR.ends_at)
    session.execute(text(alone))
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return leader


def _time(leader: Actor, search_path: str) -> float:
    """The best of some rounds in seconds, because a shared machine only ever adds time."""
    session = db.session()
    session.execute(text(f"SET search_path = {search_path}"))
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        rows = tables(session, leader, YEAR, AS_OF, [Axis.COMMUNITY])[Axis.COMMUNITY]
        times.append(perf_counter() - start)
        assert sum(row.counts.received for row in rows) > 0
    session.rollback()
    return min(times)
