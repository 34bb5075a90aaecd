"""Texts as counts of their runs of one, two and three characters. Pure.

Chinese has no blanks between words, and its runs of characters serve as words do. A run is known by a hash,
so that nothing need be kept of the texts themselves; the whole of a chunk is hashed in a few array
operations, because an import looks at every row.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 20
COLUMNS = 1 << BITS
LONGEST_RUN = 3
READ_CHARACTERS = 400
"""Of a text: what a matter is about stands at its beginning."""

_BETWEEN = "\0"
"""Stands in no text, so that no run goes across."""
_STEP = np.uint64(1_000_003)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def one_text(title: str, body: str) -> str:
    """What is read of a matter: its title and the beginning of its text."""
    return f"{title}{_BETWEEN}{body[:READ_CHARACTERS]}"


def runs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two arrays of one length: which text, and the column below `COLUMNS` of each run in it."""
    joined = (_BETWEEN * LONGEST_RUN).join([*texts, ""]).encode("utf-32-le", "surrogatepass")
    characters = np.frombuffer(joined, dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + LONGEST_RUN for text in texts], dtype=np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    found, hashed, is_inside = [], np.zeros_like(characters), np.ones(len(characters), dtype=bool)
    for length in range(LONGEST_RUN):
        following = np.roll(characters, -length)
        is_inside = is_inside & (following != 0)
        hashed = hashed * _STEP ^ following
        column = (hashed + np.uint64(length)) * _MIX >> np.uint64(64 - BITS)
        found.append((owner[is_inside], column[is_inside].astype(np.int64)))
    return _joined(found, 0), _joined(found, 1)


def counted(owner: NDArray[Any], column: NDArray[Any], columns: int) -> tuple[NDArray[Any], ...]:
    """Each pair of text and column once, ordered by text, with how often it occurs, damped by a logarithm."""
    pair, times = np.unique(owner * columns + column, return_counts=True)
    return pair // columns, pair % columns, (1 + np.log(times)).astype(np.float32)


def _joined(found: list[tuple[NDArray[Any], NDArray[Any]]], which: int) -> NDArray[Any]:
    return np.concatenate([each[which] for each in found])
