"""The watched folder on the disk: what lies in it, read without following a link, and put away by name.

Whoever writes there is outside, so every name is looked at as it lies: nothing is opened that is no plain
file, and nothing is written outside the street's own folder.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.plain_text import plain

TAKEN, REFUSED = "taken", "refused"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
"""How programs call a file that they still write; such a one is left alone until it has its name."""
MOST_NAME = 150


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the folder of a street, and what must stay as it is while it is read."""

    folder: Path
    name: str
    is_plain: bool
    size: int
    changed_ns: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / self.name

    @property
    def shown(self) -> str:
        """Its name as a person may read it, whatever bytes it is made of; never a path."""
        text = plain(self.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        return "".join(one if one.isprintable() else " " for one in text)[-MOST_NAME:] or "?"


def lying_in(folder: Path) -> Iterator[Lying]:
    """What lies in the folder but hidden files and unfinished ones, in the order of their names."""
    if not folder.is_dir() or folder.is_symlink():
        return
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield Lying(folder, entry.name, stat.S_ISREG(status.st_mode), status.st_size, status.st_mtime_ns)


def read(file: Lying) -> bytes | None:
    """Its content, None where it changed meanwhile; raises OSError where it cannot be read."""
    # A link or a pipe that was put there since is neither followed nor waited for.
    handle = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        content = stream.read(file.size + 1)
        status = os.fstat(handle)
    is_same = (status.st_size, status.st_mtime_ns) == (file.size, file.changed_ns)
    return content if is_same and stat.S_ISREG(status.st_mode) and len(content) == file.size else None


def put_away(file: Lying, where: str, mark: str) -> Path | None:
    """Move the file into `where` under its name, with `mark` where there is one so called; None if gone."""
    target = _free(file, where, mark)
    try:
        os.rename(file.path, target)
    except FileNotFoundError:
        return None
    return target


def explain(file: Lying, reason: str) -> None:
    """Write beside refused files why this one was."""
    beside = _free(file, REFUSED, "")
    target = beside.with_name(f"{beside.name}.txt")
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"{file.shown}\n{reason}\n")


def _free(file: Lying, where: str, mark: str) -> Path:
    folder = file.folder / where
    if folder.is_symlink():
        raise NotADirectoryError(where)
    folder.mkdir(exist_ok=True)
    # The longest name that a disk takes has 255 bytes, and something may be added to it.
    name = os.fsdecode(os.fsencode(file.name)[-MOST_NAME:])
    target = folder / name
    return folder / f"{mark}-{name}" if mark and os.path.lexists(target) else target
