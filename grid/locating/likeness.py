"""Names that were perhaps meant where a text holds none that is known. Pure.

A misspelling is one slip: a character that sounds or looks like the right one, two swapped, one left out or
doubled. Lanes of one family differ in just such a spot (东路 and 西路, 一巷 and 二巷), so a difference in a
numeral or a direction is no slip at all. Where a character neither sounds nor looks like the right one, as in
迎春路 and 迎宾路, the name is only worth asking a person about.

Which library does the fuzzy part, and why, is told in docs/addresses.md: rapidfuzz says in what two names
differ. It is asked only about the few names that share all but one character with what is written, which are
found under their shortened forms, so that no list of names is read from its beginning to its end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import digits

from rapidfuzz.distance import Levenshtein

from grid.locating.lexicon import Name, NameKind
from grid.locating.sounds import sound_alike
from grid.locating.words import address_words

_WORDS = address_words()["likeness"]
_FAMILY = frozenset(_WORDS["family"]) | frozenset(digits)
_LOOKS = frozenset(
    (one, other) for group in _WORDS["look_alike"] for one in group for other in group if one != other
)
_KINDS = frozenset({NameKind.LANE, NameKind.PLACE, NameKind.COMMUNITY})

SHORTEST, LONGEST = 3, 20
"""Characters of a name that may be recognised misspelt: a shorter one is too little to go by."""

SHORTEST_WITH_ONE_LESS = 4
"""Characters of a name of which one may be left out."""

MOST_STARTS = 40
"""At so many places of a text a misspelt name is looked for."""

MOST_ALIKE = 5
"""So many names at most are offered to a person."""


class Slip(StrEnum):
    """In what way a written name differs from a known one."""

    SOUND = "sound"
    LOOK = "look"
    SWAPPED = "swapped"
    LEFT_OUT = "left_out"
    ADDED = "added"
    OTHER = "other"


SCORES = {
    Slip.SOUND: 0.9,
    Slip.LOOK: 0.85,
    Slip.SWAPPED: 0.85,
    Slip.ADDED: 0.8,
    Slip.LEFT_OUT: 0.8,
    Slip.OTHER: 0.4,
}
"""How likely a slip of each kind is. Local estimates; only their order and CLEAR matter."""

CLEAR = 0.8
"""From here on a name that no other comes near is taken for the one meant."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is written at `start:end` of a plain text, a known name it may stand for, how likely, and why."""

    start: int
    end: int
    wording: str
    name: str
    slip: Slip
    meanings: tuple[Name, ...]

    @property
    def score(self) -> float:
        """0 to 1."""
        return SCORES[self.slip]


class Likenesses:
    """The names of a street under all their forms with one character less."""

    def __init__(self, names: Iterable[tuple[str, Name]]) -> None:
        meanings: dict[str, dict[Name, None]] = {}
        for text, name in names:
            if name.kind in _KINDS and SHORTEST <= len(text) <= LONGEST:
                meanings.setdefault(text, {})[name] = None
        self._meanings = {text: tuple(found) for text, found in meanings.items()}
        self._shortened: dict[str, list[str]] = {}
        for text in meanings:
            for form in _with_one_less(text):
                self._shortened.setdefault(form, []).append(text)

    def find(self, text: str, starts: Iterable[int]) -> list[Likeness]:
        """The names that what begins at one of `starts` may stand for, the likeliest first."""
        found: dict[str, Likeness] = {}
        for start, _ in zip(starts, range(MOST_STARTS), strict=False):
            for likeness in self._at(text, start):
                known = found.get(likeness.name)
                if known is None or known.score < likeness.score:
                    found[likeness.name] = likeness
        return sorted(found.values(), key=lambda one: (-one.score, one.start, one.name))[:MOST_ALIKE]

    def _at(self, text: str, start: int) -> Iterator[Likeness]:
        for end in range(start + SHORTEST, min(start + LONGEST, len(text)) + 1):
            wording = text[start:end]
            for name in dict.fromkeys(self._near(wording)):
                slip = slip_between(wording, name)
                if slip is not None:
                    yield Likeness(start, end, wording, name, slip, self._meanings[name])

    def _near(self, wording: str) -> Iterator[str]:
        yield from self._shortened.get(wording, ())
        for form in _with_one_less(wording):
            yield from self._shortened.get(form, ())
            if form in self._meanings:
                yield form


def slip_between(wording: str, name: str) -> Slip | None:
    """The one slip that makes `wording` of `name`, or None where they are different names."""
    edits = Levenshtein.editops(name, wording)
    if len(edits) == 1:
        kind, at, written_at = edits.as_list()[0]
        at, written_at = int(at), int(written_at)
        if kind == "replace":
            return _replaced(name[at], wording[written_at], is_last=at == len(name) - 1)
        if kind == "delete":
            is_inside = 0 < at < len(name) - 1 and len(name) >= SHORTEST_WITH_ONE_LESS
            return _left_out(name[at]) if is_inside else None
        is_inside = 0 < written_at < len(wording) - 1
        return Slip.ADDED if is_inside and wording[written_at] not in _FAMILY else None
    return Slip.SWAPPED if _is_swapped(wording, name) else None


def _replaced(right: str, written: str, *, is_last: bool) -> Slip | None:
    if right in _FAMILY and written in _FAMILY:
        return None
    if right.isdigit() or written.isdigit():
        return None
    if (right, written) in _LOOKS:
        return Slip.LOOK
    if sound_alike(right, written):
        return Slip.SOUND
    return None if is_last else Slip.OTHER


def _left_out(character: str) -> Slip | None:
    if character.isdigit():
        return None
    return Slip.OTHER if character in _FAMILY else Slip.LEFT_OUT


def _is_swapped(wording: str, name: str) -> bool:
    """Whether two neighbours changed places; the last characters say what kind of thing it is and stay."""
    if len(wording) != len(name):
        return False
    spots = [at for at, (one, other) in enumerate(zip(wording, name, strict=True)) if one != other]
    if len(spots) != 2 or spots[1] != spots[0] + 1 or spots[1] == len(name) - 1:
        return False
    one, other = spots
    pair = {name[one], name[other]}
    return wording[one] == name[other] and wording[other] == name[one] and pair.isdisjoint(_FAMILY)


def _with_one_less(text: str) -> Iterator[str]:
    return (text[:at] + text[at + 1 :] for at in range(len(text)))
