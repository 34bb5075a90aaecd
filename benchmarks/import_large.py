"""A large CSV through the tick that a worker does: the memory of its process, and its speed against COPY."""

import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import IO

from sqlalchemy import func, select

from app.auth.actor import OPERATOR
from app.core import clock
from app.core.db import db, transaction
from benchmarks.copying import WRITTEN, copy_in, copy_out
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least, at_most
from petitions.importing.requests import request_import
from petitions.models import Case, ImportRun
from tests.factories.street import make_street
from tests.petitions.importing.files import HEADINGS, order

LIMIT = 600
"""MiB of a worker, whatever the file."""

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
            with fresh_app():
                street_id = _street()
                copy_out(("units",), folder)
                memory_used, took = _run(size, street_id, dry_run=dry_run)
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


def _street() -> int:
    with transaction():
        return make_street(db.session()).street.id


def _run(size: int, street_id: int, *, dry_run: bool) -> tuple[int, float]:
    """MiB that the process of the tick took at most, and its seconds from its start to its end."""
    with tempfile.TemporaryFile() as stream:
        _write(stream, size)
        _request(stream, street_id, dry_run=dry_run)
    start = perf_counter()
    said = subprocess.run([sys.executable, "-c", TICK], check=True, capture_output=True, env=os.environ)
    took = perf_counter() - start
    _demand_whole(size)
    return int(said.stdout), took


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
