"""Which file a worker attends to while it opens or tries it: told by a lock that only other workers ask for.

The run's own row is left free meanwhile, so that it can be cancelled while a file is read or a chunk
compared.
"""

from sqlalchemy import BigInteger, Exists, func, literal_column, select, table
from sqlalchemy.orm import Session

from petitions.models import ImportRun

_FILES = 1_953_653_100
"""The class of these locks, any number that is no other's."""


def attend(session: Session, run_id: int) -> bool:
    """Have the file to oneself until the commit; false where another has it."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_FILES, run_id))))


def is_attended() -> Exists:
    """Whether a worker opens or tries the file, in a query over the runs; nothing is locked by asking."""
    databases = select(literal_column("oid", BigInteger)).select_from(table("pg_database"))
    here = databases.where(literal_column("datname") == func.current_database())
    return (
        select(literal_column("1"))
        .select_from(table("pg_locks"))
        .where(
            literal_column("locktype") == "advisory",
            literal_column("database") == here.scalar_subquery(),
            literal_column("classid") == _FILES,
            literal_column("objid") == ImportRun.id,
            literal_column("objsubid") == 2,
            literal_column("granted"),
        )
        .correlate(ImportRun)
        .exists()
    )
