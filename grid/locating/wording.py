"""What may be another name: the wording of a name, and nothing about a person. Pure."""

import re
from typing import Any

from app.core.i18n import lazy as _
from grid.locating.numerals import plain
from grid.locating.words import address_words

SHORTEST_WORDING, LONGEST_WORDING = 2, 30

_WORDS = address_words()["wording"]
_PERSONAL = tuple(_WORDS["personal"])
_LONG_NUMBER = re.compile(r"\d{5}")
_HOUSE = re.compile(f"\\d(?:[{_WORDS['counted']}](?!\\w*[^\\W\\d])|#|$)")


def wording_fault(wording: str) -> Any | None:
    """Why `wording` can be no alias, or None where it can: a sentence for the person who typed it."""
    text = plain(wording)
    if not SHORTEST_WORDING <= len(text) <= LONGEST_WORDING or not text.isalnum() or not text[0].isalpha():
        return _(
            "An alias is a name of %(least)s to %(most)s letters, without signs or blanks.",
            least=SHORTEST_WORDING,
            most=LONGEST_WORDING,
        )
    if _LONG_NUMBER.search(text) or any(word in text for word in _PERSONAL):
        return _("An alias names a lane or a place, never a person. Leave out names and telephone numbers.")
    if _HOUSE.search(text):
        return _("Leave out the house number or room; an alias is only the name before it.")
    return None
