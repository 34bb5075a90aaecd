"""Where the programs of other packages are, and which package to install where they are not."""

import shutil
from pathlib import Path

from app.core.errors import Unavailable

POSTGRES_HOMES = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15


def postgres_programs(version: int | None = None) -> Path:
    """The directory of one PostgreSQL's programs: that of `version`, or the newest from 15 on.

    Debian keeps each version apart; what is on the search path may be a wrapper of another version.
    """
    found = {
        int(home.name): home / "bin"
        for home in POSTGRES_HOMES.glob("[0-9]*")
        if home.name.isdigit() and (home / "bin" / "postgres").exists()
    }
    usable = {number: directory for number, directory in found.items() if number >= OLDEST_POSTGRES}
    if version is None and usable:
        return usable[max(usable)]
    if version in found:
        return found[version]
    wanted = version or OLDEST_POSTGRES
    packages = f"postgresql-{wanted} postgresql-{wanted}-postgis-3"
    raise Unavailable(f"PostgreSQL {wanted} is not installed: apt-get install {packages}")


def redis_program() -> Path:
    """The Redis server."""
    found = shutil.which("redis-server")
    if found is None:
        raise Unavailable("redis-server is not installed: apt-get install redis-server")
    return Path(found)


def psql_program() -> Path:
    """The newest PostgreSQL client, or whatever client the search path has where no server is installed."""
    try:
        return postgres_programs() / "psql"
    except Unavailable:
        found = shutil.which("psql")
        if found is None:
            raise Unavailable("psql is not installed: apt-get install postgresql-client") from None
        return Path(found)
