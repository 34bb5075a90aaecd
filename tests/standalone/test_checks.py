"""What keeps the program from starting is said in one line, before anything is started."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from app.core.errors import Unavailable
from app.standalone import programs
from app.standalone.paths import Paths
from tests.standalone.program import run

pytestmark = pytest.mark.process


def refusal(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a command refused."""
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


def test_a_taken_port_is_named_and_nothing_is_started(directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refusal(run("standalone", "--data-dir", str(directory), "--port", port))
    assert f"port {port} is not free" in said
    assert not Paths(directory).database.exists()


def test_a_missing_redis_is_named_with_its_package(directory: Path) -> None:
    said = refusal(run("standalone", "--data-dir", str(directory), PATH=str(directory)))
    assert "apt-get install redis-server" in said


def test_a_missing_postgresql_is_named_with_its_packages(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "POSTGRES_HOMES", directory)
    with pytest.raises(Unavailable, match="apt-get install postgresql-15 postgresql-15-postgis-3"):
        programs.postgres_programs()


def test_an_older_postgresql_is_passed_over_and_the_newest_taken(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9.6", "14", "15", "17"):
        (directory / version / "bin").mkdir(parents=True)
        (directory / version / "bin" / "postgres").touch()
    monkeypatch.setattr(programs, "POSTGRES_HOMES", directory)
    assert programs.postgres_programs() == directory / "17" / "bin"
    assert programs.postgres_programs(15) == directory / "15" / "bin"
    with pytest.raises(Unavailable, match="PostgreSQL 16 is not installed"):
        programs.postgres_programs(16)


@pytest.mark.parametrize("place", ["/proc/dingfen", "/dev/null/dingfen"])
def test_a_place_that_cannot_be_written_is_named(place: str) -> None:
    said = refusal(run("standalone", "--data-dir", place))
    assert "/proc/dingfen" in said or "/dev/null" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_told_before_it_is_filled(directory: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", directory], check=True)
    try:
        said = refusal(run("db", "current", "--data-dir", str(directory)))
    finally:
        subprocess.run(["umount", directory], check=True)
    assert "20 MB left" in said


def test_a_newer_schema_is_refused_and_left_as_it_is(made: Path) -> None:
    data_dir = ["--data-dir", str(made)]
    assert run("db", "upgrade", *data_dir).returncode == 0
    newer = "UPDATE alembic_version SET version_num = '9999'"
    assert run("db", "shell", *data_dir, "--", "-qc", newer).returncode == 0
    for command in (["standalone", "--once"], ["db", "upgrade"]):
        assert "schema 9999, which is newer" in refusal(run(*command, *data_dir))


def test_a_database_that_does_not_answer_is_one_line(directory: Path) -> None:
    keys = {"DINGFEN_SECRET_KEY": "only for tests", "DINGFEN_FIELD_KEY": "only for tests"}
    address = f"postgresql+psycopg://dingfen@/dingfen?host={directory}"
    said = refusal(run("db", "current", "--data-dir", str(directory), DATABASE_URL=address, **keys))
    assert said.startswith("dingfen: the database: ")
    assert list(directory.iterdir()) == [], "nothing private is started"


def test_a_database_of_the_operator_needs_keys_of_the_operator(directory: Path) -> None:
    said = refusal(run("db", "current", "--data-dir", str(directory), DATABASE_URL="postgresql:///dingfen"))
    assert "DINGFEN_SECRET_KEY and DINGFEN_FIELD_KEY must be set" in said


@pytest.mark.parametrize(
    "arguments", [["--help"], ["db", "--help"], ["db", "upgrade", "--help"], ["standalone", "-h"]]
)
def test_no_help_starts_a_database(arguments: list[str], directory: Path) -> None:
    ended = run(*arguments, DINGFEN_DATA_DIR=str(directory / "none"))
    assert ended.returncode == 0, ended.stderr
    assert "Usage: dingfen" in ended.stdout
    assert not (directory / "none").exists()


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["db", "nothing"], ["standalone", "--port", "high"], ["db", "-x"]]
)
def test_a_mistyped_command_is_one_line(arguments: list[str], directory: Path) -> None:
    assert refusal(run(*arguments, DINGFEN_DATA_DIR=str(directory / "none")))
    assert not (directory / "none").exists()
