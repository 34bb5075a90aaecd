"""What goes into the next message: urgent at once, the others together, and never out of order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.notices.batch import MOST, Waiting, next_batch
from tests.factories.cases import MORNING

SOON = MORNING + timedelta(microseconds=1)


def ordinary(id: int, case_id: int | None = None, **given: object) -> Waiting:  # noqa: A002
    return replace(Waiting(id, id, case_id, urgent=False, attempts=0, next_at=MORNING), **given)


def urgent(id: int, case_id: int | None = None, **given: object) -> Waiting:  # noqa: A002
    return ordinary(id, case_id, urgent=True, **given)


def chosen(*waiting: Waiting, office: bool = True) -> list[int]:
    return [each.id for each in next_batch(waiting, MORNING, is_office_time=office)]


def test_nothing_goes_before_it_is_due_and_it_goes_when_it_is() -> None:
    assert chosen(ordinary(1, next_at=SOON)) == []
    assert chosen(ordinary(1)) == [1]
    assert chosen(urgent(1, next_at=SOON)) == []
    assert chosen(urgent(1)) == [1]


def test_out_of_office_hours_only_the_urgent_goes() -> None:
    assert chosen(ordinary(1), urgent(2), ordinary(3), office=False) == [2]
    assert chosen(ordinary(1), office=False) == []


def test_urgent_notices_go_by_themselves_and_the_digest_after_them() -> None:
    assert chosen(ordinary(1), urgent(2), urgent(3)) == [2, 3]
    assert chosen(ordinary(1)) == [1]


def test_once_one_is_due_all_that_are_new_go_as_one_digest() -> None:
    assert chosen(ordinary(1), ordinary(2, next_at=SOON)) == [1, 2]


def test_what_failed_before_waits_for_its_own_time() -> None:
    assert chosen(ordinary(1), ordinary(2, next_at=SOON, attempts=1)) == [1]


def test_a_later_notice_of_a_case_waits_for_an_earlier_one() -> None:
    failed = ordinary(1, case_id=7, next_at=SOON, attempts=1)
    assert chosen(failed, ordinary(2, case_id=7)) == []
    assert chosen(failed, ordinary(2, case_id=7), ordinary(3, case_id=8)) == [3]


def test_an_urgent_notice_takes_along_what_waits_before_it_in_its_case() -> None:
    waiting = (
        ordinary(1, case_id=7, next_at=SOON),
        ordinary(2, case_id=8),
        urgent(3, case_id=7),
        ordinary(4, case_id=7),
    )
    assert chosen(*waiting, office=False) == [1, 3]


def test_a_notice_without_a_case_waits_for_no_other() -> None:
    assert chosen(ordinary(1, next_at=SOON, attempts=1), ordinary(2)) == [2]


def test_one_message_carries_so_many_and_the_next_the_rest() -> None:
    waiting = [ordinary(key, case_id=key % 3) for key in range(MOST + 2)]
    assert chosen(*waiting) == list(range(MOST))
    assert chosen(*waiting[MOST:]) == [MOST, MOST + 1]


CASES = st.sampled_from([None, 1, 2, 3])
STATES = st.tuples(CASES, st.booleans(), st.integers(0, 2), st.sampled_from([-1, 0, 1]))


@given(states=st.lists(STATES, max_size=30), office=st.booleans())
def test_whatever_waits_the_order_of_each_case_is_kept_and_the_night_is_quiet(
    states: list[tuple[int | None, bool, int, int]], office: bool
) -> None:
    waiting = [
        Waiting(key, key, case_id, is_urgent, attempts, MORNING + timedelta(minutes=minutes))
        for key, (case_id, is_urgent, attempts, minutes) in enumerate(states)
    ]
    batch = next_batch(waiting, MORNING, is_office_time=office)
    taken = {each.id for each in batch}

    for each in batch:
        earlier = [one for one in waiting if one.case_id == each.case_id and one.id < each.id]
        assert each.case_id is None or taken.issuperset(one.id for one in earlier)
        if not office:
            later = [one for one in batch if one.case_id == each.case_id and one.id >= each.id]
            assert each.urgent or (each.case_id is not None and any(one.urgent for one in later))
    due_urgent = {each.id for each in waiting if each.urgent and each.next_at <= MORNING}
    assert due_urgent <= taken
