"""Reading a chunk of rows while the one before it is being written.

Half of the time that an import takes the database works and this process waits for it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import Any

from petitions.importing.reading import ReadRow, RowReader

Chunk = Sequence[tuple[int, Sequence[Any]]]


def read_ahead(
    reader: RowReader, chunks: Iterable[Chunk], clock: Callable[[], datetime]
) -> Iterator[tuple[Chunk, list[ReadRow]]]:
    """Each chunk with its rows as they came in when they were read, which is one chunk earlier at most.

    The file and the database are touched by the caller's thread only; the other turns cells into intakes.
    """
    with ThreadPoolExecutor(1) as pool:
        before = None
        for chunk in chunks:
            read = pool.submit(copy_context().run, _read, reader, chunk, clock())
            if before:
                yield before[0], before[1].result()
            before = chunk, read
        if before:
            yield before[0], before[1].result()


def _read(reader: RowReader, chunk: Chunk, now: datetime) -> list[ReadRow]:
    return [reader.read(number, cells, now) for number, cells in chunk]
