"""The program as a person starts it, and what can be seen of it from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from app.standalone import cache, cluster, leavings
from app.standalone.paths import Paths

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
PATIENCE = 1_500


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without the settings under test, plus `changes`."""
    ours = ("DATABASE_URL", "REDIS_URL", "DINGFEN_DATA_DIR", "DINGFEN_SECRET_KEY", "DINGFEN_FIELD_KEY")
    return {name: value for name, value in os.environ.items() if name not in ours} | changes


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**changes), capture_output=True, text=True, timeout=PATIENCE
    )


def wait_for(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Look until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """`dingfen standalone` over one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.paths = Paths(data_dir)
        self.port = free_port()
        self.output = data_dir / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until its web answers and its worker waits for tasks."""
        arguments = ["standalone", "--data-dir", str(self.paths.root), "--port", str(self.port)]
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [*COMMAND, *arguments],
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(lambda: (self._has_started() and self._answers()) or self._ended())
        assert not self._ended(), self.output.read_text()[-2000:]

    def signal(self, number: signal.Signals) -> int:
        """Send it a signal, wait for its end and tell its return code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and tell its return code."""
        assert self._process is not None
        return self._process.wait(timeout=PATIENCE)

    def processes(self) -> list[int]:
        """All that runs for this data directory."""
        servers = cluster.running(self.paths) + cache.running(self.paths)
        return [pid for pid in leavings.started_by(self.paths) + servers if leavings.alive(pid)]

    def names(self) -> set[str]:
        """Whose lines there are in the output."""
        lines = self.output.read_text().splitlines()
        return {line.split(" | ")[0].split()[-1] for line in lines if " | " in line}

    def end_everything(self) -> None:
        """End the program and its leavings."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGKILL)
        leavings.end(self.processes(), patience=0.5)

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _has_started(self) -> bool:
        # The leavings of a predecessor answer too, until this one has ended them.
        return "web started" in self.output.read_text()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10):
                return True
        except urllib.error.HTTPError as error:
            # Any answer of the application counts, a missing page too.
            error.close()
            return True
        except OSError:
            return False
