"""The system account under which the private database runs.

PostgreSQL refuses root. Started as root it runs as `postgres`, or as whoever owns the cluster that is
already there; started by anybody else it runs as them.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Unavailable

Ended = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Account:
    """One system account."""

    name: str
    uid: int
    gid: int

    @property
    def is_caller(self) -> bool:
        """Whether this process already runs as it."""
        return self.uid == os.geteuid()

    def start(self, command: Sequence[str | Path], *, text: str | None = None) -> Ended:
        """Run a program as this account until it ends, `text` on its standard input, its output kept.

        Its directory is `/`, which every account can enter, and it gets nothing of the
        caller's environment: a PGDATA or PGOPTIONS must not reach the private cluster.
        """
        identity = {} if self.is_caller else {"user": self.uid, "group": self.gid, "extra_groups": ()}
        return subprocess.run(  # type: ignore[call-overload]  # noqa: S603  # no shell, no outside input
            [str(part) for part in command],
            input=text,
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            umask=0o077,
            **identity,
        )

    def can_enter(self, directory: Path) -> bool:
        """Whether this account reaches what lies inside `directory`, asked of the system itself."""
        return self.start(["/usr/bin/test", "-x", directory]).returncode == 0

    def own(self, path: Path) -> None:
        """Make the path this account's, as only root may."""
        if not self.is_caller:
            os.chown(path, self.uid, self.gid)


def caller() -> Account:
    """The account this process runs as."""
    uid = os.geteuid()
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError:
        raise Unavailable(f"user {uid} has no entry in /etc/passwd, which PostgreSQL needs") from None


def database_account(cluster: Path) -> Account:
    """Who runs the database whose cluster is, or will be, at `cluster`."""
    me = caller()
    if me.uid != 0:
        return me
    try:
        owner = cluster.stat().st_uid if cluster.exists() else 0
        return _account(pwd.getpwuid(owner) if owner else pwd.getpwnam("postgres"))
    except KeyError:
        raise Unavailable("there is no system user postgres: apt-get install postgresql") from None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
