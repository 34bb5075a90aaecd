"""The layout of one data directory."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """Where each thing of one instance lives; two instances share nothing but the program."""

    root: Path

    @property
    def database(self) -> Path:
        """The database's place: a directory, or a link to one its account can enter."""
        return self.root / "postgres"

    @property
    def postgres(self) -> Path:
        """Where that place really is, since its account may be unable to follow the link."""
        return self.database.resolve()

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own directory; it appears only when the cluster is complete."""
        return self.postgres / "data"

    @property
    def unfinished_cluster(self) -> Path:
        """Where a cluster is built; whatever a killed first start left here is thrown away."""
        return self.postgres / "data.unfinished"

    @property
    def postgres_log(self) -> Path:
        """What the database's server says."""
        return self.postgres / "server.log"

    @property
    def redis(self) -> Path:
        """Redis's append-only file."""
        return self.root / "redis"

    @property
    def redis_log(self) -> Path:
        """What Redis says."""
        return self.redis / "server.log"

    @property
    def run(self) -> Path:
        """The sockets: a directory, or a link to one with a short enough name."""
        return self.root / "run"

    @property
    def gate(self) -> Path:
        """Held while services are being started or stopped."""
        return self.root / "gate.lock"

    @property
    def users(self) -> Path:
        """Held, shared, by every command that uses the services."""
        return self.root / "users.lock"

    @property
    def instance(self) -> Path:
        """Held by the one `standalone` that may run here."""
        return self.root / "instance.lock"

    @property
    def mark(self) -> Path:
        """Kept open by that `standalone`, and so by its forks, which are known by it."""
        return self.root / "instance.mark"

    @property
    def keys(self) -> Path:
        """The secrets made for this instance."""
        return self.root / "keys.json"
