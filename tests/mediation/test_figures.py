"""Counts, rates and their rounding."""

from decimal import Decimal

import pytest

from mediation.figures import Counts, count, percent, rate, total
from petitions.vocabulary import Ending


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (7376, 7752, "0.9515"),  # the year of the report: 95.1496 %
        (376, 7752, "0.0485"),
        (7598, 7752, "0.9801"),
        (2477, 3136, "0.7899"),  # a bulletin cut it off to 78.98 %
        (1, 8, "0.1250"),
        (1, 20_000, "0.0001"),  # exactly half of the last place goes up
        (3, 20_000, "0.0002"),
        (1, 20_001, "0.0000"),
        (0, 5, "0.0000"),
        (5, 5, "1.0000"),
    ],
)
def test_a_rate_is_rounded_half_up_to_four_decimals(part: int, whole: int, expected: str) -> None:
    assert rate(part, whole) == Decimal(expected)


def test_nothing_received_has_no_rate() -> None:
    assert rate(0, 0) is None
    assert percent(None) == "—"
    assert Counts().as_json()["settlement_rate"] is None


def test_a_rate_is_shown_with_two_decimals() -> None:
    assert percent(rate(7376, 7752)) == "95.15 %"
    assert percent(rate(2477, 3136)) == "78.99 %"


@pytest.mark.parametrize(("received", "small"), [(29, True), (30, False)])
def test_below_thirty_the_count_says_more_than_the_rate(received: int, small: bool) -> None:
    assert Counts(pending=received).is_small_sample is small


def test_every_ending_is_settled_or_excluded_and_excluded_ones_are_not_received() -> None:
    counts = count([(ending, True, 1) for ending in Ending] + [(None, False, 3)])
    assert (counts.received, counts.settled, counts.pending, counts.online_and_hotline) == (7, 4, 3, 4)
    assert counts.excluded == {
        Ending.DIVERTED: 1,
        Ending.FORWARDED: 1,
        Ending.DECLINED: 1,
        Ending.RETURNED: 1,
        Ending.VOID: 1,
    }


def test_programs_read_every_reason_of_exclusion_even_when_there_was_none() -> None:
    reasons = ("declined", "diverted", "forwarded", "returned", "void")
    assert Counts().as_json()["excluded"] == dict.fromkeys(reasons, 0)


def test_parts_together_are_the_whole() -> None:
    parts = [Counts(3, 1, 2, {Ending.VOID: 1}), Counts(1, 0, 1, {Ending.VOID: 2, Ending.DIVERTED: 1})]
    assert total(parts) == Counts(4, 1, 3, {Ending.VOID: 3, Ending.DIVERTED: 1})
