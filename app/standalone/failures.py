"""What went wrong, in the one line that a command prints."""

from collections.abc import Callable

import click
import psycopg
import redis
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from app.core.errors import AppError


def explain(error: BaseException) -> str | None:
    """One line for a person; None for what is no known failure but a mistake of ours."""
    for kind, tell in EXPLANATIONS:
        if isinstance(error, kind):
            return " ".join(tell(error).split())
    return None


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    return f"{error.format_message()}{hint}"


def _file(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def _database(error: DBAPIError) -> str:
    if isinstance(error.orig, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return "the database's schema is not up to date: run dingfen db upgrade"
    return _server(error.orig or error)


def _server(error: BaseException) -> str:
    return f"the database: {(str(error).splitlines() or ['does not answer'])[0]}"


# The first that fits tells, so a kind stands before the kinds it is derived from.
EXPLANATIONS: tuple[tuple[type[BaseException], Callable[..., str]], ...] = (
    (AppError, str),
    (click.ClickException, _usage),
    (DBAPIError, _database),
    (psycopg.OperationalError, _server),
    (redis.ConnectionError, lambda error: f"Redis: {error}"),
    (CommandError, lambda error: f"the migrations: {error}"),
    (OSError, _file),
)
