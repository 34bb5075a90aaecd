"""A file kept in pieces reads like the file that was handed in, at any place of it."""

import io
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from petitions.importing.pieces import PIECE, drop, keep, open_kept, size_kept
from petitions.models import ImportPiece, ImportRun
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import bring_in, csv_file


@pytest.fixture
def run(session: Session, tiny: TinyStreet) -> ImportRun:
    """A run that has ended, whose file is kept no longer."""
    return bring_in(session, tiny.street.id, csv_file([]))[0]


def content_of(size: int) -> bytes:
    return Random(size).randbytes(size)  # any bytes will do


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
def test_what_was_kept_is_read_again_byte_for_byte(session: Session, run: ImportRun, size: int) -> None:
    content = content_of(size)
    keep(session, run.id, io.BytesIO(content))
    assert size_kept(session, run.id) == size
    assert session.scalar(select(func.max(func.octet_length(ImportPiece.content)))) == min(size, PIECE)
    assert open_kept(session, run.id).read() == content


def test_any_place_of_it_can_be_gone_to(session: Session, run: ImportRun) -> None:
    content = content_of(2 * PIECE + 100)
    keep(session, run.id, io.BytesIO(content))
    kept, plain, random = open_kept(session, run.id), io.BytesIO(content), Random(1)
    for _time in range(300):
        whence = random.choice([io.SEEK_SET, io.SEEK_END])
        far = random.choice([0, 1, 50, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
        offset = far if whence == io.SEEK_SET else -far
        length = random.choice([0, 1, 10_000, PIECE, 3 * PIECE])
        assert kept.seek(offset, whence) == plain.seek(offset, whence)
        assert kept.read(length) == plain.read(length)
        assert kept.tell() == plain.tell()


def test_beyond_the_end_there_is_nothing_and_before_the_start_no_place(
    session: Session, run: ImportRun
) -> None:
    keep(session, run.id, io.BytesIO(b"abc"))
    kept = open_kept(session, run.id)
    kept.seek(10)
    assert kept.read() == b""
    with pytest.raises(ValueError, match="-1"):
        kept.seek(-1)


def test_a_file_that_is_dropped_while_it_is_read_says_so(session: Session, run: ImportRun) -> None:
    keep(session, run.id, io.BytesIO(content_of(3 * PIECE)))
    kept = open_kept(session, run.id)
    kept.read(10)
    drop(session, run.id)
    with pytest.raises(Conflict):
        kept.read()
    with pytest.raises(Conflict):
        open_kept(session, run.id)
