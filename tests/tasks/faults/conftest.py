"""Servers that may be killed, and a stage on them for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.faults.servers import Servers, own_servers
from tests.tasks.faults.stage import Stage, staged


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Servers]:
    """A PostgreSQL and a Redis for the tests that kill them; other processes of the run have their own."""
    with own_servers(tmp_path_factory.getbasetemp(), f"faults-{worker_id}") as found:
        yield found


@pytest.fixture
def stage(servers: Servers, tmp_path: Path) -> Iterator[Stage]:
    """Due cases in a database of the test's own, and nothing in Redis."""
    servers.empty_redis()
    database_url = servers.services.clone("stage")
    with staged(database_url, servers.services.redis_url, tmp_path / "worker.log") as made:
        yield made
