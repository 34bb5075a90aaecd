"""A real Celery worker for as long as the demonstration year takes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from tasks.escalate import escalate

WAIT = 120.0


@contextmanager
def ticking() -> Iterator[Callable[[datetime], None]]:
    """Start a worker; what is yielded sends it the tick of a moment and waits until it has been done."""
    command = [sys.executable, "-m", "celery", "-A", "app.worker", "--quiet", "worker", "--pool=solo"]
    command += ["--without-gossip", "--without-mingle", "--loglevel=error"]
    worker = subprocess.Popen(command, env=os.environ)  # noqa: S603  # our own command

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
