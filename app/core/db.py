"""The database: one declarative base, one naming convention, one way to commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


T = TypeVar("T")


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(metadata=metadata, type_annotation_map={int: BigInteger})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or roll all of it back; edges use it exactly once.

    `session.begin()` would refuse after any earlier read in the same context.
    """
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def database_now(session: Session) -> datetime:
    """The present moment by the clock of the database, which is one and the same for all hosts.

    Ticks act on it: a worker whose own clock is wrong neither hurries nor delays anything.
    """
    return session.scalars(select(func.clock_timestamp(type_=DateTime(timezone=True)))).one()


def is_lost(error: BaseException) -> bool:
    """Whether the connection to the database is gone, so that nothing more can be done in its transaction."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def violated(error: IntegrityError) -> str | None:
    """The name of the constraint that refused a row."""
    diagnosis = getattr(error.orig, "diag", None)
    return diagnosis.constraint_name if diagnosis else None


@contextmanager
def refusing(constraint: str, answer: Exception) -> Iterator[None]:
    """Raise `answer` where the constraint of that name refuses what the block writes."""
    try:
        yield
    except IntegrityError as error:
        if violated(error) != constraint:
            raise
        raise answer from None


def committed(steps: Iterator[T]) -> Iterator[T]:
    """The steps of a long work, none of them None, each in a transaction of its own."""
    while True:
        with transaction():
            step = next(steps, None)
        if step is None:
            return
        yield step
