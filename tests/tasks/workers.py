"""Real Celery workers over a test database and the run's Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0
LOOK_AGAIN = 0.02


@dataclass(frozen=True)
class Worker:
    """One worker with its pool, in a process group of its own."""

    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9 to the worker and its pool, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def worker(database_url: str, redis_url: str, log: Path) -> Iterator[Worker]:
    """A worker with two pool processes, ended at the end if it still lives."""
    keys = {"DINGFEN_FIELD_KEY": "only for tests", "DINGFEN_SECRET_KEY": "only for tests"}
    environment = os.environ | keys | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    command = [sys.executable, "-m", "celery", "-A", "app.worker", "--quiet", "worker", "--concurrency=2"]
    command += ["--without-gossip", "--without-mingle", "--loglevel=info"]
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            yield Worker(process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=PATIENCE)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that another process does; fails, saying what, when it does not come."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"it did not happen in {PATIENCE:.0f} s: {what}")
        time.sleep(LOOK_AGAIN)
