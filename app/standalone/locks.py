"""Locks between the commands that share one data directory.

POSIX record locks: they belong to the process, so they end with it however it dies, and the processes
it forked do not keep them.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class Lock:
    """One lock file; a process opens each at most once, since closing any copy would drop the lock."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a+")

    def share(self) -> None:
        """Hold it together with others; waits while somebody holds it alone."""
        fcntl.lockf(self._file, fcntl.LOCK_SH)

    def wait_alone(self) -> None:
        """Hold it alone, however long that takes."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def try_alone(self) -> bool:
        """Hold it alone if nobody else holds it in any way; a share held by this process becomes sole."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go."""
        self._file.close()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process is inside, then run the block."""
    lock = Lock(path)
    try:
        lock.wait_alone()
        yield
    finally:
        lock.close()
