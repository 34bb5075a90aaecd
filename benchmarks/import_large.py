"""A large CSV through the tick that a worker does: the memory of its process, its speed against COPY, and how
the pages answer meanwhile."""

import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import IO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth import session_life
from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core import clock
from app.core.db import db, transaction
from benchmarks.copying import WRITTEN, copy_in, copy_out
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least, at_most
from petitions.importing.requests import request_import
from petitions.models import Case, ImportRun
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import HEADINGS, order

LIMIT = 600
"""MiB of a worker, whatever the file."""

PAGES = ("/imports", "/cases")
BETWEEN = 2.0
"""Seconds from an answer to the next question: somebody who works, not a load of its own."""
QUIET_ROUNDS = 30
MOST_SLOWER = 3.0

TICK = """
import resource
from app import create_app
from app.core import memory
memory.tune()
with create_app().app_context():
    from tasks.imports import run_waiting
    run_waiting()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def measure(size: int = 1_000_000) -> Iterator[Result]:
    """`size` orders of 12 columns, tried first and then brought in, each by a process of its own."""
    with tempfile.TemporaryDirectory(prefix="dingfen-bench-") as name:
        folder = Path(name)
        for dry_run in (True, False):
            with fresh_app() as app:
                street_id, clerk = _street(app)
                copy_out(("units",), folder)
                memory_used, took, answered = _run(size, street_id, clerk, dry_run=dry_run)
                quiet = [_answer(clerk) for _ in range(QUIET_ROUNDS)]
                copy_out(WRITTEN, folder)
            yield at_most(
                f"memory of a worker in the {'trial' if dry_run else 'import'} of {size:,} rows",
                Measure(memory_used, "MiB"),
                Measure(LIMIT, "MiB"),
                1,
            )
        with fresh_app():
            copy_in(("units",), folder)
            plain = copy_in(WRITTEN, folder)
    yield at_least(
        f"import of a CSV of {size:,} rows, against COPY of their rows",
        Measure(size / took, "rows/s"),
        Measure(size / plain, "rows/s"),
        1 / 3,
    )
    yield at_most(
        f"19 of 20 times the pages answer while {size:,} rows come in, and after",
        Measure(_nearly_all(answered), "s"),
        Measure(_nearly_all(quiet), "s"),
        MOST_SLOWER,
    )


def _street(app: Flask) -> tuple[int, FlaskClient]:
    """The key of a new street, and a clerk of it who is logged in."""
    with transaction():
        street = make_street(db.session()).street
        user_id, street_id = make_actor(db.session(), street, Role.HOTLINE_CLERK).get_id(), street.id
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user_id
        session_life.begin(cookie, clock.now())
    return street_id, client


def _answer(client: FlaskClient) -> float:
    """Seconds for all of the pages."""
    start = perf_counter()
    for page in PAGES:
        assert client.get(page).status_code == 200
    return perf_counter() - start


def _nearly_all(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]


def _run(size: int, street_id: int, client: FlaskClient, *, dry_run: bool) -> tuple[int, float, list[float]]:
    """MiB that the process of the tick took at most, its seconds from its start to its end, and how long the
    pages took meanwhile."""
    with tempfile.TemporaryFile() as stream:
        _write(stream, size)
        _request(stream, street_id, dry_run=dry_run)
    start = perf_counter()
    with subprocess.Popen([sys.executable, "-c", TICK], stdout=subprocess.PIPE, env=os.environ) as tick:
        answered = [_answer(client)]
        while _goes_on(tick):
            answered.append(_answer(client))
        took = perf_counter() - start
        said, _ = tick.communicate()
    assert tick.returncode == 0
    _demand_whole(size)
    return int(said), took, answered


def _goes_on(tick: subprocess.Popen[bytes]) -> bool:
    try:
        tick.wait(BETWEEN)
    except subprocess.TimeoutExpired:
        return True
    return False


def _write(stream: IO[bytes], size: int) -> None:
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(order(f"44072006010{number:08d}", 工单标题=f"路灯{number}") for number in range(size))
    text.flush()
    text.detach()


def _request(stream: IO[bytes], street_id: int, *, dry_run: bool) -> None:
    with transaction():
        request_import(
            db.session(),
            street_id=street_id,
            file_name="orders.csv",
            content=stream,
            profile=None,
            dry_run=dry_run,
            actor=OPERATOR,
            now=clock.now(),
        )


def _demand_whole(size: int) -> None:
    newest = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    db.session.refresh(newest)
    assert newest.created == size
    assert newest.is_dry_run or db.session.scalar(select(func.count(Case.id))) == size
    db.session.rollback()
