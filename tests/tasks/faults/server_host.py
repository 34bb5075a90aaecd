"""A host with PostgreSQL and Redis on its network: `python -m tests.tasks.faults.server_host KIND ADDRESS`.

It says "ready" once both answer and ends when its input does.
"""

import os
import signal
import subprocess
import sys

import click
import redis

from app.standalone import cache, cluster
from app.standalone.paths import Paths
from app.standalone.programs import redis_program
from app.standalone.services import private_services
from tests.services import data_directory
from tests.tasks.faults.servers import SETTINGS
from tests.tasks.workers import until


def main(kind: str, address: str) -> None:
    """Serve until nobody holds the other end of our input."""
    listening = {**SETTINGS, "listen_addresses": f"'{address}'"}
    paths = Paths(data_directory(kind).absolute())
    with private_services(paths.root, redis=False, settings=listening):
        _let_in(paths, address)
        options = ["--bind", address, "--protected-mode", "no", "--save", "", "--appendonly", "no"]
        options += ["--unixsocket", str(cache.socket(paths.run.resolve()))]
        broker = subprocess.Popen([str(redis_program()), *options], stdout=subprocess.DEVNULL)
        try:
            until(lambda: _answers(address), "Redis answers")
            click.echo("ready")
            sys.stdin.read()
        finally:
            broker.kill()
            broker.wait()


def _let_in(paths: Paths, address: str) -> None:
    """Whoever is on the network may be the service."""
    with (paths.cluster / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all dingfen {address}/24 trust\n")
    postmaster = cluster.postmaster(paths)
    assert postmaster
    os.kill(postmaster, signal.SIGHUP)


def _answers(address: str) -> bool:
    with redis.Redis(host=address) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


if __name__ == "__main__":
    main(*sys.argv[1:])
