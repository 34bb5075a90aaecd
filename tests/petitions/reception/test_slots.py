"""The slots of a day, and when a day of Asia/Shanghai has come and is over."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from petitions.reception.slots import cut, has_come, is_over
from tests.factories.receptions import at


@pytest.mark.parametrize(
    ("capacity", "minutes", "left"), [(1, 180, 0), (6, 30, 0), (7, 25, 5), (36, 5, 0), (11, 16, 4)]
)
def test_a_span_is_cut_into_equal_parts_of_whole_minutes(capacity: int, minutes: int, left: int) -> None:
    slots = cut(at(9), at(12), capacity)

    assert [slot.number for slot in slots] == list(range(1, capacity + 1))
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(minutes=minutes)}
    assert slots[0].starts_at == at(9)
    assert at(12) - slots[-1].ends_at == timedelta(minutes=left)
    assert all(one.ends_at == after.starts_at for one, after in pairwise(slots))


@pytest.mark.parametrize(
    ("utc", "come", "over"),
    [
        # 2020-06-08 of Asia/Shanghai begins at 16:00 of the day before in UTC, and ends at 16:00 of its own.
        (datetime(2020, 6, 7, 15, 59, 59, tzinfo=UTC), False, False),
        (datetime(2020, 6, 7, 16, 0, tzinfo=UTC), True, False),
        (datetime(2020, 6, 8, 0, 0, tzinfo=UTC), True, False),
        (datetime(2020, 6, 8, 15, 59, 59, tzinfo=UTC), True, False),
        (datetime(2020, 6, 8, 16, 0, tzinfo=UTC), True, True),
        (datetime(2020, 6, 9, 0, 0, tzinfo=UTC), True, True),
    ],
)
@pytest.mark.parametrize("start", [time(0, 5), time(7, 59), time(8, 0), time(9, 0), time(23, 0)])
def test_a_day_comes_and_ends_at_midnight_in_shanghai(
    utc: datetime, come: bool, over: bool, start: time
) -> None:
    starts_at = at(start.hour, start.minute)

    assert has_come(starts_at, utc) is come
    assert is_over(starts_at, utc) is over
