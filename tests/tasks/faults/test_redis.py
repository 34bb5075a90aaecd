"""Redis dies or loses everything: the tables are the truth, and the next tick finds its work in them."""

import pytest

from tests.tasks.faults.servers import Servers
from tests.tasks.faults.stage import LATE, LATER, Stage
from tests.tasks.workers import until

pytestmark = pytest.mark.process


@pytest.mark.parametrize("emptied", [False, True], ids=["with its file", "emptied"])
def test_redis_killed_in_the_middle_of_a_sweep(stage: Stage, servers: Servers, emptied: bool) -> None:
    with stage.worker() as alive:
        with stage.held():
            stage.send(LATE)
            until(stage.in_the_middle, "the sweep waits for the held row")
            servers.kill_redis()
        # The sweep needs no Redis to go on.
        until(stage.all_lifted, "the sweep is done without Redis")
        servers.start_redis()
        if emptied:
            servers.empty_redis()
        stage.keep_ticking(LATER, lambda: stage.all_lifted(2), "the worker has found Redis again")
        assert alive.is_running()
    stage.whole(2)


def test_a_tick_lost_with_redis_is_made_up_by_the_next(stage: Stage, servers: Servers) -> None:
    stage.send(LATE)
    servers.empty_redis()
    with stage.worker():
        stage.send(LATE)
        until(stage.all_lifted, "the next tick does it")
    stage.whole()
