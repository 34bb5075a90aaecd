"""What is looked at before anything starts, each answered in one line."""

import shutil
import socket
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from app.core import migrate
from app.core.errors import Unavailable
from app.standalone.programs import postgres_programs, redis_program

ROOM = 256 * 1024 * 1024


def require_room(directory: Path) -> None:
    """A new cluster takes 60 MB and a busy day's journal more; a database that fills the disk stops."""
    free = shutil.disk_usage(directory).free
    if free < ROOM:
        raise Unavailable(
            f"{directory} has {free // 2**20} MB left and {ROOM // 2**20} MB are needed: "
            "free some space or choose another --data-dir"
        )


def require_programs(*, database: bool, redis: bool) -> None:
    """Both servers must be there before the first is started."""
    if database:
        postgres_programs()
    if redis:
        redis_program()


def require_port(port: int) -> None:
    """The port must be free; nothing is started to find out otherwise."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Unavailable(
                f"port {port} is not free ({error.strerror}): choose another with --port"
            ) from None


def require_known_schema(database_url: str) -> None:
    """Refuse a database that a newer version has migrated: this one does not know what its columns mean."""
    known = {script.revision for script in ScriptDirectory(str(migrate.DIRECTORY)).walk_revisions()}
    unknown = _revisions(database_url) - known
    if unknown:
        raise Unavailable(
            f"the database has schema {', '.join(sorted(unknown))}, which is newer than this version of "
            "dingfen knows: install the version it was last used with"
        )


def _revisions(database_url: str) -> set[str]:
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return set()
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
