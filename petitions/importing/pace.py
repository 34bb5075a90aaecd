"""How fast an import goes, and how long it still takes. Pure."""

from dataclasses import dataclass
from datetime import timedelta

FEWEST_SECONDS = 1.0
"""A shorter time says nothing of a pace."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows per second and the time left, None where nothing can be said of it yet; `share` is 0 to 1."""

    share: float
    rate: float | None
    left: timedelta | None


def pace(*, reached: int, last: int, turn_row: int, seconds: float) -> Pace:
    """The pace of a run that has reached one row of `last`, `seconds` after it began behind `turn_row`."""
    share = min(reached / last, 1.0) if last > 0 else 0.0
    done = reached - turn_row
    if done <= 0 or seconds < FEWEST_SECONDS:
        return Pace(share, None, None)
    rate = done / seconds
    return Pace(share, rate, timedelta(seconds=max(last - reached, 0) / rate))
