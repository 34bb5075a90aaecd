"""A server that answers slowly has its share of the tick and no more."""

from app.notices.outbox import Due
from app.notices.turns import in_turns


def test_whoever_has_taken_least_time_is_next() -> None:
    costs = {"slow": 10.0, "quick": 1.0}
    due = [Due(1, "slow"), Due(2, "slow"), *(Due(key, "quick") for key in range(3, 16))]
    passed, order = [0.0], []

    for each in in_turns(due, lambda: sum(passed)):
        order.append(each.receiver_id)
        passed.append(costs[each.server])

    assert order == [1, *range(3, 13), 2, 13, 14, 15]


def test_every_receiver_has_one_turn() -> None:
    due = [Due(key, server) for key, server in enumerate("abacabad")]
    assert sorted(each.receiver_id for each in in_turns(due, lambda: 0.0)) == list(range(8))
