"""A limit on a whole conversation: a server that sends a byte now and then hangs as well as a silent one."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

SECONDS = 10.0
"""How long one message may take from the first byte to the last; connecting has as long by itself."""


class TimeLimit:
    """Shuts the watched socket when the time is over; whoever reads from it then sees the end of the line."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.has_passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def watch(self, conversation: socket.socket | None) -> None:
        """Watch this socket from now on; one that is wrapped in TLS replaces the bare one."""
        self._socket = conversation
        if self.has_passed:
            self._shut()

    def _shut(self) -> None:
        self.has_passed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # The socket's own method: that of a TLS socket would pull the rug from under a reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
