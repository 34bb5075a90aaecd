"""An export from file to routed cases with clocks and events, against COPY of the same rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from app.auth.actor import OPERATOR
from app.core import clock
from app.core.calendar import WorkingCalendar
from app.core.db import db, transaction
from app.demo.export import write_export
from app.demo.layout import lay_out
from app.demo.matter import Intake
from app.demo.scenario import plan
from benchmarks.copying import WRITTEN, copy_in, copy_out
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least, at_most
from petitions.importing.export_file import open_export
from petitions.importing.requests import open_run
from petitions.importing.run import run_import
from tests.factories.street import make_street

MOST_SECONDS = 5.0

RUNS = 5
"""Of which the best counts: what else a machine does only ever makes a run longer, here by up to a third."""

BEFORE = 100
"""Orders of a year before that come in first: a worker is seldom at its first file since it was started."""


def measure(size: int = 7_598) -> Iterator[Result]:
    """The first `size` orders of the demonstration year, read from an XLSX file of 25 columns."""
    with tempfile.TemporaryDirectory(prefix="dingfen-bench-") as folder:
        before, path = Path(folder) / "before.xlsx", Path(folder) / "export.xlsx"
        write_export(some_orders(BEFORE, since=2019), before, WorkingCalendar.shipped())
        rows = write_export(some_orders(size), path, WorkingCalendar.shipped())
        ours = min(_imported(before, path, Path(folder)) for _ in range(RUNS))
        plain = min(_copied(Path(folder)) for _ in range(RUNS))
    yield at_least(
        f"import of {rows:,} orders of 25 columns, against COPY of their rows",
        Measure(rows / ours, "orders/s"),
        Measure((BEFORE + rows) / plain, "orders/s"),
        1 / 3,
    )
    yield at_most(
        f"import of {rows:,} orders of 25 columns, in all",
        Measure(ours, "s"),
        Measure(MOST_SECONDS * rows / 7_598, "s"),
        1,
    )


def _imported(before: Path, path: Path, folder: Path) -> float:
    """Seconds of the import of `path` after that of `before`; the rows of both are left in `folder`."""
    with fresh_app():
        street_id = some_street()
        copy_out(("units",), folder)
        import_file(before, street_id)
        took = import_file(path, street_id)
        copy_out(WRITTEN, folder)
    return took


def _copied(folder: Path) -> float:
    with fresh_app():
        copy_in(("units",), folder)
        return copy_in(WRITTEN, folder)


def some_orders(size: int, since: int = 2020) -> Iterator[Intake]:
    """Orders of the demonstration, of as many years as it takes from `since`."""
    seeds = range(since, since + size // 7_000 + 1)
    years = (plan(seed, lay_out(), WorkingCalendar.shipped()) for seed in seeds)
    orders = (matter.intake for year in years for matter in year if matter.intake.online_and_hotline)
    return (order for order, _ in zip(orders, range(size), strict=False))


def some_street() -> int:
    """The key of a new street."""
    with transaction():
        return make_street(db.session()).street.id


def import_file(path: Path, street_id: int) -> float:
    """Seconds for the whole file, a transaction to a chunk."""
    session = db.session()
    start = perf_counter()
    with path.open("rb") as stream:
        export = open_export(stream, path.name, "demo_export")
        with transaction():
            run = open_run(
                session, export, street_id=street_id, dry_run=False, actor=OPERATOR, now=clock.now()
            )
        steps = run_import(session, run, export, actor=OPERATOR, clock=clock.now)
        step = True
        while step:
            with transaction():
                step = next(steps, None) is not None
    took = perf_counter() - start
    assert run.refused == 0
    return took
