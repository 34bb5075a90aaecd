"""An upload that a real worker brings in and is killed again and again, and what it leaves in the tables.

By itself, with 100,000 rows and twenty kills: .venv/bin/python -m tests.petitions.importing.killing
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

from celery import Celery
from flask import Flask
from sqlalchemy import select, text

from app import create_app
from app.auth.actor import OPERATOR
from app.config import celery_settings
from app.core.clock import now
from app.core.db import db
from petitions.importing import going
from petitions.importing.requests import request_import
from petitions.importing.splits import choose_split
from petitions.models import ImportRow, ImportRun
from tasks.imports import run_waiting
from tests.factories.street import make_street
from tests.petitions.importing.files import csv_file, order
from tests.services import Services, shared_services
from tests.tasks.workers import KEYS, Running, as_beat, until, worker

LEFT = {
    "cases": """SELECT number, source_number, kind, channel, order_type, category, urgency, title, body,
        address, received_at, street_id, community_id, grid_id, holder_id, route_method, route_reason,
        state, due_at, inner_due_at, rule_set, event_count, part_count,
        (SELECT number FROM cases AS orders WHERE orders.id = cases.parent_id) AS part_of
        FROM cases ORDER BY number""",
    "events": """SELECT number, seq, verb, actor_name, changes - 'registered_at' - 'tier_started_at'
        - 'tier_due_at' - 'tier_warn_at' - 'parent_id', detail - 'parties' FROM case_events
        JOIN cases ON cases.id = case_id ORDER BY number, seq""",
    "parties": """SELECT number, role, phone_hash, parties.is_anonymous FROM parties
        JOIN cases ON cases.id = case_id ORDER BY number""",
    "notices": """SELECT number, notices.kind, unit_id, urgent FROM notices
        JOIN cases ON cases.id = case_id ORDER BY number, notices.kind""",
    "rows": """SELECT run_id, row, place, verdict, number, reason, marks FROM import_rows
        LEFT JOIN cases ON cases.id = case_id ORDER BY run_id, row""",
    "secrets": """SELECT run_id, row, difference IS NULL, cells IS NULL, said IS NULL FROM import_secrets
        ORDER BY run_id, row""",
    "runs": """SELECT file_name, state, rows, created, changed, unchanged, refused, marked, reached, last_row,
        error FROM import_runs ORDER BY id""",
    "pieces": "SELECT count(*) FROM import_pieces",
    "splits": "SELECT run_id, row FROM import_splits ORDER BY run_id, row",
}
"""What each table says, without keys and moments, which are others each time."""


SEVERAL = "地址一：甲街道迎春路3号 事项一：路灯不亮。 地址二：查无此处 事项二：井盖破损。"


def rows(count: int, seed: int = 1, *, several: float = 0.0) -> list[list[object]]:
    """Orders, some of them refused, twice or without a place; a share of `several` holds two matters."""
    random = Random(seed)  # a file for a test
    made = []
    for number in range(count):
        kind = random.random()
        if kind < 0.02:
            made.append(order("", 工单标题=f"没有编号{number}"))
        elif kind < 0.04 and number:
            made.append(order(str(random.randrange(number)), 工单标题=f"又来{number}"))
        else:
            where = "查无此处" if kind < 0.2 else f"甲街道迎春路{number % 99 + 1}号"
            more = {"主要内容": SEVERAL} if random.random() < several else {}
            made.append(order(str(number), 工单标题=f"路灯{number}", 事发地=where, **more))
    return made


@contextmanager
def street(services: Services, name: str, redis_url: str) -> Iterator[Flask]:
    """A database of its own with the tiny street in it."""
    settings = {
        "SQLALCHEMY_DATABASE_URI": services.clone(name),
        "FIELD_KEY": KEYS["DINGFEN_FIELD_KEY"],
        "SECRET_KEY": KEYS["DINGFEN_SECRET_KEY"],
        "CELERY": celery_settings(redis_url),
    }
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def bring_in(
    services: Services,
    redis_url: str,
    folder: Path,
    content: bytes,
    name: str,
    moments: list[float],
    *,
    split: bool = False,
) -> dict[str, str]:
    """Have workers bring in the file, each of which but the last is killed after one of `moments` in seconds.

    A moment is counted from when the worker has taken the file up. To be `split` it is tried before, and goes
    with every second order of several matters chosen. Returns what the tables say at the end.
    """
    with street(services, name, redis_url) as app:
        request(content, dry_run=split)
        if split:
            _choose_and_go()
        queue = Celery(broker=app.config["CELERY"]["broker_url"])
        for moment in [*moments, None]:
            with worker(_url(app), redis_url, folder / f"{name}.log") as running:
                _let_work(running, moment, partial(queue.send_task, "run_imports"))
            until(lambda: one(OTHERS) == 0, "the server has noticed")
        return {table: str(one(_digest(query))) for table, query in LEFT.items()}


OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE '%import_%'"
_DONE = "SELECT count(*) FROM import_runs WHERE finished_at IS NULL"


def _let_work(running: Running, moment: float | None, tick: Callable[[], object]) -> None:
    if moment is None:
        until(as_beat(tick, lambda: one(_DONE) == 0), "the file is brought in", patience=900)
        return
    is_busy = f"{_BUSY} AND pid <> pg_backend_pid()"
    until(as_beat(tick, lambda: one(is_busy) or one(_DONE) == 0), "it is taken up")
    time.sleep(moment)
    running.kill()


def _choose_and_go() -> None:
    run_waiting()
    session = db.session()
    run = session.scalars(select(ImportRun)).one()
    several = select(ImportRow.row).where(ImportRow.run_id == run.id, ImportRow.marks.contains(["several"]))
    for row in session.scalars(several.order_by(ImportRow.row)).all()[::2]:
        choose_split(session, run, row, is_split=True)
    going.let_go(session, run, actor=OPERATOR, now=now())
    session.commit()


def request(content: bytes, *, dry_run: bool = False) -> None:
    """Hand a file in for a street that is made for it."""
    session = db.session()
    tiny = make_street(session)
    given = {"street_id": tiny.street.id, "file_name": "orders.csv", "content": content, "profile": None}
    request_import(session, **given, dry_run=dry_run, actor=OPERATOR, now=now())
    session.commit()


def one(statement: str) -> object:
    """A value from the database as it is now."""
    value = db.session.scalar(text(statement))
    db.session.rollback()
    return value


def _digest(query: str) -> str:
    return f"SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '')), '') FROM ({query}) AS t"


def _url(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def main() -> int:
    """Exit 1 where a table differs from that of an undisturbed import."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--longest", type=float, default=8.0, help="seconds that a worker lives at most")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random = Random(given.seed)  # moments for a test
    content = csv_file(rows(given.rows))
    with tempfile.TemporaryDirectory(prefix="dingfen-killed-") as root:
        Path(root).chmod(0o755)
        with shared_services(Path(root)) as services:
            redis_url = services.redis_url.replace("?db=0", "?db=5")
            moments = [random.uniform(0, given.longest) for _ in range(given.kills)]
            plain = _timed(lambda: bring_in(services, redis_url, Path(root), content, "plain", []))
            killed = _timed(lambda: bring_in(services, redis_url, Path(root), content, "killed", moments))
    for table, said in plain.items():
        sys.stdout.write(f"{'same ' if killed[table] == said else 'OTHER'} {table}: {said.split()[0]}\n")
    return 0 if killed == plain else 1


def _timed(work: Callable[[], dict[str, str]]) -> dict[str, str]:
    start = time.monotonic()
    found = work()
    sys.stdout.write(f"{time.monotonic() - start:.0f} s\n")
    sys.stdout.flush()
    return found


if __name__ == "__main__":
    sys.exit(main())
