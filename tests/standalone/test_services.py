"""The private servers: made, shared, found again after a crash."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from app.core.errors import Unavailable
from app.standalone import cache, cluster
from app.standalone.paths import Paths
from app.standalone.places import LONGEST_DIRECTORY
from app.standalone.services import Services, private_services
from tests.standalone.program import environment, wait_for

pytestmark = pytest.mark.process

HOLD = """
import sys
from pathlib import Path
from app.standalone.services import private_services
with private_services(Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_user(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(data_dir)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, text=True) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"
        yield user


def ask(services: Services, statement: str) -> object:
    address = services.environment["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def test_the_log_of_the_database_keeps_neither_refused_rows_nor_statements(made: Path) -> None:
    with private_services(made) as found:
        with pytest.raises(psycopg.errors.CheckViolation):
            ask(
                found,
                "CREATE TEMP TABLE told (words text CHECK (words = ''));"
                "INSERT INTO told VALUES ('10041234567') RETURNING words",
            )
        log = Paths(made).postgres_log.read_text()
    assert "violates check constraint" in log
    assert "10041234567" not in log


def test_the_first_start_makes_the_database_and_the_second_finds_it_again(made: Path) -> None:
    with private_services(made) as first:
        assert ask(first, "SELECT current_user::text") == "dingfen"
        assert (
            ask(
                first,
                "SELECT count(*) FROM pg_extension WHERE extname IN ('postgis', 'btree_gist', 'pg_trgm')",
            )
            == 3
        )
    with private_services(made) as second:
        assert second.environment == first.environment
    assert not cluster.running(Paths(made))
    assert not cache.running(Paths(made))


def test_the_database_answers_locally_with_checksums_on_and_jit_off(made: Path) -> None:
    with private_services(made, redis=False) as services:
        assert ask(services, "SHOW listen_addresses") == ""
        assert ask(services, "SHOW data_checksums") == "on"
        assert ask(services, "SHOW jit") == "off"
        assert ask(services, "SHOW fsync") == "on"
        assert not ask(services, "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = 'dingfen'")


def test_redis_keeps_what_it_was_told(made: Path) -> None:
    with (
        private_services(made) as services,
        redis.Redis.from_url(services.environment["REDIS_URL"]) as client,
    ):
        client.set("told", "before")
    with (
        private_services(made) as services,
        redis.Redis.from_url(services.environment["REDIS_URL"]) as client,
    ):
        assert client.get("told") == b"before"


def test_the_servers_stay_until_their_last_user_leaves(made: Path) -> None:
    paths = Paths(made)
    with another_user(made) as user:
        with private_services(made):
            before = cluster.postmaster(paths)
        assert cluster.postmaster(paths) == before, "the other user still needs it"
        user.communicate()
    assert not cluster.running(paths)


def test_servers_left_by_a_killed_user_are_ended_and_started_anew(made: Path) -> None:
    paths = Paths(made)
    with another_user(made) as user:
        user.kill()
    left = cluster.postmaster(paths), cache.running(paths)[0]
    with private_services(made) as services:
        assert ask(services, "SELECT 1") == 1
        assert (cluster.postmaster(paths), cache.running(paths)[0]) != left


def test_killed_servers_recover_at_the_next_start(made: Path) -> None:
    paths = Paths(made)
    with another_user(made) as user:
        user.kill()
    for pid in cluster.running(paths) + cache.running(paths):
        os.kill(pid, signal.SIGKILL)
    with private_services(made) as services:
        assert ask(services, "SELECT 1") == 1


def test_a_process_id_taken_over_by_another_program_does_not_keep_the_database_down(made: Path) -> None:
    with private_services(made, redis=False):
        pass
    record = Paths(made).cluster / "postmaster.pid"
    record.write_text(f"{os.getppid()}\n{record.parent}\n")
    with private_services(made, redis=False) as services:
        assert ask(services, "SELECT 1") == 1


def test_two_instances_stand_side_by_side(made: Path, directory: Path) -> None:
    with private_services(made) as one, private_services(directory / "other") as other:
        assert ask(one, "SELECT pg_postmaster_start_time()") != ask(
            other, "SELECT pg_postmaster_start_time()"
        )
        assert one.environment["REDIS_URL"] != other.environment["REDIS_URL"]


def test_a_first_start_that_was_killed_leaves_nothing_in_the_way(directory: Path) -> None:
    unfinished = Paths(directory).unfinished_cluster
    unfinished.parent.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(unfinished.parent, "postgres", "postgres")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15\n")
    with private_services(directory, redis=False) as services:
        assert ask(services, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_long_path_gets_its_sockets_elsewhere_even_after_they_vanished(directory: Path) -> None:
    deep = directory / ("deep" * 30)
    assert len(str(deep)) > LONGEST_DIRECTORY
    with private_services(deep) as services:
        assert ask(services, "SELECT 1") == 1
        first = (deep / "run").resolve()
        assert first.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(first)
    with private_services(deep) as services:
        assert ask(services, "SELECT 1") == 1
    shutil.rmtree((deep / "run").resolve())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that the database's user cannot enter")
def test_below_a_home_that_only_root_enters_the_database_is_placed_elsewhere(directory: Path) -> None:
    home = directory / "home"
    home.mkdir(mode=0o700)
    data_dir = home / "var"
    with private_services(data_dir) as services:
        assert ask(services, "SELECT 1") == 1
    assert (data_dir / "postgres").is_symlink()
    for link in (data_dir / "postgres", data_dir / "run"):
        shutil.rmtree(link.resolve())


def test_keys_are_for_their_owner_alone_and_a_database_without_them_is_refused(made: Path) -> None:
    keys = Paths(made).keys
    with private_services(made, redis=False):
        assert keys.stat().st_mode & 0o777 == 0o600
    away = keys.rename(made / "away.json")
    with pytest.raises(Unavailable, match="put it back"), private_services(made, redis=False):
        pass
    away.rename(keys)


def test_starting_in_many_processes_at_once_makes_one_database_and_one_key(directory: Path) -> None:
    telling = HOLD.replace("):", ") as found:").replace('"ready"', 'found.environment["DINGFEN_FIELD_KEY"]')
    command = [sys.executable, "-c", telling, str(directory)]
    pipe = subprocess.PIPE
    users = [
        subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, text=True) for _ in range(4)
    ]
    keys = {user.stdout.readline() for user in users if user.stdout}
    servers = {_parent(pid) for pid in cluster.running(Paths(directory))} & set(
        cluster.running(Paths(directory))
    )
    for user in users:
        user.communicate()
    assert len(servers) == 1
    assert len(keys) == 1
    assert keys != {""}
    wait_for(lambda: not cluster.running(Paths(directory)))


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
