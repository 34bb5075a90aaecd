"""Names of administrative divisions: whose are ours, and whose say that an address lies elsewhere.

The shipped list has the provinces, cities and counties of the country, and the towns of 江门市 with the
communities of 蓬江区 (codes of 2023; public facts). Units of other streets in the database add to it.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from grid.locating.lexicon import Name, NameKind
from grid.locating.numerals import plain
from grid.locating.words import address_words

CITY, DISTRICT, STREET = 4, 6, 9
"""How many digits of a code name the city, the district and the street."""

_WORDS = address_words()["divisions"]
_ENDINGS = tuple(_WORDS["endings"])
_STREET_ENDING: str = _WORDS["street"]
_SHORT_STREETS: list[str] = _WORDS["short_street"]

Division = tuple[str, str]


@cache
def shipped() -> tuple[Division, ...]:
    """Code and name of every division that comes with the program."""
    lines = files("grid").joinpath("data/divisions.csv").read_text(encoding="utf-8").splitlines()
    return tuple((row["code"], row["name"]) for row in csv.DictReader(lines))


def division_names(street: Division, others: Iterable[Division]) -> Iterator[tuple[str, Name]]:
    """What the names of divisions mean to an address of `street`, one of code and name."""
    code, name = street
    yield from _own_street(name)
    for other_code, other_name in (*shipped(), *others):
        if other_code == code or len(other_code) > STREET:
            continue
        if code.startswith(other_code):
            yield plain(other_name), Name(NameKind.OWN, other_code)
            yield plain(_short(other_name)), Name(NameKind.OWN, other_code)
        else:
            near = other_code[:CITY] == code[:CITY]
            town_elsewhere = len(other_code) == STREET and not near
            if not town_elsewhere:
                yield plain(other_name), Name(NameKind.NEAR if near else NameKind.FAR, other_code)


def _own_street(name: str) -> Iterator[tuple[str, Name]]:
    own = Name(NameKind.OWN_STREET, name)
    yield plain(name), own
    if name.endswith(_STREET_ENDING):
        stem = name.removesuffix(_STREET_ENDING)
        # The bare stem begins many other names, so it does not prove that the street itself is meant.
        yield plain(stem), Name(NameKind.OWN, name)
        yield from ((plain(stem + ending), own) for ending in _SHORT_STREETS)


def _short(name: str) -> str:
    return name[:-1] if name.endswith(_ENDINGS) and len(name) > 2 else name
