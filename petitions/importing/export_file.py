"""A file that has been opened and recognised, once for everything that is done with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from petitions.importing.header import recognise
from petitions.importing.layout import Layout
from petitions.importing.profile import Profile
from petitions.importing.tables import open_tables

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class ExportFile:
    """An export by its name, its bytes and the layout that it fits."""

    name: str
    stream: BinaryIO
    layout: Layout

    def sha256(self) -> str:
        """The checksum of the whole file in hexadecimal."""
        return digest_of(self.stream)


def digest_of(stream: BinaryIO) -> str:
    """The SHA-256 of the whole of a stream in hexadecimal."""
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def open_export(
    stream: BinaryIO,
    name: str,
    profile: str | None = None,
    profiles: Mapping[str, Profile] | None = None,
    *,
    beginning: bool = False,
) -> ExportFile:
    """Open the file called `name`, which the profile fits that is named or else recognised by the headings.

    `profiles` are those to choose from, by default the program's. Raises Invalid for a file that cannot be
    read as a whole, and Unrecognised for one that no profile or more than one fits. The `beginning` of a text
    table is enough to recognise it.
    """
    tables = open_tables(stream, name, beginning=beginning)
    return ExportFile(name, stream, recognise(tables, name, profile, profiles))
