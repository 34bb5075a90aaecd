"""What a `kill -9` of the parent left running, and how it is ended: always by process id.

A database or Redis is known by its program and working directory, the Python processes by a token in
the environment they were started with, and the forks that watched them by a file they inherited open.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.standalone.paths import Paths

TOKEN = "DINGFEN_INSTANCE"  # noqa: S105  # the name of a variable, not a secret


def serving(directory: Path, program: str) -> list[int]:
    """The processes of `program` whose working directory is `directory`."""
    wanted = os.path.realpath(directory)
    return [
        pid
        for pid in _processes()
        if _read(pid, "comm").rstrip(b"\n") == program.encode() and _directory(pid) == wanted
    ]


def started_by(paths: Paths) -> list[int]:
    """The processes of the instance and the forks of its parent, this process excepted."""
    entry = f"{TOKEN}={paths.root}".encode()
    mark = os.path.realpath(paths.mark)
    return [
        pid
        for pid in _processes()
        if pid != os.getpid() and (entry in _read(pid, "environ").split(b"\0") or mark in _open_files(pid))
    ]


def end(pids: Iterable[int], *, patience: float = 5.0) -> None:
    """Ask the processes to end, and after `patience` seconds make them."""
    waiting = _signal(pids, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while waiting and time.monotonic() < deadline:
        time.sleep(0.02)
        waiting = [pid for pid in waiting if alive(pid)]
    _signal(waiting, signal.SIGKILL)
    while any(alive(pid) for pid in waiting):
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and waits to be reaped does not."""
    state = _read(pid, "stat").rpartition(b")")[2].split()
    return bool(state) and state[0] not in (b"Z", b"X")


def _signal(pids: Iterable[int], number: signal.Signals) -> list[int]:
    reached = []
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        reached.append(pid)
    return reached


def _processes() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def _open_files(pid: int) -> Iterator[str]:
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            yield os.readlink(f"/proc/{pid}/fd/{name}")
    except OSError:
        # It ended meanwhile, closed the file, or belongs to somebody else.
        return


def _directory(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        # It ended meanwhile, or belongs to somebody else: not ours either way.
        return b""
