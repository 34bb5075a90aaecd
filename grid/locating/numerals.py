"""One way to write an address: full-width forms, blanks, old characters and Chinese numerals made alike."""

import re
import unicodedata

from grid.locating.words import address_words

_WORDS = address_words()["numerals"]
_DIGITS = {character: value for value, character in enumerate(_WORDS["digits"])} | _WORDS["more_digits"]
_WEIGHTS: dict[str, int] = _WORDS["weights"]
_NUMERAL = re.compile(f"(?!{_WORDS['no_number']})[" + "".join(_DIGITS) + "".join(_WEIGHTS) + "]+")
_BLANK = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_OLD = str.maketrans(_WORDS["old_forms"])


def plain(text: str) -> str:
    """`text` in the one form that names and addresses are compared in.

    NFKC, no blanks, simplified forms of the few characters addresses are still written with, and every run
    of Chinese numerals as digits: "环市二路 一百零五號" and "环市2路105号" become the same.
    """
    joined = _BLANK.sub("", unicodedata.normalize("NFKC", text)).translate(_OLD)
    return _NUMERAL.sub(lambda run: _written(run.group()), joined)


def _written(run: str) -> str:
    """A run of Chinese numerals as digits; one without tens or hundreds may be longer than any number."""
    if any(character in _WEIGHTS for character in run):
        return str(numeral(run))
    return "".join(str(_DIGITS[character]) for character in run).lstrip("0") or "0"


def numeral(text: str) -> int:
    """The number that Chinese numerals below a thousand mean: 一百零五 is 105, 二〇一 is 201, 十二 is 12."""
    if not any(character in _WEIGHTS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, None
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (1 if digit is None else digit) * _WEIGHTS[character]
            digit = 0
    return total + (digit or 0)
