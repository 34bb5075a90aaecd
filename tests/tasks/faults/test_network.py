"""Three workers on three hosts, one of which is cut off in the middle of a sweep and comes back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.core.db import db
from app.standalone import cache
from tests.services import PROJECT, data_directory, described
from tests.tasks.faults.network import Network, network, why_not
from tests.tasks.faults.stage import CASES, LATE, LATER, Stage, staged
from tests.tasks.workers import Running, until, worker

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]

WORKERS = ("one", "two", "three")


@contextmanager
def served(hosts: Network, kind: str) -> Iterator[None]:
    """The host with the servers."""
    command = [*hosts.within("server"), sys.executable, "-m", "tests.tasks.faults.server_host", kind]
    command.append(hosts.hosts["server"])
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            server.communicate()


@pytest.fixture
def hosts() -> Iterator[Network]:
    """A host for the servers and three for workers."""
    with network() as made:
        for host in ("server", *WORKERS):
            made.add(host)
        yield made


@pytest.fixture
def stage(hosts: Network, worker_id: str, tmp_path: Path) -> Iterator[Stage]:
    """Due cases on the servers' host, which this process reaches by their sockets alone."""
    kind = f"hosts-{worker_id}"
    with served(hosts, kind), described(data_directory(kind).absolute(), tmp_path) as services:
        redis_url = cache.url(services.sockets)
        with staged(services.clone("stage"), redis_url, tmp_path / "worker.log") as made:
            yield made


def test_a_host_cut_off_in_the_middle_of_a_sweep_comes_back(stage: Stage, hosts: Network) -> None:
    with ExitStack() as all_of_them:
        workers = {host: all_of_them.enter_context(on_host(stage, hosts, host)) for host in WORKERS}
        with stage.held():
            stage.send(LATE)
            until(stage.in_the_middle, "the sweep waits for the held row")
            lost = sweeping(hosts)
            hosts.cut_off(lost)
        assert 0 < len(stage.lifted()) < CASES
        stage.keep_ticking(LATE, stage.all_lifted, "the other two have done the rest")
        hosts.bring_back(lost)
        for host in {*WORKERS} - {lost}:
            workers[host].kill()
        stage.keep_ticking(LATER, lambda: stage.all_lifted(2), "the one that came back works alone")
        assert workers[lost].is_running()
    stage.whole(2)


def on_host(stage: Stage, hosts: Network, host: str) -> AbstractContextManager[Running]:
    """A worker on `host`, for which three silent seconds are enough to count somebody as lost."""
    server = hosts.hosts["server"]
    name = make_url(stage.database_url).database
    return worker(
        f"postgresql+psycopg://dingfen@{server}/{name}",
        f"redis://{server}",
        stage.log.with_name(f"{host}.log"),
        within=hosts.within(host),
        DINGFEN_LOST_SECONDS="3",
    )


def sweeping(hosts: Network) -> str:
    """The host whose worker waits for a lock."""
    query = "SELECT host(client_addr) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    address = db.session.scalar(text(query))
    return next(host for host, own in hosts.hosts.items() if own == address)
