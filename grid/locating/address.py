"""Reading addresses as people write them, against the names a street knows. Pure.

What is written may be a lane with a house number, a place, a community or grid, another district, or
nothing known. Part of a longer unknown name is no match: 东安街 is not in 新东安街. Communities count only
with their ending, because 发展, 联合 and 群众 are everyday words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from grid.locating.house_numbers import Relation, house_numbers, relation_after
from grid.locating.lexicon import Found, Lexicon, NameKind
from grid.locating.likeness import CLEAR, Likeness, Likenesses
from grid.locating.numerals import plain
from grid.locating.words import address_words

_WORDS = address_words()
MOST_CHARACTERS = 1000
"""An address is read this far; what follows is a story, not a place."""

_BEFORE = frozenset(_WORDS["before_a_name"])
_WORDS_BEFORE = tuple(_WORDS["words_before_a_name"])
_NAME = re.compile(f"[^\\W\\d]{{1,10}}?\\d{{0,3}}(?:{'|'.join(_WORDS['lane_endings'])})|[^\\W\\d]{{2,12}}")
_ROAD_ENDINGS = tuple(_WORDS["road_endings"])

_OWN = (NameKind.OWN_STREET, NameKind.OWN)
_OURS = (NameKind.LANE, NameKind.PLACE, NameKind.COMMUNITY, NameKind.GRID)

Meanings = dict[NameKind, list[int | str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address names, in the order written.

    `lanes` are lane keys with a house number or None, `places` tuples of the keys one name may mean; of both
    `houses_across` and `places_across` are those that the place meant lies opposite of. `communities` and
    `grids` are unit codes; `other` is the code of another district, town or street's community. A house
    beside which the place lies stands among `lanes` with its neighbours, and `house_relation` says so.
    """

    lanes: tuple[tuple[int, int | None], ...] = ()
    places: tuple[tuple[int, ...], ...] = ()
    communities: tuple[str, ...] = ()
    other: str | None = None
    names_street: bool = False
    grids: tuple[tuple[str, ...], ...] = ()
    houses_across: tuple[tuple[int, int], ...] = ()
    places_across: tuple[tuple[int, ...], ...] = ()
    house_relation: Relation = Relation.HERE
    place_relation: Relation = Relation.HERE
    guess: Likeness | None = None
    alike: tuple[Likeness, ...] = ()

    @property
    def names_spot(self) -> bool:
        """Whether a lane, a place, a grid or somewhere else is named, so that nothing is left to guess."""
        spots = (self.lanes, self.places, self.houses_across, self.places_across, self.grids, self.other)
        return any(spots)


def read(address: str, lexicon: Lexicon, likenesses: Likenesses | None = None) -> Reading:
    """Everything `address` names that `lexicon` knows.

    Where that is no spot, `likenesses` may know what a misspelt name stands for: one clear winner is read in
    its place and kept as `guess`, several are `alike`.
    """
    notes = _note(plain(address[:MOST_CHARACTERS]), lexicon)
    reading = notes.reading()
    if likenesses is None or reading.names_spot:
        return reading
    alike = likenesses.find(notes.text, notes.unknown())
    clear = [one for one in alike if one.score >= CLEAR]
    if len(clear) != 1:
        return replace(reading, alike=tuple(alike))
    mended = notes.text[: clear[0].start] + clear[0].name + notes.text[clear[0].end :]
    return replace(_note(mended, lexicon).reading(), guess=clear[0])


def unknown_names(address: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of `address` that may be names not known here, in its plain form, in the order written."""
    notes = _note(plain(address[:MOST_CHARACTERS]), lexicon)
    stops = [start for start, _ in notes.taken]
    found: dict[str, None] = {}
    end = 0
    for start in notes.unknown():
        stop = min((one for one in stops if one > start), default=len(notes.text))
        word = _NAME.match(notes.text, start, stop)
        if start >= end and word:
            found[word.group()] = None
            end = word.end()
    return tuple(found)


def _note(text: str, lexicon: Lexicon) -> "_Notes":
    notes = _Notes(text)
    found = list(lexicon.scan(text))
    for name, following in zip_longest(found, found[1:]):
        notes.take(name, is_joined=following is not None and following.start == name.end)
    return notes


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
    house_relation: Relation = Relation.HERE
    place_relation: Relation = Relation.HERE
    taken: list[tuple[int, int]] = field(default_factory=list)

    def take(self, found: Found, *, is_joined: bool) -> None:
        """Note what the name means here; `is_joined` where another known name follows it at once."""
        keys: Meanings = {}
        for meaning in found.meanings:
            keys.setdefault(meaning.kind, []).append(meaning.key)
        if any(kind in keys for kind in _OWN):
            self.names_street = self.names_street or NameKind.OWN_STREET in keys
            self.head = self.last = found.end
            self.taken.append((found.start, found.end))
        elif any(kind in keys for kind in _OURS):
            if self._stands_alone(found):
                self.taken.append((found.start, found.end))
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
            self.house_relation,
            self.place_relation,
        )

    def _take_ours(self, keys: Meanings, end: int) -> None:
        for key in keys.get(NameKind.LANE, ()):
            self._take_lane(int(key), end)
        if NameKind.PLACE in keys and not self.text.startswith(_ROAD_ENDINGS, end):
            self._take_place(tuple(int(key) for key in keys[NameKind.PLACE]), end)
        self.communities += [str(key) for key in keys.get(NameKind.COMMUNITY, ())]
        if NameKind.GRID in keys:
            self.grids.append(tuple(str(key) for key in keys[NameKind.GRID]))

    def _take_lane(self, lane: int, end: int) -> None:
        houses = house_numbers(self.text, end)
        if houses is None:
            self.lanes.append((lane, None))
        elif houses.relation is Relation.ACROSS:
            self.houses_across += [(lane, number) for number in houses.numbers]
        elif houses.relation is Relation.HERE:
            self.lanes += [(lane, number) for number in houses.numbers]
        else:
            self.house_relation = houses.relation
            around = range(houses.numbers[0] - 2, houses.numbers[-1] + 3, 2)
            self.lanes += [(lane, number) for number in around if number > 0]

    def _take_place(self, meanings: tuple[int, ...], end: int) -> None:
        relation = relation_after(self.text, end)
        if relation is Relation.ACROSS:
            self.places_across.append(meanings)
        else:
            self.places.append(meanings)
            self.place_relation = relation

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
            self.taken.append((found.start, found.end))
            self.other = self.other or proven[0]
            self.head = self.last = found.end

    def unknown(self) -> Iterator[int]:
        """Where a name may begin that is not known: outside of what was taken, at the beginning of a word."""
        inside = {at for start, end in self.taken for at in range(start, end)}
        ends = {end for _, end in self.taken}
        for at, character in enumerate(self.text):
            if character.isalpha() and at not in inside and (at in ends or self._may_begin(at)):
                yield at

    def _stands_alone(self, found: Found) -> bool:
        """Whether the name is whole: after another name, a boundary character, a sign or a digit."""
        return found.start == self.last or self._may_begin(found.start)

    def _may_begin(self, at: int) -> bool:
        before = self.text[at - 1 : at]
        is_free = before in _BEFORE or not before.isalpha()
        return is_free or self.text.endswith(_WORDS_BEFORE, 0, at)
