"""Reading addresses as people write them, against the names a street knows. Pure.

What is written may be a lane with a house number, a place, a community or grid, another district, or
nothing known. Part of a longer unknown name is no match: 东安街 is not in 新东安街. Communities count only
with their ending, because 发展, 联合 and 群众 are everyday words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from grid.locating.lexicon import Found, Lexicon, NameKind
from grid.locating.numerals import plain
from grid.locating.words import address_words

_WORDS = address_words()
MOST_CHARACTERS = 1000
"""An address is read this far; what follows is a story, not a place."""

# A house number follows its lane at once; of "12-14" and of a house with annexes it is the first number.
_HOUSE_NUMBER = re.compile(
    "{prefix}?(?P<number>\\d{{1,5}})(?:[-~/{annex}]\\d{{1,5}})*"
    "(?:{house}(?![{not_house_after}](?![{house_after_all}]))|#|(?![\\d{house}{not_houses}]))".format_map(
        _WORDS
    )
)
_ACROSS = re.compile(f"(?:{'|'.join(map(re.escape, _WORDS['before_across']))})*{_WORDS['across']}")
_BEFORE = frozenset(_WORDS["before_a_name"])
_ROAD_ENDINGS = tuple(_WORDS["road_endings"])

_OWN = (NameKind.OWN_STREET, NameKind.OWN)
_OURS = (NameKind.LANE, NameKind.PLACE, NameKind.COMMUNITY, NameKind.GRID)

Meanings = dict[NameKind, list[int | str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address names, in the order written.

    `lanes` are lane keys with a house number or None, `places` tuples of the keys one name may mean; of both
    `houses_across` and `places_across` are those that the place meant lies opposite of. `communities` and
    `grids` are unit codes; `other` is the code of another district, town or street's community.
    """

    lanes: tuple[tuple[int, int | None], ...] = ()
    places: tuple[tuple[int, ...], ...] = ()
    communities: tuple[str, ...] = ()
    other: str | None = None
    names_street: bool = False
    grids: tuple[tuple[str, ...], ...] = ()
    houses_across: tuple[tuple[int, int], ...] = ()
    places_across: tuple[tuple[int, ...], ...] = ()


def read(address: str, lexicon: Lexicon) -> Reading:
    """Everything `address` names that `lexicon` knows."""
    notes = _Notes(plain(address[:MOST_CHARACTERS]))
    found = list(lexicon.scan(notes.text))
    for name, following in zip_longest(found, found[1:]):
        notes.take(name, is_joined=following is not None and following.start == name.end)
    return notes.reading()


@dataclass
class _Notes:
    """What has been read so far: the last known name ended at `last`, the divisions at the head at `head`."""

    text: str
    last: int = 0
    head: int = 0
    other: str | None = None
    names_street: bool = False
    lanes: list[tuple[int, int | None]] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)
    communities: list[str] = field(default_factory=list)
    grids: list[tuple[str, ...]] = field(default_factory=list)
    houses_across: list[tuple[int, int]] = field(default_factory=list)
    places_across: list[tuple[int, ...]] = field(default_factory=list)

    def take(self, found: Found, *, is_joined: bool) -> None:
        """Note what the name means here; `is_joined` where another known name follows it at once."""
        keys: Meanings = {}
        for meaning in found.meanings:
            keys.setdefault(meaning.kind, []).append(meaning.key)
        if any(kind in keys for kind in _OWN):
            self.names_street = self.names_street or NameKind.OWN_STREET in keys
            self.head = self.last = found.end
        elif any(kind in keys for kind in _OURS):
            if self._stands_alone(found):
                self._take_ours(keys, found.end)
            self.last = found.end
        else:
            self._take_division(keys, found, is_joined)

    def reading(self) -> Reading:
        """All of it."""
        return Reading(
            tuple(self.lanes),
            tuple(dict.fromkeys(self.places)),
            tuple(self.communities),
            self.other,
            self.names_street,
            tuple(self.grids),
            tuple(self.houses_across),
            tuple(self.places_across),
        )

    def _take_ours(self, keys: Meanings, end: int) -> None:
        self._take_lanes((int(key) for key in keys.get(NameKind.LANE, ())), end)
        if NameKind.PLACE in keys and not self.text.startswith(_ROAD_ENDINGS, end):
            places = self.places_across if _ACROSS.match(self.text, end) else self.places
            places.append(tuple(int(key) for key in keys[NameKind.PLACE]))
        self.communities += [str(key) for key in keys.get(NameKind.COMMUNITY, ())]
        if NameKind.GRID in keys:
            self.grids.append(tuple(str(key) for key in keys[NameKind.GRID]))

    def _take_lanes(self, lanes: Iterable[int], end: int) -> None:
        match = _HOUSE_NUMBER.match(self.text, end)
        number = int(match["number"]) or None if match else None
        if match and number and _ACROSS.match(self.text, match.end()):
            self.houses_across += [(lane, number) for lane in lanes]
        else:
            self.lanes += [(lane, number) for lane in lanes]

    def _take_division(self, keys: Meanings, found: Found, is_joined: bool) -> None:
        """A name from elsewhere; one that may be something else here is passed over."""
        at_head = found.start == self.head
        is_road = self.text.startswith(_ROAD_ENDINGS, found.end)
        is_numbered = self.text[found.end : found.end + 1].isdigit()
        counts = {
            NameKind.NEAR: True,
            NameKind.FAR: at_head and not is_road and not is_numbered,
            NameKind.STEM: at_head and is_joined,
            NameKind.ELSEWHERE: self._stands_alone(found) and not is_road,
        }
        proven = [
            str(key) for kind, counts_here in counts.items() if counts_here for key in keys.get(kind, ())
        ]
        if proven:
            self.other = self.other or proven[0]
            self.head = self.last = found.end

    def _stands_alone(self, found: Found) -> bool:
        """Whether the name is whole: after another name, a boundary character, a sign or a digit."""
        if found.start in (0, self.last):
            return True
        before = self.text[found.start - 1]
        return before in _BEFORE or not before.isalpha()
