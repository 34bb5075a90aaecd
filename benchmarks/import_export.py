"""An export from file to routed cases with clocks and events, against COPY of the same rows."""

import io
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
from benchmarks.database import fresh_app
from benchmarks.result import Measure, Result, at_least
from petitions.importing.export_file import open_export
from petitions.importing.requests import open_run
from petitions.importing.run import run_import
from tests.factories.street import make_street

# In the order of their foreign keys.
TABLES = ("units", "import_runs", "cases", "parties", "case_events", "notices", "import_rows")
WRITTEN = TABLES[1:]


def measure(size: int = 7_598) -> Iterator[Result]:
    """The first `size` orders of the demonstration year, read from an XLSX file of 25 columns."""
    with tempfile.TemporaryDirectory(prefix="dingfen-bench-") as folder:
        path = Path(folder) / "export.xlsx"
        rows = write_export(some_orders(size), path, WorkingCalendar.shipped())
        with fresh_app():
            street_id = some_street()
            units = _copy_out(("units",))
            ours = import_file(path, street_id)
            tables = _copy_out(WRITTEN)
    with fresh_app():
        _copy_in(units)
        plain = _copy_in(tables)
    yield at_least(
        f"import of {rows:,} orders of 25 columns, against COPY of their rows",
        Measure(rows / ours, "orders/s"),
        Measure(rows / plain, "orders/s"),
        1 / 3,
    )


def some_orders(size: int) -> Iterator[Intake]:
    """Orders of the demonstration, of as many years as it takes."""
    seeds = range(2020, 2020 + size // 7_000 + 1)
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


def _copy_out(tables: tuple[str, ...]) -> dict[str, bytes]:
    return {table: _dump(table) for table in tables}


def _dump(table: str) -> bytes:
    content = io.BytesIO()
    columns = _columns(table)
    with _cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
        for piece in copy:
            content.write(piece)
    return content.getvalue()


def _copy_in(tables: dict[str, bytes]) -> float:
    """Seconds for one COPY a table, committed together."""
    start = perf_counter()
    for table, content in tables.items():
        with _cursor() as cursor, cursor.copy(f"COPY {table} ({_columns(table)}) FROM STDIN") as copy:
            copy.write(content)
    db.session.commit()
    return perf_counter() - start


def _columns(table: str) -> str:
    """The columns that can be written; a generated one follows from the others."""
    return ", ".join(column.name for column in db.metadata.tables[table].columns if column.computed is None)


def _cursor():  # type: ignore[no-untyped-def]  # a cursor of psycopg, which SQLAlchemy does not name
    return db.session.connection().connection.cursor()
