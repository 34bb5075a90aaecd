"""Made-up people.

Telephone numbers: a mobile number in China has eleven digits and begins with 13 to 19. Numbers beginning
with 10 are the operators' short service codes, so no subscriber holds an eleven-digit number beginning
with 1004: it has the length and the look that a form expects and belongs to nobody.

People have no identity number at all. Nothing in the demonstration needs one, and a made-up one could by
chance be somebody's.
"""

from dataclasses import dataclass
from random import Random

from app.demo.vocabulary import words

UNASSIGNED_PREFIX = "1004"
MOBILE_DIGITS = 11


@dataclass(frozen=True)
class Person:
    """Somebody who raises a matter."""

    name: str
    phone: str


def make_person(rng: Random) -> Person:
    """A person with a common Cantonese surname and an unassigned number of eleven digits."""
    return Person(make_name(rng), make_phone(rng))


def make_name(rng: Random) -> str:
    """A surname and a given name of one or two characters."""
    people = words("people")
    surname = rng.choices(people["surnames"], people["weights"])[0]
    second = rng.choice(people["second"])
    if rng.random() < people["single_share"]:
        return str(surname + second)
    first = rng.choice([character for character in people["first"] if character != second])
    return str(surname + first + second)


def make_phone(rng: Random) -> str:
    """An eleven-digit number from a range that is never assigned."""
    digits = MOBILE_DIGITS - len(UNASSIGNED_PREFIX)
    return UNASSIGNED_PREFIX + str(rng.randrange(10**digits)).zfill(digits)
