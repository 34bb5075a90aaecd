"""Many rows at once: COPY in, UPDATE from one JSON document. One row is a batch of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import JSON, Column, Connection, DateTime, LargeBinary, Table, TypeDecorator, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.canonical import canonical, json_text
from app.core.clock import utc_text
from app.core.db import Base


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `rows` (all with the same two or more keys, named as the model's columns) with one COPY.

    Values go through the columns' own types, so sealed fields are sealed and enums keep their values. A str
    in a column of JSON is canonical JSON already.
    """
    if not rows:
        return
    connection = session.connection()
    table = cast(Table, model.__table__)
    names = list(rows[0])
    in_order = itemgetter(*names)
    steps = [
        (place, step) for place, name in enumerate(names) if (step := _for_copy(connection, table.c[name]))
    ]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = list(in_order(row))
            for place, step in steps:
                if values[place] is not None:
                    values[place] = step(values[place])
            copy.write_row(values)


def update_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Update rows by `id` with one statement; every row carries `id` and the same other keys.

    Returns how many rows the database found. The rows travel as one JSON document, which is written and
    read four times as fast as an array for each column.
    """
    if not rows:
        return 0
    connection = session.connection()
    table = cast(Table, model.__table__)
    names = list(rows[0])
    steps = [
        (name, step)
        for name in names
        if not isinstance(table.c[name].type, JSON) and (step := _processor(connection, table.c[name]))
    ]
    given = [{**row, **{name: step(row[name]) for name, step in steps}} for row in rows]
    kinds = [
        sql.SQL("{} " + _kind(table.c[name].type.compile(connection.dialect))).format(sql.Identifier(name))
        for name in names
    ]
    statement = sql.SQL(
        "UPDATE {table} SET {set} FROM json_to_recordset(%s::json) AS v({kinds}) WHERE {table}.id = v.id"
    ).format(
        table=sql.Identifier(table.name),
        set=sql.SQL(", ").join(
            sql.SQL("{0} = v.{0}").format(sql.Identifier(name)) for name in names if name != "id"
        ),
        kinds=sql.SQL(", ").join(kinds),
    )
    with _cursor(connection) as cursor:
        cursor.execute(statement, [canonical(given)])
        return int(cursor.rowcount)


def next_ids(session: Session, table_name: str, count: int) -> list[int]:
    """Take `count` keys from the identity of `table_name`, before the rows are written."""
    # The sequence is looked up once, not for each key.
    statement = text(
        "SELECT nextval((SELECT pg_get_serial_sequence(:table, 'id')::regclass))"
        " FROM generate_series(1, :count)"
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


def _for_copy(connection: Connection, column: Column[Any]) -> Any:
    """What is done to a value on its way into a COPY, or None for nothing."""
    kind = column.type
    if isinstance(kind, JSON):
        return json_text
    # The driver spends as long on a moment as on thirty other values, and a row holds the same one often.
    if isinstance(kind, DateTime) and kind.timezone:
        return utc_text
    return _processor(connection, column)


def _processor(connection: Connection, column: Column[Any]) -> Any:
    """What the column's type does to a value on its way in, or None where it does nothing."""
    kind, dialect = column.type, connection.dialect
    # SQLAlchemy wraps bytes so that any driver takes them; ours takes them as they are, in half the time.
    if isinstance(kind, LargeBinary):
        return None
    if isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, LargeBinary):
        return lambda value: kind.process_bind_param(value, dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _kind(kind: str) -> str:
    # A geometry travels as text, and the assignment casts it.
    return "text" if kind.startswith("geometry") else kind


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    """A cursor of the driver, whose errors come out as SQLAlchemy's, like those of any other statement."""
    driver: Any = connection.connection
    try:
        with driver.cursor() as cursor:
            yield cursor
    except psycopg.Error as error:
        lost = connection.dialect.is_disconnect(cast(Any, error), driver.driver_connection, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=lost, dialect=connection.dialect
        ) from error
