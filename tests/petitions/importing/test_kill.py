"""Whoever brings a file in is killed in the middle: the next goes on where it was, and no row comes twice."""

import json
import os
import signal
import subprocess
import sys
from functools import partial

import psycopg
import pytest
from celery import Celery
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.db import database_now, db, transaction
from petitions.importing.undoings import ask_undo
from petitions.models import ImportRun
from petitions.verify import verify
from tasks.imports import run_waiting
from tests.factories.street import make_street
from tests.petitions.importing.files import csv_file, order
from tests.petitions.importing.killing import OTHERS as KILLED
from tests.petitions.importing.killing import bring_in, one, request, rows, street
from tests.tasks.workers import as_beat, until, worker

ROWS = 4_000
PROGRAM = [sys.executable, "-c", "from app.cli import main; main()"]
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def address(services, worker_id):
    """A database of its own with the tiny street in it, since what is killed must have committed."""
    url = services.clone(f"import_killed_{worker_id}")
    engine = create_engine(url)
    with Session(engine) as session:
        make_street(session)
        session.commit()
    engine.dispose()
    return url


@pytest.fixture
def ask(address):
    """One value from that database."""
    url = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda statement: connection.execute(statement).fetchone()[0]


def start(address, path):
    environment = {**os.environ, "DATABASE_URL": address, "DINGFEN_FIELD_KEY": "k", "DINGFEN_SECRET_KEY": "s"}
    command = [*PROGRAM, "petitions", "import", str(path), "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.process
def test_an_import_killed_in_the_middle_is_gone_on_with_by_the_next_command(address, ask, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_file(order(str(number)) for number in range(ROWS)))
    first = start(address, path)
    until(lambda: ask("SELECT coalesce(max(rows), 0) FROM import_runs") >= 1000, "a chunk is committed")
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    until(lambda: ask(OTHERS) == 0, "the server has noticed")
    done = ask("SELECT count(*) FROM import_rows")
    assert 1000 <= done < ROWS
    assert ask("SELECT count(*) FROM cases") == done

    second = start(address, path)
    said, complaints = second.communicate()
    assert second.returncode == 0, complaints
    told = json.loads(said)
    assert (told["rows"], told["created"], told["refused"]) == (ROWS, ROWS, 0)
    assert [each["row"] for each in told["verdicts"]] == list(range(2, ROWS + 2))
    assert len({each["case"] for each in told["verdicts"]}) == ROWS
    assert ask("SELECT count(*) FROM cases") == ROWS
    assert ask("SELECT count(*) FROM case_events") == ROWS
    assert ask("SELECT count(*) FROM import_runs WHERE finished_at IS NOT NULL") == 1


@pytest.mark.process
@pytest.mark.xdist_group("import_killed")
def test_an_upload_whose_workers_are_killed_ends_with_the_tables_of_an_undisturbed_one(services, tmp_path):
    redis_url = services.redis_url.replace("?db=0", "?db=5")
    content = csv_file(rows(6_000))
    plain = bring_in(services, redis_url, tmp_path, content, "upload_plain", [])
    killed = bring_in(services, redis_url, tmp_path, content, "upload_killed", [0.2, 0.9, 1.7])
    assert killed == plain
    assert plain["rows"].split()[0] == "6000"


@pytest.mark.process
@pytest.mark.xdist_group("import_killed")
def test_orders_chosen_to_be_split_are_split_once_however_often_the_workers_are_killed(
    services, tmp_path, monkeypatch
):
    # Looking for known matters takes most of the time of a trial, and says nothing of splits.
    monkeypatch.setattr("petitions.importing.suspecting.MOST", 0)
    redis_url = services.redis_url.replace("?db=0", "?db=5")
    content = csv_file(rows(3_000, several=0.3))
    plain = bring_in(services, redis_url, tmp_path, content, "split_plain", [], split=True)
    moments = [0.1, 0.7, 1.6, 2.8]
    killed = bring_in(services, redis_url, tmp_path, content, "split_killed", moments, split=True)
    assert killed == plain
    said = {table: int(told.split()[0]) for table, told in plain.items()}
    assert said["splits"] > 300
    assert said["cases"] > 2_700 + 2 * said["splits"]


@pytest.mark.process
@pytest.mark.xdist_group("import_killed")
def test_an_undo_whose_worker_is_killed_has_undone_nothing_and_the_next_undoes_all(services, tmp_path):
    redis_url = services.redis_url.replace("?db=0", "?db=5")
    with street(services, "undo_killed", redis_url) as app:
        url = str(app.config["SQLALCHEMY_DATABASE_URI"])
        tick = partial(Celery(broker=app.config["CELERY"]["broker_url"]).send_task, "undo_imports")
        request(csv_file(order(str(number)) for number in range(700)))
        run_waiting()
        with transaction():
            run = db.session.scalars(select(ImportRun)).one()
            ask_undo(db.session(), run.id, reason="传错了", actor=OPERATOR, now=database_now(db.session()))
        endings = text("SELECT count(*) FROM cases WHERE ending = 'void'")
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with worker(url, redis_url, tmp_path / "first.log") as first, db.engine.connect() as holding:
            holding.execute(text("LOCK TABLE case_endings IN ACCESS EXCLUSIVE MODE"))
            until(as_beat(tick, lambda: holding.scalar(waiting)), "it has begun to write")
            first.kill()
        until(lambda: one(KILLED) == 0, "the server has noticed")
        assert db.session.scalar(endings) == 0
        db.session.rollback()
        with worker(url, redis_url, tmp_path / "second.log"):
            until(as_beat(tick, lambda: one("SELECT cases FROM import_undoings")), "it is undone")
        assert (one("SELECT cases FROM import_undoings"), db.session.scalar(endings)) == (700, 700)
        assert verify(db.session()).ok


@pytest.mark.process
def test_two_imports_of_one_file_at_once_make_each_order_once(address, ask, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_file(order(str(number)) for number in range(ROWS)))
    said = [json.loads(each.communicate()[0] or "{}") for each in [start(address, path) for _ in range(2)]]
    assert ask("SELECT count(*) FROM cases") == ROWS
    assert ask("SELECT count(DISTINCT source_number) FROM cases") == ROWS
    assert ask("SELECT count(*) FROM case_events") == ROWS
    # Each has a run of its own, or the second took up the first one's and found it taken.
    ended = [each for each in said if each]
    assert ended
    assert all(each["rows"] == each["created"] + each["unchanged"] for each in ended)


@pytest.mark.process
def test_two_files_with_the_same_orders_at_once_make_each_order_once(address, ask, tmp_path):
    paths = []
    for name in ("a", "b"):
        numbers = range(ROWS) if name == "a" else reversed(range(ROWS))
        path = tmp_path / f"{name}.csv"
        path.write_bytes(csv_file(order(str(number)) for number in numbers))
        paths.append(path)
    both = [start(address, path) for path in paths]
    said = [json.loads(each.communicate()[0]) for each in both]
    assert ask("SELECT count(*) FROM cases") == ROWS
    assert sum(each["created"] for each in said) == ROWS
    assert sum(each["unchanged"] for each in said) == ROWS


@pytest.mark.process
def test_an_import_stopped_by_the_keyboard_says_what_stays_and_is_gone_on_with(address, ask, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_file(order(str(number)) for number in range(ROWS)))
    first = start(address, path)
    until(lambda: ask("SELECT coalesce(max(rows), 0) FROM import_runs") >= 1000, "a chunk is committed")
    os.kill(first.pid, signal.SIGINT)
    said, complaints = first.communicate()
    assert (first.returncode, said) == (130, b"")
    assert "orders.csv" in complaints.decode()
    assert "Traceback" not in complaints.decode()
    assert 1000 <= ask("SELECT count(*) FROM cases") < ROWS

    told = json.loads(start(address, path).communicate()[0])
    assert (told["rows"], told["created"]) == (ROWS, ROWS)
