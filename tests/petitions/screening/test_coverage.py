"""Shares and sums of coverage, without a database."""

from decimal import Decimal

import pytest

from petitions.screening.coverage import Coverage, total


@pytest.mark.parametrize(
    ("asked", "answered", "share"),
    [
        (0, 0, None),
        (3, 0, "0.0000"),
        (3, 1, "0.3333"),
        (3, 2, "0.6667"),
        (8, 8, "1.0000"),
        (20000, 1, "0.0001"),
    ],
)
def test_the_share_is_of_the_grids_asked_and_rounded_half_up(
    asked: int, answered: int, share: str | None
) -> None:
    expected = None if share is None else Decimal(share)

    assert Coverage(asked, answered).share == expected


def test_parts_add_up_count_by_count() -> None:
    assert total([Coverage(3, 2, 1, 1, 4), Coverage(1), Coverage()]) == Coverage(4, 2, 1, 1, 4)
    assert total([]) == Coverage()
