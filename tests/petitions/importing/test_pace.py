"""Rows a second and the time left: of what was done since the turn began, not since the file came."""

from datetime import timedelta

import pytest

from petitions.importing.pace import Pace, pace


@pytest.mark.parametrize(
    ("reached", "last", "turn_row", "seconds", "expected"),
    [
        (1001, 4001, 1, 2.0, Pace(1001 / 4001, 500.0, timedelta(seconds=6))),
        # Taken up again behind row 3001 by another worker: what was done before counts for no pace.
        (3501, 4001, 3001, 1.0, Pace(3501 / 4001, 500.0, timedelta(seconds=1))),
        (4001, 4001, 1, 8.0, Pace(1.0, 500.0, timedelta(0))),
        # Nothing done, or no time passed: no pace is guessed.
        (1, 4001, 1, 5.0, Pace(1 / 4001, None, None)),
        (1001, 4001, 1, 0.99, Pace(1001 / 4001, None, None)),
        (1001, 4001, 1, -3.0, Pace(1001 / 4001, None, None)),
        # A repeated dry run begins above what it reached; a file may hold nothing.
        (500, 400, 0, 1.0, Pace(1.0, 500.0, timedelta(0))),
        (0, 0, 0, 1.0, Pace(0.0, None, None)),
    ],
)
def test_the_pace_of_a_run(reached: int, last: int, turn_row: int, seconds: float, expected: Pace) -> None:
    assert pace(reached=reached, last=last, turn_row=turn_row, seconds=seconds) == expected
