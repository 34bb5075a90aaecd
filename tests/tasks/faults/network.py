"""Hosts on one switch, each a network namespace; every address of theirs lives and dies with them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SWITCH = "switch"
NETWORK = "10.213.7"


def why_not() -> str | None:
    """What keeps this machine from having such hosts, if anything does."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    if not shutil.which("ip"):
        return "needs the Debian package iproute2"
    probe = f"dingfen-{os.getpid()}-probe"
    tried = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if tried.returncode:
        return f"this machine lets nobody make network namespaces: {tried.stderr.strip()}"
    _ip("netns", "delete", probe)
    return None


@dataclass
class Network:
    """Hosts by name and what connects them."""

    prefix: str
    hosts: dict[str, str] = field(default_factory=dict)

    def within(self, host: str) -> list[str]:
        """The command that runs another on `host`."""
        return ["ip", "netns", "exec", self._namespace(host)]

    def add(self, host: str) -> str:
        """Another host on the switch; tells its address."""
        number = len(self.hosts) + 1
        self.hosts[host] = address = f"{NETWORK}.{number}"
        inside, outside = self._namespace(host), self._namespace(SWITCH)
        _ip("netns", "add", inside)
        _ip("-n", inside, "link", "add", "eth0", "type", "veth", "peer", host, "netns", outside)
        _ip("-n", outside, "link", "set", host, "master", "bridge", "up")
        _ip("-n", inside, "address", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", inside, "link", "set", device, "up")
        return address

    def cut_off(self, host: str) -> None:
        """Take the host's cable out: nothing that either side sends arrives, and nobody is told."""
        _ip("-n", self._namespace(SWITCH), "link", "set", host, "nomaster")

    def bring_back(self, host: str) -> None:
        """Put the cable in again."""
        _ip("-n", self._namespace(SWITCH), "link", "set", host, "master", "bridge")

    def _namespace(self, host: str) -> str:
        return f"{self.prefix}-{host}"


@contextmanager
def network() -> Iterator[Network]:
    """A switch without hosts; at the end all of it is gone."""
    made = Network(f"dingfen-{os.getpid()}")
    switch = f"{made.prefix}-{SWITCH}"
    _ip("netns", "add", switch)
    try:
        _ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        _ip("-n", switch, "link", "set", "bridge", "up")
        yield made
    finally:
        for host in [*made.hosts, SWITCH]:
            subprocess.run(["ip", "netns", "delete", f"{made.prefix}-{host}"], check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
