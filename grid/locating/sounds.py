"""Whether two characters sound alike, as one typed for the other by its sound does. Pure.

The readings are pypinyin's, without tones. Its dictionary of phrases would cost every process 44 MB and is
not needed for single characters, so it is left out.
"""

import os
from functools import cache, lru_cache
from types import ModuleType


@cache
def _pypinyin() -> ModuleType:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    return pypinyin


@lru_cache(maxsize=8_192)
def readings(character: str) -> frozenset[str]:
    """Every reading of a Chinese character without its tone; none of what is no such character."""
    library = _pypinyin()
    found = library.pinyin(character, style=library.Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(found[0]) if found else frozenset()


def sound_alike(one: str, other: str) -> bool:
    """Whether two characters share a reading."""
    return not readings(one).isdisjoint(readings(other))
