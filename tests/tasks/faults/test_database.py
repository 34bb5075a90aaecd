"""PostgreSQL dies in the middle of a sweep: what was committed stands, and the next tick does the rest."""

import signal

import pytest

from tests.tasks.faults.servers import Servers
from tests.tasks.faults.stage import CASES, LATE, LATER, Stage
from tests.tasks.workers import until

pytestmark = pytest.mark.process


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL], ids=["immediate stop", "kill -9"])
def test_the_database_ends_in_the_middle_of_a_sweep(
    stage: Stage, servers: Servers, how: signal.Signals
) -> None:
    with stage.worker() as alive:
        with stage.held():
            stage.send(LATE)
            until(stage.in_the_middle, "the sweep waits for the held row")
            servers.end_database(how)
            # A tick while it is away fails and does no harm.
            stage.send(LATE)
            until(lambda: stage.log.read_text().count(" raised unexpected") == 2, "both sweeps have failed")
            servers.start_database()
        until(stage.lifted, "what was committed is there again")
        assert len(stage.lifted()) < CASES
        stage.keep_ticking(LATE, stage.all_lifted, "the next tick does the rest")
        stage.keep_ticking(LATER, lambda: stage.all_lifted(2), "and the worker goes on")
        assert alive.is_running()
    assert "stays where it is" not in stage.log.read_text()
    stage.whole(2)
