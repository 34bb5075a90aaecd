"""One private PostgreSQL and Redis for all workers of a test run, and databases cloned from one template.

The cluster stays between runs in the machine's temporary directory, since nothing in it is dear: a run
finds a template that its migrations have already made, and clones it in a fraction of a second.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from app.standalone import cluster
from app.standalone.locks import alone
from app.standalone.services import private_services

PROJECT = Path(__file__).parents[1]

# A test's rows need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}


@dataclass
class Services:
    """What a test is given."""

    sockets: Path
    redis_url: str
    template: str
    run: str
    made: list[str] = field(default_factory=list)

    def database_url(self, name: str, *, role: str = "dingfen") -> str:
        """The address of a database by its full name."""
        return cluster.url(self.sockets, name, role=role)

    def clone(self, name: str) -> str:
        """The address of a fresh, migrated, empty database; it is dropped when the tests end."""
        full = f"{name}_{self.run}"
        self._drop(full)
        self._execute("CREATE DATABASE {} OWNER dingfen TEMPLATE {} STRATEGY file_copy", full, self.template)
        self.made.append(full)
        return self.database_url(full)

    def drop_clones(self) -> None:
        """Drop what `clone` made, whoever is still connected."""
        while self.made:
            self._drop(self.made.pop())

    def make_template(self) -> None:
        """Make the template where no run has made it; it takes its name only when it is complete."""
        if self._execute("SELECT FROM pg_database WHERE datname = {literal}", literal=self.template):
            return
        draft = "template_unfinished"
        self._drop(draft)
        self._execute("CREATE DATABASE {} OWNER dingfen TEMPLATE dingfen", draft)
        _migrate(self.database_url(draft))
        self._execute("ALTER DATABASE {} RENAME TO {}", draft, self.template)

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str, literal: str = "") -> int:
        address = self.database_url("postgres", role="postgres").replace("+psycopg", "")
        composed = sql.SQL(statement).format(*map(sql.Identifier, names), literal=sql.Literal(literal))
        with psycopg.connect(address, autocommit=True) as connection:
            return connection.execute(composed).rowcount


@contextmanager
def shared_services(
    tmp_root: Path, *, kind: str = "tests", settings: Mapping[str, str] = HASTY
) -> Iterator[Services]:
    """Services for the test run whose temporary directory is `tmp_root`, shared by all its workers.

    Another `kind` is another cluster with its own Redis and `settings`.
    """
    root = data_directory(kind)
    with private_services(root, settings=settings) as found, described(root, tmp_root) as services:
        services.redis_url = found.environment["REDIS_URL"]
        yield services


def data_directory(kind: str) -> Path:
    """Where the cluster of a `kind` stays between runs."""
    place = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"dingfen-{kind}-{os.geteuid()}-{place}"


@contextmanager
def described(root: Path, tmp_root: Path) -> Iterator[Services]:
    """The services that run in `root`, with their template; what is cloned is dropped at the end."""
    services = Services(
        sockets=(root / "run").resolve(),
        redis_url="",
        template=f"template_{_fingerprint()}",
        run=hashlib.sha256(str(tmp_root).encode()).hexdigest()[:8],
    )
    with alone(root / "template.lock"):
        services.make_template()
    try:
        yield services
    finally:
        services.drop_clones()


def _fingerprint() -> str:
    versions = sorted((PROJECT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()[:12]


def _migrate(database_url: str) -> None:
    keys = {"DINGFEN_SECRET_KEY": "only for tests", "DINGFEN_FIELD_KEY": "only for tests"}
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "db", "upgrade"],
        env=os.environ | keys | {"DATABASE_URL": database_url},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
