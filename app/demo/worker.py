"""A real Celery worker for as long as the demonstration year takes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tasks.escalate import escalate

WAIT = 120.0


@contextmanager
def ticking(log: Path) -> Iterator[Callable[[datetime], None]]:
    """Start a worker whose words go to `log`; what is yielded sends it a tick and waits until it is done."""
    command = [sys.executable, "-m", "celery", "-A", "app.worker", "--quiet", "worker", "--pool=solo"]
    command += ["--without-gossip", "--without-mingle", "--loglevel=error"]
    with log.open("ab") as said:
        worker = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603  # our own command

    def tick(moment: datetime) -> None:
        sent = escalate.apply_async(kwargs={"now": moment.isoformat()}, ignore_result=False)
        try:
            sent.get(timeout=WAIT)
        finally:
            sent.forget()

    try:
        yield tick
    finally:
        worker.terminate()
        worker.wait(timeout=WAIT)
