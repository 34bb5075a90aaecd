"""Many rows at once: COPY in, UPDATE from arrays. One row is a batch of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Column, Connection, FromClause, text
from sqlalchemy.orm import Session


def insert_rows(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `rows` (all with the same keys, named as the table's columns) with one COPY.

    Values go through the columns' own types, so sealed fields are sealed and enums keep their values.
    """
    if not rows:
        return
    connection = session.connection()
    names = list(rows[0])
    convert = [_processor(connection, table.c[name]) for name in names]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))  # type: ignore[attr-defined]
    )
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([step(row[name]) for name, step in zip(names, convert, strict=True)])


def update_rows(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> int:
    """Update rows by `id` with one statement; every row carries `id` and the same other keys.

    Returns how many rows the database found.
    """
    if not rows:
        return 0
    connection = session.connection()
    names = list(rows[0])
    arrays = [
        [_processor(connection, table.c[name])(row[name]) for row in rows] for name in names
    ]
    types = [table.c[name].type.compile(connection.dialect) for name in names]
    columns = ", ".join(f'"{name}" = v."{name}"' for name in names if name != "id")
    given = ", ".join(f"%s::{_array_type(kind)}" for kind in types)
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f'UPDATE "{table.name}" SET {columns} FROM unnest({given}) AS v({listed}) '  # type: ignore[attr-defined]  # noqa: S608
    with _cursor(connection) as cursor:
        cursor.execute(statement + f'WHERE "{table.name}".id = v.id', arrays)  # type: ignore[attr-defined]
        return cursor.rowcount


def next_ids(session: Session, table_name: str, count: int) -> list[int]:
    """Take `count` keys from the identity of `table_name`, before the rows are written."""
    statement = text(
        "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
    )
    return sorted(session.scalars(statement, {"table": table_name, "count": count}))


def chunks(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """Cut `items` into lists of at most `size`, so that memory is bounded by the chunk."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _processor(connection: Connection, column: Column[Any]) -> Any:
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return process or (lambda value: value)


def _array_type(kind: str) -> str:
    # A geometry travels as text and is cast by the assignment; its modifiers have no array form.
    return "text[]" if kind.startswith("geometry") else f"{kind}[]"


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
