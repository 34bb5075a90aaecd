"""Finding and noting earlier matters that may be the same, for a day's import at once among many old ones."""

from collections.abc import Iterator
from time import perf_counter

from sqlalchemy import text

from app.core import clock
from app.core.db import db
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_most
from petitions.sameness.noticing import notice
from tests.factories.street import make_street

YEARS = 5
CASES_A_YEAR = 8_000
NEW = 500
ROUNDS = 5
MOST_SECONDS = 5.0
AIM_TENFOLD = 1.2

# Six in ten matters lie at one of a street's 400 doors, which draw more of them the lower their number; two
# have a point of their own in 3 x 4 km, two none. One in twenty is open. Texts are made of parts that recur.
CASES = """
INSERT INTO cases (number, kind, channel, source, urgency, order_type, category, title, body, address, point,
    given_lon, given_lat, given_datum, received_at, registered_at, street_id, holder_id, holder_tier,
    route_method, route_certainty, route_reason, state, ending, ended_at, rule_set, due_rule, due_at,
    tier_started_at, held_since, event_count, head_hash)
SELECT 'N' || i, 'hotline', 'hotline', 'bench', 'normal', 'complaint', 'c' || what,
    (ARRAY['路灯','井盖','积水','噪音','停车','垃圾','油烟','漏水','施工','犬只'])[1 + what % 10]
        || (ARRAY['不亮','扰民','没人处理','影响出行','多次反映未果','存在安全隐患'])[1 + how % 6],
    '市民来电反映：' || (ARRAY['小区门口','路口','楼下','学校旁','市场后面','公园里'])[1 + door % 6] || '的'
        || (ARRAY['路灯','井盖','积水','噪音','停车','垃圾','油烟','漏水','施工','犬只'])[1 + what % 10]
        || (ARRAY['已经三天','从上个月开始','每天晚上','下雨以后','一直','周末'])[1 + how % 6]
        || md5((i / 3)::text) || '，希望有关部门尽快到现场处理并答复来电人。',
    CASE WHEN place < 6 THEN '幸福路' || door || '号' END,
    CASE WHEN place < 8 THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END, lon, lat, 'wgs84',
    at, at, street_id, street_id, 'street', 'point', 1, 'bench',
    CASE WHEN is_open THEN 'signed' ELSE 'closed' END, CASE WHEN is_open THEN NULL ELSE 'solved' END,
    CASE WHEN is_open THEN NULL ELSE at + interval '9 days' END,
    'bench', 'bench', at + interval '15 days', at, at, 1, decode(repeat('00', 32), 'hex')
FROM (
    SELECT i, street_id, what, how, place, door, is_open, at,
        113.0 + CASE WHEN place < 6 THEN door % 20 * 0.0015 ELSE random() * 0.03 END AS lon,
        22.6 + CASE WHEN place < 6 THEN door / 20 * 0.002 ELSE random() * 0.04 END AS lat
    FROM (
        SELECT i, floor(random() * 60)::int AS what, floor(random() * 60)::int AS how,
            floor(random() * 10)::int AS place, floor(400 * random() * random())::int AS door,
            random() < 0.05 OR i > :size AS is_open, floor(random() * :streets)::int AS place_of,
            timestamptz '2017-01-01 +08' + least(i, :size) * (interval '1826 days' / :size) AS at
        FROM generate_series(1, :size + :new) AS i
    ) AS drawn
    JOIN (SELECT id AS street_id, row_number() OVER (ORDER BY id) - 1 AS place_of FROM units
        WHERE tier = 'street') AS located USING (place_of)
) AS placed
ORDER BY i
"""
# Ten thousand people in each street; some call far more often than others.
PARTIES = """
INSERT INTO parties (case_id, role, phone_hash)
SELECT id, 'reporter', sha256((street_id || '-' || floor(10000 * random() * random() * random()))::bytea)
FROM cases
"""


def measure(size: int = 1_000_000) -> Iterator[Result]:
    """`size` old cases of five years in streets of eight thousand a year, and 500 that have just come in."""
    whole, tenth = _seconds(size), _seconds(size // 10)
    named = f"noticing the like of {NEW} new cases among {size:,} old ones"
    yield at_most(f"{named}, at most", Measure(whole, "s"), Measure(MOST_SECONDS, "s"), 1.0)
    yield at_most(f"{named}, against a tenth", Measure(whole, "s"), Measure(tenth, "s"), AIM_TENFOLD)


def _seconds(size: int) -> float:
    """The best of some rounds, because a shared machine only ever adds time."""
    with fresh_app():
        new = _fill(size)
        times = []
        for _ in range(ROUNDS):
            start = perf_counter()
            found = notice(db.session(), new, clock.now())
            times.append(perf_counter() - start)
            db.session.rollback()
        assert found > NEW / 10
    return min(times)


def _fill(size: int) -> list[int]:
    session = db.session()
    streets = max(1, size // (YEARS * CASES_A_YEAR))
    for number in range(streets):
        make_street(session, code=f"{440_000_000 + number}", name=f"S{number}")
    # What the build need not keep up: nothing here is searched by title.
    session.execute(text("DROP INDEX ix_cases_title_trgm"))
    session.execute(text("SELECT setseed(0.5)"))
    session.execute(text(CASES), {"size": size, "streets": streets, "new": NEW})
    session.execute(text(PARTIES))
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return list(session.scalars(text("SELECT id FROM cases ORDER BY id DESC LIMIT :new"), {"new": NEW}))
