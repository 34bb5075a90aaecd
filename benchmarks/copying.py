"""COPY of the rows that an import has written, into the same tables with the same indexes."""

from pathlib import Path
from time import perf_counter
from typing import Any

from app.core.db import db

PIECE = 1 << 20

WRITTEN = ("import_runs", "cases", "parties", "case_events", "notices", "import_rows")
"""What an import writes, in the order of the foreign keys."""


def copy_out(tables: tuple[str, ...], folder: Path) -> None:
    """Write each of the tables to a file in `folder`."""
    for table in tables:
        statement = f"COPY {table} ({_columns(table)}) TO STDOUT"
        with (folder / table).open("wb") as file, _cursor() as cursor, cursor.copy(statement) as copy:
            for piece in copy:
                file.write(piece)


def copy_in(tables: tuple[str, ...], folder: Path) -> float:
    """Seconds for one COPY a table from `folder`, committed together."""
    start = perf_counter()
    for table in tables:
        statement = f"COPY {table} ({_columns(table)}) FROM STDIN"
        with (folder / table).open("rb") as file, _cursor() as cursor, cursor.copy(statement) as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
    db.session.commit()
    return perf_counter() - start


def _columns(table: str) -> str:
    """The columns that can be written; a generated one follows from the others."""
    return ", ".join(column.name for column in db.metadata.tables[table].columns if column.computed is None)


def _cursor() -> Any:
    """A cursor of psycopg, which SQLAlchemy does not name."""
    return db.session.connection().connection.cursor()
