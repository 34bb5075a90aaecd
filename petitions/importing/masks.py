"""Values that an upstream has masked: `138****1234`, `***`. They hide what may be known here. Pure."""

import re
import unicodedata

# One star is multiplication in a text (5*8), but hides the rest of a name or number.
_IN_TEXT = re.compile(r"[*＊]{2,}")
_IN_NAME = re.compile(r"[*＊]+")

# A telephone may be written with blanks, dashes and the prefix of the country, which say nothing else.
_NO_DIGIT = re.compile(r"[^\d*]")
_COUNTRY = re.compile(r"^(?:00)?86(?=1)")


def is_masked(text: str, *, name: bool = False) -> bool:
    """Whether something in `text` is hidden; `name` for names and numbers, where one star hides enough."""
    return (_IN_NAME if name else _IN_TEXT).search(text) is not None


def hides(masked: str, clear: str) -> bool:
    """Whether `masked` may be `clear` with parts of it hidden; linear, whatever stands in the texts."""
    parts = _IN_NAME.split(masked)
    if len(parts) == 1:
        return masked == clear
    first, *middle, last = parts
    if len(first) + len(last) > len(clear) or not (clear.startswith(first) and clear.endswith(last)):
        return False
    at, end = len(first), len(clear) - len(last)
    for part in middle:
        found = clear.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def may_replace(kept: str | None, given: str | None, *, name: bool = False) -> bool:
    """Whether `given` says something new that is no masked form of what is kept, nor hides more than it.

    A blank says nothing. A masked text replaces one that is masked as well, since nothing clear is lost.
    """
    if not given or given == kept:
        return False
    if not kept or not is_masked(given, name=name):
        return True
    return is_masked(kept, name=name) and not hides(given, kept)


def contradicts(masked: str, clear: str, *, name: bool = False) -> bool:
    """Whether `masked` hides something and cannot be `clear`: what it leaves to be seen stands otherwise."""
    return is_masked(masked, name=name) and not hides(masked, clear)


def bare_phone(text: str) -> str:
    """The digits and masks of a telephone number alone."""
    return _COUNTRY.sub("", _NO_DIGIT.sub("", unicodedata.normalize("NFKC", text)))
