"""The files in an archive, read one by one in memory; nothing is ever unpacked to a disk."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from app.core.archives import DAMAGES
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.workbook import MAX_UNPACKED_MIB, ZIP_MARK

MOST_FILES = 500

# What every workbook has, which is an archive as well.
_WORKBOOK = {"[Content_Types].xml", "mimetype"}

# What systems and spreadsheet programs leave beside the files of a person.
_BESIDE = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_UTF8_NAME, _LOCKED = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive by its name there."""

    name: str
    content: bytes


def is_archive(stream: BinaryIO) -> bool:
    """Whether a file is an archive of files and no workbook."""
    stream.seek(0)
    if stream.read(4) != ZIP_MARK:
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            return _WORKBOOK.isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        return False


def members(stream: BinaryIO, file_name: str) -> Iterator[Member]:
    """The files of an archive in its order, those of its system left out.

    Raises Invalid where a path leads out of it, where it is locked or damaged, or far too large.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _demand_sound(entries, file_name)
            wanted = [entry for entry in entries if not _BESIDE.search(_name(entry))]
            if not wanted:
                raise Invalid(_("%(file)s: the archive holds no file.", file=file_name))
            for entry in wanted:
                yield Member(f"{file_name}/{_name(entry)}", archive.read(entry))
    except DAMAGES:
        raise Invalid(_("%(file)s: the archive is damaged. Pack it again.", file=file_name)) from None


def _demand_sound(entries: list[zipfile.ZipInfo], file_name: str) -> None:
    for entry in entries:
        if _climbs_out(_name(entry)):
            raise Invalid(
                _(
                    "%(file)s: the path %(path)s in the archive leads out of it, so nothing of it was read."
                    " Pack it again.",
                    file=file_name,
                    path=_name(entry)[:100],
                )
            )
        if entry.flag_bits & _LOCKED:
            raise Invalid(_("%(file)s: the archive is locked by a password.", file=file_name))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or unpacked > MAX_UNPACKED_MIB << 20:
        raise Invalid(
            _(
                "%(file)s: the archive holds %(files)s files of %(size)s MiB; at most %(most)s files of"
                " %(limit)s MiB together are read. Part it.",
                file=file_name,
                files=len(entries),
                size=unpacked >> 20,
                most=MOST_FILES,
                limit=MAX_UNPACKED_MIB,
            )
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: a Chinese Windows writes GBK and does not say so."""
    name = entry.orig_filename.replace("\\", "/")
    if entry.flag_bits & _UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _climbs_out(name: str) -> bool:
    return (
        name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name) is not None
    )
