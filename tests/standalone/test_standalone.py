"""`dingfen standalone`: everything starts, and whatever way it ends nothing stays."""

import os
import signal

import pytest

from app.standalone import cache, cluster, leavings
from tests.standalone.program import Program, run, wait_for

pytestmark = pytest.mark.process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(program: Program, number: signal.Signals) -> None:
    program.start()
    assert program.names() >= {"system", "web"}, "its lines are told apart by name"
    assert program.signal(number) == 0
    assert program.processes() == []


def test_a_second_one_on_the_same_directory_is_refused_in_one_line(program: Program) -> None:
    program.start()
    root = program.paths.root
    second = run("standalone", "--data-dir", str(root), "--port", str(program.port))
    assert second.returncode == 2
    assert second.stderr.startswith(f"dingfen: dingfen standalone already runs on {root}: ")
    assert second.stderr.count("\n") == 1
    assert program.signal(signal.SIGINT) == 0


def test_after_a_kill_the_next_start_ends_the_leavings_and_goes_on(program: Program) -> None:
    program.start()
    program.signal(signal.SIGKILL)
    left = program.processes()
    assert left, "web, worker, beat, their watchers and both servers outlive their parent"
    program.start()
    assert not set(left) & set(program.processes())
    assert program.signal(signal.SIGINT) == 0
    assert program.processes() == []


def test_another_command_uses_the_running_database_and_leaves_it_running(program: Program) -> None:
    program.start()
    before = cluster.postmaster(program.paths)
    counted = run("db", "shell", "--data-dir", str(program.paths.root), "--", "-Atc", "SELECT 41 + 1")
    assert (counted.returncode, counted.stdout) == (0, "42\n")
    assert cluster.postmaster(program.paths) == before
    assert program.signal(signal.SIGINT) == 0


def test_when_a_server_dies_everything_ends_with_a_line_that_names_it(program: Program) -> None:
    program.start()
    for pid in cache.running(program.paths):
        os.kill(pid, signal.SIGKILL)
    assert program.wait() == 2
    assert "redis ended by itself" in program.output.read_text().splitlines()[-1]
    assert program.processes() == []


def test_once_prepares_everything_and_ends(program: Program) -> None:
    ended = run("standalone", "--once", "--data-dir", str(program.paths.root))
    assert ended.returncode == 0, ended.stderr
    assert not cluster.running(program.paths)
    wait_for(lambda: not leavings.started_by(program.paths))
