"""The hours of a working day in which a limit counted in working hours runs."""

from collections.abc import Iterator
from datetime import time
from itertools import pairwise

MICROSECONDS_PER_MINUTE = 60_000_000


def _since_midnight(clock: time) -> int:
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond


def _as_time(microseconds: int) -> time:
    seconds, microsecond = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, microsecond)


class OfficeHours:
    """Spans of local clock time, in order and apart, such as 09:00-12:00 and 14:00-17:30.

    Offsets are whole microseconds of office time since the office opened that day, so that no moment is
    rounded. Raises ValueError when there is no span, or when spans are empty, overlap or are out of order.
    """

    def __init__(self, *spans: tuple[time, time]) -> None:
        self._spans = tuple(
            (_since_midnight(opening), _since_midnight(closing)) for opening, closing in spans
        )
        edges = [edge for span in self._spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("office hours need at least one span, in order and without overlap")
        self.per_day = sum(closing - opening for opening, closing in self._spans)

    def elapsed(self, clock: time) -> int:
        """Microseconds of office time between the day's opening and the local time `clock`."""
        now = _since_midnight(clock)
        return sum(min(now, closing) - opening for opening, closing in self._spans if now > opening)

    def opening_at(self, offset: int) -> time:
        """The local time at which `offset` has elapsed, for 0 <= offset < per_day.

        Where a break begins at that very offset, the answer is the end of the break: the latest such moment.
        """
        for start, opening, closing in self._offsets():
            if offset < start + closing - opening:
                return _as_time(opening + offset - start)
        raise ValueError("the offset lies beyond the working day")

    def closing_at(self, offset: int) -> time:
        """The local time at which `offset` has elapsed, for 0 < offset <= per_day.

        Where a break begins at that very offset, the answer is its beginning: the earliest such moment.
        """
        for start, opening, closing in self._offsets():
            if offset <= start + closing - opening:
                return _as_time(opening + offset - start)
        raise ValueError("the offset lies beyond the working day")

    def _offsets(self) -> Iterator[tuple[int, int, int]]:
        start = 0
        for opening, closing in self._spans:
            yield start, opening, closing
            start += closing - opening


STREET_OFFICE = OfficeHours((time(9), time(12)), (time(14), time(17, 30)))
"""A local default, not law; a street with other hours passes its own."""
