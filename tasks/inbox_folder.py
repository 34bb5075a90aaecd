"""The watched folder on the disk: what lies in it, claimed, read without following a link, and put away.

Whoever writes there is outside, so every name is looked at as it lies: nothing is opened that is no plain
file, and nothing is written outside the street's own folder.
"""

import os
import stat
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from app.core.plain_text import plain

TAKEN, REFUSED = "taken", "refused"
CLAIMED = ".taking"
"""Where a file lies while it is handed in; nobody outside writes another over it there."""
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
"""How programs call a file that they still write; such a one is left alone until it has its name."""
MOST_NAME = 150
LONGEST_STRANGER = 12
"""Digits of a folder's name that are told: three more than a street's code has."""
ENDINGS = frozenset({".csv", ".ods", ".tsv", ".txt", ".xls", ".xlsx", ".zip"})
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Unmovable(Exception):
    """The file cannot be moved, and will not be until somebody changes it or its folder."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the folder of a street, and what must stay as it is while it is read."""

    folder: Path
    name: str
    is_claimed: bool
    is_plain: bool
    inode: int
    size: int
    changed_ns: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / CLAIMED / self.name if self.is_claimed else self.folder / self.name

    @property
    def shown(self) -> str:
        """Its name as a person may read it, whatever bytes it is made of; never a path."""
        return shown(self.name)[-MOST_NAME:] or "?"

    def is_still(self, status: os.stat_result) -> bool:
        """Whether that is the status of the same file, unchanged."""
        return _seen(status) == (self.is_plain, self.inode, self.size, self.changed_ns)


def shown(name: str) -> str:
    """A name on the disk in characters that can be printed."""
    text = plain(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return "".join(one if one.isprintable() else " " for one in text)


def lying_in(folder: Path) -> Iterator[Lying]:
    """What was claimed and not put away, then what lies in the folder but hidden and unfinished files.

    Each in the order of their names. Raises OSError where the folder cannot be read.
    """
    yield from _lying(folder, is_claimed=True)
    yield from _lying(folder, is_claimed=False)


def claim(file: Lying) -> Lying | None:
    """The file under a name of our own; None where it is gone, another, or one so called is not put away yet.

    Raises Unmovable.
    """
    if file.is_claimed:
        return file
    mine = replace(file, is_claimed=True)
    try:
        _own_folder(file.folder, CLAIMED)
        if os.path.lexists(mine.path):
            return None
        os.rename(file.path, mine.path)
        # Where another came in its place meanwhile, that one lies there now and has yet to rest.
        return mine if mine.is_still(os.lstat(mine.path)) else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unmovable from error


def opened(file: Lying) -> BufferedReader:
    """It as a stream; raises OSError where it cannot be read."""
    # A link or a pipe that was put there since is neither followed nor waited for.
    return os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def put_away(file: Lying, where: str, reason: str | None = None) -> Path | None:
    """Move the file into `where` under its name, or one like it that is free; None if it is gone.

    With a reason a text is written beside it that says so. Raises Unmovable.
    """
    try:
        target = _reserved(file, _own_folder(file.folder, where), reason is not None)
        try:
            os.rename(file.path, target)
        except OSError:
            target.unlink()
            _beside(target).unlink(missing_ok=True)
            raise
        if reason is not None:
            _beside(target).write_text(f"{file.shown}\n{reason}\n", encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unmovable from error
    return target


def delete(file: Lying) -> None:
    """Delete a file that was handed in; raises Unmovable where that is not allowed."""
    try:
        file.path.unlink(missing_ok=True)
    except OSError as error:
        raise Unmovable from error


def strangers_in(folder: Path, codes: Container[str]) -> Iterator[str]:
    """What lies beside the folders of those codes. A name may be that of a person, so that only the digits of
    a folder and the usual ending of a file are told."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name in codes:
                continue
            ending = Path(entry.name).suffix.lower()
            if entry.is_dir():
                is_code = entry.name.isascii() and entry.name.isdigit()
                yield entry.name[:LONGEST_STRANGER] if is_code else "a folder"
            else:
                yield f"*{ending}" if ending in ENDINGS else "a file"


def _lying(folder: Path, *, is_claimed: bool) -> Iterator[Lying]:
    place = folder / CLAIMED if is_claimed else folder
    if place.is_symlink() or not place.is_dir():
        return
    with os.scandir(place) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if not is_claimed and (entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED)):
            continue
        with suppress(FileNotFoundError):
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                yield Lying(folder, entry.name, is_claimed, *_seen(status))


def _seen(status: os.stat_result) -> tuple[bool, int, int, int]:
    return stat.S_ISREG(status.st_mode), status.st_ino, status.st_size, status.st_mtime_ns


def _own_folder(folder: Path, name: str) -> Path:
    own = folder / name
    if own.is_symlink():
        raise NotADirectoryError(name)
    own.mkdir(exist_ok=True)
    return own


def _reserved(file: Lying, folder: Path, with_text: bool) -> Path:
    """A name in `folder` that nothing had, nor its text; an empty file keeps it until the move."""
    # The longest name that a disk takes has 255 bytes, and something may be added to it.
    name = os.fsdecode(os.fsencode(file.name)[-MOST_NAME:])
    number = 0
    while True:
        target = folder / (f"{file.changed_ns}-{number}-{name}" if number else name)
        number += 1
        if not _made(target):
            continue
        if not with_text or _made(_beside(target)):
            return target
        target.unlink()


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.txt")


def _made(path: Path) -> bool:
    try:
        os.close(os.open(path, _NEW, 0o644))
    except FileExistsError:
        return False
    return True
