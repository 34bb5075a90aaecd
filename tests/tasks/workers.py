"""Real Celery workers and beats over a test database and a Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 300.0
LOOK_AGAIN = 0.02

KEYS = {"DINGFEN_FIELD_KEY": "only for tests", "DINGFEN_SECRET_KEY": "only for tests"}
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A"]
WORKER = ["worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=info"]


@dataclass(frozen=True)
class Running:
    """A worker with its pool, or a beat, in a process group of its own."""

    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9 to all of it, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop all of it where it stands, as a machine that was put to sleep."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after `stop`."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process.poll() is None


@contextmanager
def worker(
    database_url: str, redis_url: str, log: Path, *, within: Sequence[str] = (), **settings: str
) -> Iterator[Running]:
    """A worker with two pool processes, ended at the end; `within` is a command that starts it."""
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, **settings}
    with _running([*within, *CELERY, "app.worker", *WORKER], log, environment) as started:
        yield started


@contextmanager
def beat(
    redis_url: str, log: Path, *, within: Sequence[str] = (), app: str = "app.worker", **settings: str
) -> Iterator[Running]:
    """A beat of `app`."""
    command = [*within, *CELERY, app, "beat", "--loglevel=info", "--pidfile="]
    with _running(command, log, {"REDIS_URL": redis_url, **settings}) as started:
        yield started


@contextmanager
def _running(command: Sequence[str], log: Path, environment: dict[str, str]) -> Iterator[Running]:
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, env=os.environ | KEYS | environment, stdout=said, stderr=said, start_new_session=True
        )
        running = Running(process)
        try:
            yield running
        finally:
            # Nothing that is still asked of it is worth waiting for, and some programs start it as a child.
            if running.is_running():
                running.kill()


def until(holds: Callable[[], object], what: str, *, patience: float = PATIENCE) -> None:
    """Wait for something that another process does; fails, saying what, when it does not come."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"it did not happen in {patience:.0f} s: {what}")
        time.sleep(LOOK_AGAIN)


def as_beat(send: Callable[[], object], holds: Callable[[], T], *, every: float = 5.0) -> Callable[[], T]:
    """Look whether something holds, and send a tick before the first look and then every so many seconds.

    A tick that was handed to a worker in its last moment is lost with it, and beat names it again.
    """
    last = float("-inf")

    def look() -> T:
        nonlocal last
        if time.monotonic() - last >= every:
            send()
            last = time.monotonic()
        return holds()

    return look
