"""The house numbers written right after a lane, and where the place meant lies from them. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from grid.locating.words import address_words

_WORDS = address_words()
_PARTS = _WORDS | {"joint": re.escape("".join(_WORDS["between_numbers"]))}
_LONGEST_ROW: int = _WORDS["longest_row"]

# A house number follows its lane at once; what counts something else (rooms, blocks, years) is none.
_NUMBERS = re.compile(
    "{prefix}?(?P<first>\\d{{1,5}})(?P<more>(?:{house}?[{annex}{joint}]{prefix}?\\d{{1,5}})*)"
    "(?:(?P<house>{house})(?![{not_house_after}](?![{house_after_all}]))|#|(?![\\d{house}{not_houses}]))".format_map(
        _PARTS
    )
)
_NEXT = re.compile("{house}?([{annex}{joint}]){prefix}?(\\d+)".format_map(_PARTS))


class Relation(StrEnum):
    """Where the place meant lies from what is named."""

    HERE = "here"
    BESIDE = "beside"
    NEAR = "near"
    ACROSS = "across"


def _said(fillers: list[str], words: list[str]) -> re.Pattern[str]:
    lead, said = ("|".join(map(re.escape, some)) for some in (fillers, words))
    return re.compile(f"(?:{lead})*(?:{said})")


_RELATIONS = {
    Relation.ACROSS: _said(_WORDS["before_across"], [_WORDS["across"]]),
    Relation.BESIDE: _said(_WORDS["before_beside"], _WORDS["beside"]),
    Relation.NEAR: _said(_WORDS["before_beside"], _WORDS["near"]),
}


@dataclass(frozen=True, slots=True)
class HouseNumbers:
    """The house numbers written, one or a row of them, and how the place meant lies to them."""

    numbers: tuple[int, ...]
    relation: Relation


def relation_after(text: str, at: int) -> Relation:
    """What is said right after a name or number that ends at `at`: opposite, beside, near or nothing."""
    said = (relation for relation, pattern in _RELATIONS.items() if pattern.match(text, at))
    return next(said, Relation.HERE)


def house_numbers(text: str, at: int) -> HouseNumbers | None:
    """The house numbers that begin at `at` of a plain text; None where none does, and 0 is none.

    Of "12-18号" that is every house of the row, of "12、14号" both, of "82-2号" and "82之2" the first alone.
    """
    match = _NUMBERS.match(text, at)
    if match is None or not int(match["first"]):
        return None
    first = int(match["first"])
    more = _row(first, match["more"]) if match["house"] else []
    return HouseNumbers((first, *more), relation_after(text, match.end()))


def _row(first: int, more: str) -> list[int]:
    """The houses that follow the first; a number that is smaller or far off is an annex or a room."""
    houses: list[int] = []
    last = first
    for sign, digits in _NEXT.findall(more):
        number = int(digits)
        if sign == _WORDS["annex"] or not last < number <= first + _LONGEST_ROW:
            continue
        step = 2 if (number - last) % 2 == 0 else 1
        is_row = sign in _WORDS["row"]
        houses += range(last + step, number + 1, step) if is_row else [number]
        last = number
    return houses
