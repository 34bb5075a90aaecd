"""A trained model: arrays of numbers and the names of its categories, kept and read without running code."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from petitions.categories.ngrams import COLUMNS, counted, runs

BATCH = 256
"""Texts weighed together, so that the memory stays small."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A category for a text, how likely it is right (0 to 1), and whether that is enough to fill it in."""

    category: str
    score: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Certainty:
    """How likely the best category is right, by how far it is ahead of the next: 1 / (1 + exp(-(a x + b))).

    From `sure_from` on it was right often enough among cases held out; null where it never was.
    """

    slope: float
    offset: float
    sure_from: float | None

    def of(self, ahead: NDArray[Any]) -> NDArray[Any]:
        """The likelihoods, from 0 to 1."""
        return 1 / (1 + np.exp(-np.clip(self.slope * ahead + self.offset, -30, 30)))


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model of runs of characters.

    `columns` are the hashes that it knows, ascending; `rarity` has a number and `weights` a row for each of
    them, with a column for each category; `bias` has a number for each category.
    """

    categories: tuple[str, ...]
    columns: NDArray[Any]
    rarity: NDArray[Any]
    weights: NDArray[Any]
    bias: NDArray[Any]
    certainty: Certainty
    place: NDArray[Any] = field(init=False)

    def __post_init__(self) -> None:
        place = np.full(COLUMNS, -1, dtype=np.int32)
        place[self.columns] = np.arange(len(self.columns))
        object.__setattr__(self, "place", place)

    def guess(self, texts: Sequence[str]) -> list[Guess | None]:
        """A category for each text; None for one without a single run that the model knows."""
        starts = range(0, len(texts), BATCH)
        return [guess for start in starts for guess in self._guess(texts[start : start + BATCH])]

    def _guess(self, texts: Sequence[str]) -> Iterator[Guess | None]:
        values, is_known = self.weigh(texts)
        order = np.argsort(values, axis=1)
        rows = np.arange(len(texts))
        best, ahead = order[:, -1], values[rows, order[:, -1]] - values[rows, order[:, -2]]
        for index, score, known in zip(best, self.certainty.of(ahead), is_known, strict=True):
            yield self._one(int(index), float(score)) if known else None

    def _one(self, index: int, score: float) -> Guess:
        enough = self.certainty.sure_from
        return Guess(self.categories[index], round(score, 4), enough is not None and score >= enough)

    def weigh(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
        """What speaks for each category (a row to a text), and whether anything was known of the text."""
        owner, column = runs(texts)
        place = self.place[column]
        known = place >= 0
        owner, place, value = counted(owner[known], place[known].astype(np.int64), max(len(self.columns), 1))
        value *= self.rarity[place]
        squares = np.bincount(owner, value * value, minlength=len(texts))
        values = np.tile(self.bias, (len(texts), 1))
        if len(owner):
            begins = np.flatnonzero(np.diff(owner, prepend=-1))
            # Of the ways to take rows out of a large array this one is five times as fast as an index.
            parts = np.take(self.weights, place, axis=0)
            parts *= value[:, None]
            length = np.sqrt(squares[owner[begins], None])
            values[owner[begins]] += np.add.reduceat(parts, begins, axis=0) / length
        return values, squares > 0


def dump(model: Model) -> bytes:
    """The model as a compressed file of plain arrays."""
    said = {"categories": model.categories, "certainty": asdict(model.certainty)}
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        said=np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
        columns=model.columns.astype(np.uint32),
        rarity=model.rarity.astype(np.float32),
        # Half the digits change no category, and halve what is kept.
        weights=model.weights.astype(np.float16),
        bias=model.bias.astype(np.float32),
    )
    return stream.getvalue()


def load(content: bytes) -> Model:
    """The model of `dump`; pickled objects are refused, so that what is read can do nothing."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        said = json.loads(file["said"].tobytes())
        return Model(
            categories=tuple(said["categories"]),
            columns=file["columns"],
            rarity=file["rarity"],
            weights=file["weights"].astype(np.float32),
            bias=file["bias"],
            certainty=Certainty(**said["certainty"]),
        )
