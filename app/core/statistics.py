"""What the planner knows of tables that have just been filled."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from app.core.db import Base

_LITTLE_KNOWN = text(
    "SELECT relname FROM pg_class WHERE relname = ANY(:names) AND relkind = 'r' AND reltuples < :rows"
    " AND relnamespace = current_schema()::regnamespace"
)


def make_known(session: Session, models: Sequence[type[Base]], rows: int) -> None:
    """Count anew those tables of which PostgreSQL knows fewer than `rows` rows, its own transaction's too.

    Where autovacuum saw a table empty while these rows were on their way, the planner takes it for empty and
    joins it row by row: what takes seconds then takes hours. Such a table is small, so this takes little.
    Until the transaction or its savepoint ends, autovacuum cannot come between; another that counts the same
    table waits as long.
    """
    names = [cast(Table, model.__table__).name for model in models]
    little = session.scalars(_LITTLE_KNOWN, {"names": names, "rows": rows}).all()
    if little:
        session.execute(text(f"ANALYZE {', '.join(sorted(little))}"))
