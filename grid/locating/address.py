"""Reading addresses as people write them, against the names a street knows. Pure.

What is written may be a lane with a house number, a place, a community, another district, or nothing
known. Part of a longer unknown name is no match: 东安街 is not in 新东安街. Communities count only with their
ending, because 发展, 联合 and 群众 are everyday words.
"""

import re
from dataclasses import dataclass

from grid.locating.lexicon import Found, Lexicon, NameKind
from grid.locating.numerals import plain
from grid.locating.words import address_words

_WORDS = address_words()
COMMUNITY_ENDINGS: tuple[str, ...] = tuple(_WORDS["community_endings"])
MOST_CHARACTERS = 1000
"""An address is read this far; what follows is a story, not a place."""

# A house number follows its lane at once; of "12-14" and of a house with annexes it is the first number.
_HOUSE_NUMBER = re.compile(
    "{prefix}?(?P<number>\\d{{1,5}})(?:[-~/{annex}]\\d{{1,5}})*"
    "(?:{house}(?![{not_house_after}](?![{house_after_all}]))|#|(?![\\d{house}{not_houses}]))".format_map(
        _WORDS
    )
)
_BEFORE = frozenset(_WORDS["before_a_name"])
_ROAD_ENDINGS = tuple(_WORDS["road_endings"])


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address names, in the order written.

    `lanes` are lane keys with a house number or None, `places` tuples of the keys one name may mean,
    `communities` unit codes; `other` is the code of another district or town that is named.
    """

    lanes: tuple[tuple[int, int | None], ...] = ()
    places: tuple[tuple[int, ...], ...] = ()
    communities: tuple[str, ...] = ()
    other: str | None = None
    names_street: bool = False


def read(address: str, lexicon: Lexicon) -> Reading:
    """Everything `address` names that `lexicon` knows."""
    text = plain(address[:MOST_CHARACTERS])
    lanes: list[tuple[int, int | None]] = []
    places: list[tuple[int, ...]] = []
    communities: list[str] = []
    other: str | None = None
    names_street = False
    last, head = 0, 0
    for found in lexicon.scan(text):
        keys = _keys(found)
        divisions = _divisions(keys, at_head=found.start == head)
        if divisions:
            head = found.end
            other = other or divisions.get(NameKind.NEAR) or divisions.get(NameKind.FAR)
            names_street = names_street or NameKind.OWN_STREET in divisions
        elif _stands_alone(text, found, last):
            number = _house_number(text, found.end)
            lanes += [(int(key), number) for key in keys.get(NameKind.LANE, ())]
            if NameKind.PLACE in keys and not text.startswith(_ROAD_ENDINGS, found.end):
                places.append(tuple(int(key) for key in keys[NameKind.PLACE]))
            communities += [str(key) for key in keys.get(NameKind.COMMUNITY, ())]
        last = found.end
    return Reading(tuple(lanes), tuple(places), tuple(communities), other, names_street)


def core(name: str) -> str:
    """A community's plain name without what kind of body it is: 石冲社区居委会 and 石冲社区 are both 石冲."""
    text = plain(name)
    for ending in COMMUNITY_ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return text


def _keys(found: Found) -> dict[NameKind, list[int | str]]:
    keys: dict[NameKind, list[int | str]] = {}
    for meaning in found.meanings:
        keys.setdefault(meaning.kind, []).append(meaning.key)
    return keys


def _divisions(keys: dict[NameKind, list[int | str]], *, at_head: bool) -> dict[NameKind, str]:
    """The administrative divisions a name stands for; a name of our own is never another's."""
    own: dict[NameKind, str] = {
        kind: str(keys[kind][0]) for kind in (NameKind.OWN_STREET, NameKind.OWN) if kind in keys
    }
    if own:
        return own
    kinds = (NameKind.NEAR, NameKind.FAR) if at_head else (NameKind.NEAR,)
    return {kind: str(keys[kind][0]) for kind in kinds if kind in keys}


def _stands_alone(text: str, found: Found, last: int) -> bool:
    """Whether the name is whole: after another name, a boundary character, a sign or a digit."""
    if found.start in (0, last):
        return True
    before = text[found.start - 1]
    return before in _BEFORE or not before.isalpha()


def _house_number(text: str, end: int) -> int | None:
    match = _HOUSE_NUMBER.match(text, end)
    return int(match["number"]) or None if match else None
