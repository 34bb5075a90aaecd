"""Names of administrative divisions: whose are ours, and whose say that an address lies elsewhere.

The shipped list has the provinces, cities and counties of the country, and the towns of 江门市 with the
communities of 蓬江区 (codes of 2023; public facts). Units of other streets in the database add to it.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from grid.locating.communities import community_forms
from grid.locating.lexicon import Name, NameKind
from grid.locating.numerals import plain
from grid.locating.words import address_words

CITY, DISTRICT, STREET = 4, 6, 9
"""How many digits of a code name the city, the district and the street."""

_WORDS = address_words()["divisions"]
_ENDINGS = tuple(_WORDS["endings"])
_ROAD_ENDINGS = tuple(address_words()["road_endings"])
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
    for other in (*shipped(), *others):
        if not other[0].startswith(code):
            yield from ((plain(text), Name(kind, other[0])) for text, kind in _meanings(code, *other))


def _meanings(own: str, code: str, name: str) -> Iterator[tuple[str, NameKind]]:
    """The forms in which an address of `own` may name the division `code`, with what each proves."""
    if own.startswith(code):
        yield from ((form, NameKind.OWN) for form in (name, _stem(name)))
    elif len(code) > STREET:
        if own[:DISTRICT] == code[:DISTRICT]:
            yield from ((form, NameKind.ELSEWHERE) for form in community_forms(name))
    elif own[:CITY] == code[:CITY]:
        yield name, NameKind.NEAR
        yield _stem(name), NameKind.FAR if len(code) == DISTRICT else NameKind.STEM
        if name.endswith(_STREET_ENDING):
            yield from _short_streets(_stem(name))
    elif len(code) < STREET:
        yield name, NameKind.FAR
        if len(code) == CITY and _stem(name) != name:
            yield _stem(name), NameKind.STEM


def _short_streets(stem: str) -> Iterator[tuple[str, NameKind]]:
    """白沙街 may be a lane as well, 白沙街道办 only the street."""
    for ending in _SHORT_STREETS:
        yield stem + ending, NameKind.FAR if ending.endswith(_ROAD_ENDINGS) else NameKind.NEAR


def _own_street(name: str) -> Iterator[tuple[str, Name]]:
    own = Name(NameKind.OWN_STREET, name)
    yield plain(name), own
    if name.endswith(_STREET_ENDING):
        stem = _stem(name)
        # The bare stem begins many other names, so it does not prove that the street itself is meant.
        yield plain(stem), Name(NameKind.OWN, name)
        yield from ((plain(stem + ending), own) for ending in _SHORT_STREETS)


def _stem(name: str) -> str:
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    return name.removesuffix(ending) if len(name) > len(ending) + 1 else name
