"""Web, worker and beat in one terminal, each line of theirs under its name."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.manager import Manager

from app.core.errors import Unavailable
from app.standalone import leavings
from app.standalone.paths import Paths
from app.standalone.services import Services

STOPPED_BY_HAND = (130, 143)


def commands(port: int) -> Mapping[str, list[str]]:
    """The command line of each process; each serves requests or tasks for three seconds more at the end."""
    python = [sys.executable, "-m"]
    web = ["gunicorn", "app:create_app()", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    celery = ["celery", "-A", "app.worker", "--quiet"]
    worker = ["--loglevel=warning", "--concurrency=2", "--without-gossip", "--without-mingle"]
    beat = ["--loglevel=warning", "--pidfile="]
    return {
        "web": [*python, *web, "--workers=2", "--threads=4", "--preload", "--graceful-timeout=3"],
        "worker": [*python, *celery, "worker", *worker],
        "beat": [*python, *celery, "beat", *beat],
    }


class _Supervisor(Manager):
    """Honcho's manager, which also tells which process was the first to end."""

    first_ended: str | None = None

    def terminate(self) -> None:
        """Ask every process to end, having noted which did so unasked."""
        if self.first_ended is None:
            ended = (name for name, seen in self._processes.items() if "returncode" in seen)
            self.first_ended = next(ended, None)
        super().terminate()


def supervise(paths: Paths, port: int, services: Services) -> None:
    """Run everything until a signal comes, then end everything.

    Raises Unavailable when a process ended by itself: the others are ended too, and a service manager
    or a person starts again. The servers are watched through their logs, which end with them.
    """
    manager = _Supervisor()
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    for name, command in commands(port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=environment)
    for name, (pid, log) in services.logs.items():
        manager.add_process(name, f"exec {shlex.join(_follow(pid, log))}", env=environment)
    try:
        manager.loop()
    except KeyError:
        # A signal before every process has told its id finds honcho without that id; the block below
        # ends what had been started.
        return
    finally:
        leavings.end(leavings.started_by(paths), patience=2.0)
    if manager.returncode not in STOPPED_BY_HAND:
        raise Unavailable(
            f"{manager.first_ended} ended by itself, so all were stopped: its last lines say why"
        )


def _follow(pid: int, log: Path) -> list[str]:
    return ["tail", "--lines=0", "--follow=name", "--retry", "--quiet", f"--pid={pid}", str(log)]
