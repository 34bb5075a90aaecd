"""The ending of an order from those of its parts."""

from itertools import combinations_with_replacement

import pytest

from petitions.sameness.joint import FAVOUR, joint_ending
from petitions.vocabulary import SETTLED, Ending

E = Ending


@pytest.mark.parametrize(
    ("endings", "expected"),
    [
        ([E.SOLVED, E.SOLVED], E.SOLVED),
        ([E.SOLVED, E.EXPLAINED], E.EXPLAINED),
        ([E.EXPLAINED, E.WITHDRAWN, E.SOLVED], E.WITHDRAWN),
        ([E.SOLVED, E.DIVERTED], E.DIVERTED),
        ([E.SETTLED_BY_AGREEMENT, E.SOLVED], E.SOLVED),
        ([E.SOLVED, E.VOID], E.SOLVED),
        ([E.VOID, E.VOID], E.VOID),
    ],
)
def test_the_least_favourable_is_named_and_a_void_part_says_nothing(
    endings: list[Ending], expected: Ending
) -> None:
    assert joint_ending(endings) is expected


def test_an_order_is_settled_only_if_every_part_that_counts_is() -> None:
    for endings in combinations_with_replacement(Ending, 3):
        counted = [ending for ending in endings if ending is not Ending.VOID]
        all_settled = bool(counted) and set(counted) <= SETTLED
        assert (joint_ending(endings) in SETTLED) == all_settled


def test_every_ending_has_its_place() -> None:
    assert sorted(FAVOUR) == sorted(Ending)


def test_no_part_no_ending() -> None:
    with pytest.raises(ValueError, match="empty"):
        joint_ending([])
