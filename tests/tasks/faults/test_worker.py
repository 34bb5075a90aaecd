"""A worker dies or stands still in the middle of a sweep: every case goes up exactly once."""

from datetime import timedelta

import pytest

from tests.tasks.faults.stage import CASES, LATE, LATER, Stage
from tests.tasks.workers import until

pytestmark = pytest.mark.process

HOUR = timedelta(hours=1)


def test_a_worker_killed_in_the_middle_of_a_sweep(stage: Stage) -> None:
    with stage.held(), stage.worker() as victim:
        stage.send(LATE)
        until(stage.in_the_middle, "the sweep waits for the held row")
        victim.kill()
    assert 0 < len(stage.lifted()) < CASES
    with stage.worker(), stage.worker():
        for _ in range(2):
            stage.send(LATE)
        until(stage.all_lifted, "two others have done the rest")
    stage.whole()


def test_a_worker_stopped_for_an_hour_loses_its_part_to_another(stage: Stage) -> None:
    with stage.worker(DINGFEN_WORKER_IDLE_SECONDS="1") as sleeper:
        with stage.held():
            stage.send(LATE)
            until(stage.in_the_middle, "the sweep waits for the held row")
            sleeper.stop()
        with stage.worker():
            # The transaction that stands idle is ended, and what it had locked is free for the next tick.
            stage.keep_ticking(LATE + HOUR, stage.all_lifted, "another has done the rest")
        sleeper.go_on()
        # Its own sweep is lost; the worker is not.
        stage.keep_ticking(LATER, lambda: stage.all_lifted(2), "it goes on with the next")
        assert sleeper.is_running()
    stage.whole(2)


def test_a_worker_stopped_for_less_than_its_patience_goes_on_with_its_part(stage: Stage) -> None:
    with stage.worker() as sleeper:
        with stage.held():
            stage.send(LATE)
            until(stage.in_the_middle, "the sweep waits for the held row")
            sleeper.stop()
        with stage.worker():
            stage.keep_ticking(LATE + HOUR, stage.ticks, "another passes over what is locked")
            assert 0 < len(stage.lifted()) < CASES
            sleeper.go_on()
            until(stage.all_lifted, "it has done the rest itself")
    stage.whole()
