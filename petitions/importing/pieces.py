"""A file kept in the database, a piece to a row, so that nobody ever holds all of it in memory."""

import io
from typing import BinaryIO

from sqlalchemy import Exists, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.models import ImportPiece, ImportRun

PIECE = 1 << 20


class PieceReader(io.RawIOBase):
    """The file of one run as a stream that can be searched; it holds one piece at a time."""

    def __init__(self, session: Session, run_id: int) -> None:
        self._session = session
        self._run_id = run_id
        self._size = size_kept(session, run_id)
        self._at = 0
        self._place = -1
        self._piece = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """Any byte of it can be gone to."""
        return True

    def tell(self) -> int:
        """The place of the byte that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a byte, as with any file; raises ValueError for one before the first."""
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if at < 0:
            raise ValueError(at)
        self._at = at
        return at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed knows no buffer
        """As many bytes as there are up to the end of a piece; raises Conflict where it is kept no longer."""
        if self._at >= self._size:
            return 0
        place, within = divmod(self._at, PIECE)
        if place != self._place:
            self._place, self._piece = place, self._load(place)
        part = self._piece[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _load(self, place: int) -> bytes:
        piece = self._session.scalar(
            select(ImportPiece.content).where(ImportPiece.run_id == self._run_id, ImportPiece.place == place)
        )
        if piece is None:
            raise gone()
        return piece


def keep(session: Session, run_id: int, stream: BinaryIO) -> None:
    """Write the whole of `stream` for a run that has no file yet."""
    stream.seek(0)
    place = 0
    while content := stream.read(PIECE):
        session.execute(insert(ImportPiece), {"run_id": run_id, "place": place, "content": content})
        place += 1


def open_kept(session: Session, run_id: int) -> BinaryIO:
    """The file of a run from its first byte; raises Conflict where it is kept no longer."""
    if not size_kept(session, run_id):
        raise gone()
    return io.BufferedReader(PieceReader(session, run_id))


def size_kept(session: Session, run_id: int) -> int:
    """Bytes of the run's file, 0 where none is kept."""
    size = func.coalesce(func.sum(func.octet_length(ImportPiece.content)), 0)
    return int(session.scalar(select(size).where(ImportPiece.run_id == run_id)) or 0)


def is_kept() -> Exists:
    """Whether the file of a run is kept, in a query over the runs."""
    return select(ImportPiece.run_id).where(ImportPiece.run_id == ImportRun.id).exists()


def hand_over(session: Session, old_id: int, new_id: int) -> int:
    """Give the file of one run to another; returns how many pieces it has."""
    moved = update(ImportPiece).where(ImportPiece.run_id == old_id).values(run_id=new_id)
    return int(session.execute(moved).rowcount)  # type: ignore[attr-defined]  # a cursor's result has it


def drop(session: Session, run_id: int) -> None:
    """Keep the file of a run no longer."""
    session.execute(delete(ImportPiece).where(ImportPiece.run_id == run_id))


def gone() -> Conflict:
    """The file was dropped, has gone or was kept long enough."""
    return Conflict(_("The file of this import is no longer kept. Hand it in again."))
