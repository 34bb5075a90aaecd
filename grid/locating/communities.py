"""How a community is called: its plain name, and the same with each kind of body it may be. Pure."""

from collections.abc import Iterator

from grid.locating.numerals import plain
from grid.locating.words import address_words

COMMUNITY_ENDINGS: tuple[str, ...] = tuple(address_words()["community_endings"])
_PREFIX: str = address_words()["prefix"]


def core(name: str) -> str:
    """A community's plain name without what kind of body it is: 石冲社区居委会 and 石冲社区 are both 石冲."""
    text = plain(name)
    for ending in COMMUNITY_ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return text


def community_forms(name: str) -> Iterator[str]:
    """The plain names that mean this community in an address; never the bare core, an everyday word."""
    stem = core(name)
    return (stem + ending for ending in COMMUNITY_ENDINGS)


def grid_forms(name: str, community: str) -> Iterator[str]:
    """The plain names of a grid: its own, and of one that begins with its community's what follows that.

    What follows stands by itself or after any form of the community: 五福社区第2网格 is 五福居委会2网格 too.
    """
    text = plain(name)
    yield text
    rest = text.removeprefix(plain(community))
    if rest and rest != text:
        yield rest
        for form in community_forms(community):
            yield form + rest
            yield form + rest.removeprefix(_PREFIX)
