"""The private database and Redis for as long as anybody needs them.

The first command to come starts them, the last to go stops them. Every user holds a shared lock which
dies with its process; whoever finds nobody else there, yet something running, has found leavings.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.standalone import cache, checks, cluster
from app.standalone.account import Account, database_account
from app.standalone.keys import operator_keys, private_keys
from app.standalone.locks import Lock, alone
from app.standalone.paths import Paths
from app.standalone.places import make_data_directory, place_database, socket_directory


@dataclass(frozen=True)
class Services:
    """What a command is given: the addresses, and where the logs of what is private go."""

    environment: Mapping[str, str]
    logs: Mapping[str, tuple[int, Path]]


@contextmanager
def services(data_dir: Path, *, redis: bool) -> Iterator[Services]:
    """The database, and Redis if asked for: the operator's where DATABASE_URL or REDIS_URL name one."""
    paths = Paths(data_dir)
    own_redis = redis and not os.environ.get("REDIS_URL")
    if not os.environ.get("DATABASE_URL"):
        with private_services(data_dir, redis=own_redis) as found:
            yield found
        return
    environment = {"DATABASE_URL": os.environ["DATABASE_URL"]} | operator_keys(paths)
    if not own_redis:
        yield Services(environment, {})
        return
    with private_services(data_dir, database=False) as found:
        yield Services({**found.environment, **environment}, found.logs)


@contextmanager
def private_services(
    data_dir: Path,
    *,
    database: bool = True,
    redis: bool = True,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Services]:
    """The private servers under `data_dir`; `settings` are further lines of PostgreSQL's configuration.

    Raises Unavailable, in one line, where a package is missing, a disk is full or a server does not start.
    """
    paths = Paths(data_dir.absolute())
    make_data_directory(paths)
    checks.require_programs(database=database, redis=redis)
    checks.require_room(paths.root)
    account = database_account(paths.cluster)
    users = Lock(paths.users)
    try:
        with alone(paths.gate):
            # Inside the gate: of two first commands at once, only one may make the keys.
            keys = private_keys(paths)
            sockets = _prepare(paths, account, users)
            if database:
                _start_database(paths, account, sockets, settings or {})
            if redis and not cache.running(paths):
                cache.start(paths, sockets)
        found = _describe(paths, sockets, database=database, redis=redis)
        yield Services({**keys, **found.environment}, found.logs)
    finally:
        with alone(paths.gate):
            if users.try_alone():
                _stop(paths, account)
        users.close()


def _prepare(paths: Paths, account: Account, users: Lock) -> Path:
    """Clear what nobody uses, join the users, and tell where the sockets are."""
    if users.try_alone():
        _stop(paths, account)
        sockets = socket_directory(paths, account)
    else:
        sockets = paths.run.resolve()
    users.share()
    return sockets


def _start_database(paths: Paths, account: Account, sockets: Path, settings: Mapping[str, str]) -> None:
    if cluster.postmaster(paths):
        return
    place_database(paths, account)
    cluster.create(paths, account, durable=settings.get("fsync") != "off")
    cluster.start(paths, account, sockets, settings)


def _stop(paths: Paths, account: Account) -> None:
    cache.stop(paths)
    cluster.stop(paths, account)


def _describe(paths: Paths, sockets: Path, *, database: bool, redis: bool) -> Services:
    environment: dict[str, str] = {}
    logs: dict[str, tuple[int, Path]] = {}
    postmaster = cluster.postmaster(paths)
    if database and postmaster:
        environment["DATABASE_URL"] = cluster.url(sockets)
        logs["postgres"] = (postmaster, paths.postgres_log)
    if redis:
        environment["REDIS_URL"] = cache.url(sockets)
        logs["redis"] = (cache.running(paths)[0], paths.redis_log)
    return Services(environment, logs)
