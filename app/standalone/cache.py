"""The private Redis: Celery's broker, on a local socket, with an append-only file.

It runs as the caller, as root too: its socket lies in a directory closed to everybody else.
"""

import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis

from app.core.errors import Unavailable
from app.standalone import leavings
from app.standalone.paths import Paths
from app.standalone.programs import redis_program

START_SECONDS = 60


def socket(sockets: Path) -> Path:
    """Where it listens."""
    return sockets / "redis.sock"


def url(sockets: Path) -> str:
    """Its address as the redis library reads it; app.config turns it into Celery's form."""
    return f"unix://{quote(str(socket(sockets)), safe='/')}?db=0"


def running(paths: Paths) -> list[int]:
    """The server's process; empty where none runs."""
    return leavings.serving(paths.redis, "redis-server")


def start(paths: Paths, sockets: Path) -> None:
    """Start the server and wait until it has read its file and answers."""
    paths.redis.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket(sockets)),
        "unixsocketperm": "700",
        "dir": str(paths.redis),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
        "logfile": str(paths.redis_log),
        "daemonize": "yes",
    }
    arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
    command = [str(redis_program()), *arguments]
    # Without the caller's environment it is not taken for one of the processes of `standalone`.
    begun = subprocess.run(command, capture_output=True, text=True, cwd="/", env={})  # noqa: S603  # no outside input
    if begun.returncode or not _answers(paths, sockets):
        raise Unavailable(f"the private Redis did not start: {_last_line(paths) or begun.stdout.strip()}")


def stop(paths: Paths) -> None:
    """Stop the server; it flushes its file first."""
    leavings.end(running(paths), patience=3.0)


def _answers(paths: Paths, sockets: Path) -> bool:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis(unix_socket_path=str(socket(sockets))) as client:
        while time.monotonic() < deadline:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.BusyLoadingError):
                if not running(paths):
                    return False
                time.sleep(0.02)
    return False


def _last_line(paths: Paths) -> str:
    lines = paths.redis_log.read_text(errors="replace").splitlines() if paths.redis_log.exists() else []
    return lines[-1] if lines else ""
