"""Nobody real can be meant, called or identified."""

import re
from random import Random

from app.demo.names import make_person


def test_numbers_have_eleven_digits_from_a_range_no_subscriber_has():
    rng = Random(1)
    for _ in range(5000):
        phone = make_person(rng).phone
        assert re.fullmatch(r"10\d{9}", phone)
        assert not re.match(r"1[3-9]", phone)


def test_people_of_one_seed_are_the_same_people():
    assert [make_person(Random(4)) for _ in range(3)] == [make_person(Random(4)) for _ in range(3)]


def test_names_are_two_to_four_characters():
    rng = Random(2)
    assert {len(make_person(rng).name) for _ in range(2000)} <= {2, 3, 4}
