"""The names a street knows, found in a text by the longest match at each character. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

PREFIX = 2
"""Names are filed under their first characters, so that a character of the text costs few look-ups."""


class NameKind(StrEnum):
    """What a name in an address stands for.

    OWN is the street's district, city or province, OWN_STREET the street itself. The others lie elsewhere:
    NEAR is another district of the city or one of its towns; FAR a district or city beyond, or a short form,
    which counts only where an address begins with it; STEM a bare name that other things bear too, which
    counts only there and with a known name right after it; ELSEWHERE a community of another street.
    """

    LANE = "lane"
    PLACE = "place"
    COMMUNITY = "community"
    GRID = "grid"
    OWN = "own"
    OWN_STREET = "own_street"
    NEAR = "near"
    FAR = "far"
    STEM = "stem"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Name:
    """One meaning of a name; `key` is the index of the lane or place, or the code of the unit."""

    kind: NameKind
    key: int | str


@dataclass(frozen=True, slots=True)
class Found:
    """A known name at `start:end` of a text, with everything it may mean."""

    start: int
    end: int
    meanings: tuple[Name, ...]


class Lexicon:
    """A dictionary of plain names (see `grid.locating.numerals.plain`); a name may have several meanings."""

    def __init__(self, names: Iterable[tuple[str, Name]]) -> None:
        meanings: dict[str, dict[Name, None]] = {}
        for text, name in names:
            if len(text) >= PREFIX:
                meanings.setdefault(text, {})[name] = None
        self._meanings = {text: tuple(found) for text, found in meanings.items()}
        lengths: dict[str, set[int]] = {}
        for text in meanings:
            lengths.setdefault(text[:PREFIX], set()).add(len(text))
        self._lengths = {prefix: sorted(found, reverse=True) for prefix, found in lengths.items()}

    def meanings(self, text: str) -> tuple[Name, ...]:
        """What the plain name `text` means by itself; nothing where it is not known."""
        return self._meanings.get(text, ())

    def scan(self, text: str) -> Iterator[Found]:
        """The known names in `text` from left to right, at each place the longest, none overlapping."""
        free = 0
        for start in range(len(text)):
            if start < free or (lengths := self._lengths.get(text[start : start + PREFIX])) is None:
                continue
            found = self._at(text, start, lengths)
            if found:
                yield found
                free = found.end

    def _at(self, text: str, start: int, lengths: Iterable[int]) -> Found | None:
        for length in lengths:
            meanings = self._meanings.get(text[start : start + length])
            if meanings:
                return Found(start, start + length, meanings)
        return None
