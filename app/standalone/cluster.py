"""The private PostgreSQL: made once, started and stopped; it listens on a local socket and nowhere else."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from app.core.errors import Unavailable
from app.standalone import leavings
from app.standalone.account import Account, caller
from app.standalone.paths import Paths
from app.standalone.programs import postgres_programs

Command = list[str | Path]
DATABASE = "dingfen"
OWNER = "postgres"
FATAL_MARKS = ("FATAL:", "PANIC:", "ERROR:", "error:")
START_SECONDS = 300
FAST_STOP_SECONDS = 4

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A refused row or statement holds what people wrote, so the log tells the error and neither of these.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # Compiling a plan costs more than it saves on short queries: 4.3 times, as a peer of ours measured.
    "jit": "off",
}

BOOTSTRAP = """\
CREATE ROLE dingfen LOGIN;
CREATE DATABASE dingfen OWNER dingfen TEMPLATE template0;
"""
# Extensions belong to the cluster's owner: the service's own role need not, and may not, create them.
EXTENSIONS = """\
CREATE EXTENSION postgis;
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
"""


def url(sockets: Path, database: str = DATABASE, *, role: str = "dingfen") -> str:
    """The address of a database of the cluster that listens in `sockets`."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(sockets), safe='/')}"


def running(paths: Paths) -> list[int]:
    """Every process of the server, those included that a dead postmaster left for a moment."""
    return leavings.serving(paths.cluster, "postgres")


def postmaster(paths: Paths) -> int | None:
    """The process that the others hang on, if the server is up."""
    try:
        recorded = int((paths.cluster / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return recorded if recorded in running(paths) else None


def create(paths: Paths, account: Account, *, durable: bool) -> None:
    """Make the cluster with its role, database and extensions, complete or not at all.

    Everything happens in a directory of another name, the statements by the server's single-user mode,
    and a rename ends it: a first start that is killed leaves only rubbish, never half a database.
    """
    if paths.cluster.exists():
        return
    draft = paths.unfinished_cluster
    if draft.exists():
        shutil.rmtree(draft)
    programs = postgres_programs()
    initdb: Command = [
        programs / "initdb",
        f"--pgdata={draft}",
        f"--username={OWNER}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth=peer",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]
    _run(account, initdb)
    single: Command = [programs / "postgres", "--single", "-D", draft]
    _run(account, [*single, "template1"], text=BOOTSTRAP)
    _run(account, [*single, DATABASE], text=EXTENSIONS)
    with (draft / "postgresql.conf").open("a") as file:
        file.write("include 'dingfen.conf'\n")
    draft.rename(paths.cluster)


def start(paths: Paths, account: Account, sockets: Path, settings: Mapping[str, str]) -> None:
    """Start the server and wait until it answers, recovery after a crash included."""
    configure(paths, account, sockets, settings)
    leavings.end(running(paths))
    # Nothing serves this directory, so a recorded process id is that of a dead server and may meanwhile
    # be anybody's, which PostgreSQL would take for a live one.
    for record in (paths.cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        record.unlink(missing_ok=True)
    said_before = len(_log(paths))
    pg_ctl = _programs(paths) / "pg_ctl"
    start_it: Command = ["start", "-w", "-s", "-t", str(START_SECONDS), "-l", paths.postgres_log]
    done = account.start([pg_ctl, "-D", paths.cluster, *start_it])
    if done.returncode:
        said = _log(paths)[said_before:].decode(errors="replace")
        raise Unavailable(f"the private database did not start: {_reason(said or done.stderr)}")


def stop(paths: Paths, account: Account) -> None:
    """Stop the server; one that does not end in time is cut off and recovers at its next start."""
    if not running(paths):
        return
    stop_it: Command = [_programs(paths) / "pg_ctl", "-D", paths.cluster, "stop", "-w", "-s"]
    if account.start([*stop_it, "-m", "fast", "-t", str(FAST_STOP_SECONDS)]).returncode:
        account.start([*stop_it, "-m", "immediate", "-t", "2"])
    leavings.end(running(paths), patience=1.0)


def configure(paths: Paths, account: Account, sockets: Path, settings: Mapping[str, str]) -> None:
    """Write what the server reads: its settings, and who may connect as whom.

    Each system account of the instance, and root, may be the service's role and the cluster's owner;
    nobody else gets in, and nobody over a network.
    """
    lines = {"unix_socket_directories": f"'{sockets}'"} | dict(SETTINGS) | dict(settings)
    who = sorted({account.name, caller().name, "root"})
    roles = (DATABASE, OWNER)
    files = {
        "dingfen.conf": "".join(f"{name} = {value}\n" for name, value in lines.items()),
        "pg_hba.conf": "local all all peer map=dingfen\n",
        "pg_ident.conf": "".join(f'dingfen "{name}" {role}\n' for name in who for role in roles),
    }
    for name, text in files.items():
        target = paths.cluster / name
        target.write_text(text)
        account.own(target)


def _log(paths: Paths) -> bytes:
    return paths.postgres_log.read_bytes() if paths.postgres_log.exists() else b""


def _programs(paths: Paths) -> Path:
    return postgres_programs(int((paths.cluster / "PG_VERSION").read_text()))


def _run(account: Account, command: Command, *, text: str | None = None) -> None:
    done = account.start(command, text=text)
    # The single-user mode ends with 0 whatever its statements did, and its exit_on_error would also end
    # on the errors that PostGIS catches while it is being installed.
    if done.returncode or " ERROR: " in done.stderr:
        raise Unavailable(f"the private database could not be made: {_reason(done.stderr)}")


def _reason(said: str) -> str:
    """The one line of a program's complaint that says why."""
    lines = [line for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if any(mark in line for mark in FATAL_MARKS)]
    return (telling or lines or ["no reason given"])[0].strip()
