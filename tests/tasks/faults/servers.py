"""A PostgreSQL and a Redis of these tests' own, which may be killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from app.standalone import cache, cluster
from app.standalone.account import Account, database_account
from app.standalone.paths import Paths
from tests.services import Services, data_directory, shared_services
from tests.tasks.workers import until

# What was committed outlives the processes, though perhaps not a power cut.
SETTINGS = {"fsync": "off", "max_connections": "100"}


@dataclass(frozen=True)
class Servers:
    """The two servers, and how each dies and comes back."""

    services: Services
    paths: Paths
    account: Account

    def kill_redis(self) -> None:
        """kill -9; what it had is in its file."""
        pids = cache.running(self.paths)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not cache.running(self.paths), "Redis is dead")

    def start_redis(self) -> None:
        """Start Redis where it was."""
        cache.start(self.paths, self.services.sockets)

    def empty_redis(self) -> None:
        """Take everything from Redis."""
        with redis.Redis.from_url(self.services.redis_url) as client:
            client.flushall()

    def end_database(self, number: signal.Signals) -> None:
        """Signal PostgreSQL's first process: SIGQUIT is its immediate stop, SIGKILL leaves it no time."""
        postmaster = cluster.postmaster(self.paths)
        assert postmaster
        os.kill(postmaster, number)
        until(lambda: not cluster.running(self.paths), "PostgreSQL is dead")

    def start_database(self) -> None:
        """Start PostgreSQL where it was; it recovers what was committed."""
        cluster.start(self.paths, self.account, self.services.sockets, SETTINGS)


@contextmanager
def own_servers(tmp_root: Path, kind: str) -> Iterator[Servers]:
    """The servers of one `kind`, which nobody else uses; their cluster stays between runs."""
    paths = Paths(data_directory(kind).absolute())
    with shared_services(tmp_root, kind=kind, settings=SETTINGS) as services:
        yield Servers(services, paths, database_account(paths.cluster))
