"""Directories that the database's account can enter and whose sockets have short enough names."""

import os
import shutil
import tempfile
from pathlib import Path

from app.standalone.account import Account
from app.standalone.paths import Paths

# The kernel takes 107 bytes for a socket's path; PostgreSQL puts the longest name into the directory.
LONGEST_DIRECTORY = 107 - len("/.s.PGSQL.5432")

UNREACHABLE_HOME = Path("/var/lib/dingfen")


def make_data_directory(paths: Paths) -> None:
    """Create the data directory; others may pass through it but not list it."""
    if not paths.root.is_dir():
        paths.root.mkdir(parents=True)
        paths.root.chmod(0o711)


def place_database(paths: Paths, account: Account) -> None:
    """See that the database has a directory its account can enter.

    Below a home that only root enters there is none, so the data directory then holds a link to a
    directory of the instance's own under /var/lib/dingfen.
    """
    if paths.database.exists():
        return
    paths.database.unlink(missing_ok=True)
    if account.can_enter(paths.root):
        paths.database.mkdir(mode=0o700)
        account.own(paths.database)
        return
    UNREACHABLE_HOME.mkdir(mode=0o755, exist_ok=True)
    paths.database.symlink_to(_fresh(UNREACHABLE_HOME, account))


def socket_directory(paths: Paths, account: Account) -> Path:
    """The real directory of the sockets, made where there is none; call it only while nothing listens.

    A link left from before a reboot may name a directory that is gone, or that another user has made
    since to impersonate the database: only one of the account's own, closed to others, is taken.
    """
    if not _is_usable(paths.run, account):
        _remove(paths.run)
        if len(os.fsencode(paths.run)) <= LONGEST_DIRECTORY and account.can_enter(paths.root):
            paths.run.mkdir(mode=0o700)
            account.own(paths.run)
        else:
            base = Path("/run" if os.geteuid() == 0 else "/tmp")  # noqa: S108  # private below, and short
            paths.run.symlink_to(_fresh(base, account))
    return paths.run.resolve()


def _is_usable(directory: Path, account: Account) -> bool:
    real = directory.resolve()
    if not real.is_dir() or len(os.fsencode(real)) > LONGEST_DIRECTORY:
        return False
    found = real.stat()
    return found.st_uid == account.uid and found.st_mode & 0o077 == 0 and account.can_enter(real)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fresh(base: Path, account: Account) -> Path:
    made = Path(tempfile.mkdtemp(prefix="dingfen-", dir=base))
    account.own(made)
    return made
