"""The other side of the outbox in tests: servers that really listen, refuse, hang, die and come back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.tasks.workers import until

ROOT = Path(__file__).parents[2]


@dataclass
class Other:
    """One server process and the directory by which a test talks with it."""

    module: str
    directory: Path
    options: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Listen, on the port of before where there was one."""
        self.kill()
        port_file = self.directory / "port"
        port_file.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            f"tests.receivers.{self.module}",
            str(self.directory),
        ]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self.options], cwd=ROOT, stdout=log, stderr=log
            )
        until(port_file.exists, f"{self.module} listens")
        self.port = int(port_file.read_text())

    def kill(self) -> None:
        """kill -9."""
        if self.process:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def behave(self, **told: Any) -> None:
        """Do this from now on; without arguments, behave well."""
        draft = self.directory / "behaviour.new"
        draft.write_text(json.dumps(told))
        draft.rename(self.directory / "behaviour.json")

    @property
    def taken(self) -> list[dict[str, Any]]:
        """What has arrived, in order."""
        path = self.directory / "taken.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def listening(module: str, directory: Path, *options: str) -> Iterator[Other]:
    """A server of tests/receivers that listens on a port of its own until the test ends."""
    directory.mkdir(parents=True)
    other = Other(module, directory, options)
    other.start()
    try:
        yield other
    finally:
        other.kill()
