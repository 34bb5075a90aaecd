"""Beat dies, or two run by mistake: a tick that is missing or comes twice does no harm."""

import pytest

from tasks.schedule import BEAT
from tests.tasks.faults.servers import Servers
from tests.tasks.faults.stage import Stage
from tests.tasks.workers import beat, until

pytestmark = pytest.mark.process

HOURLY = [name for name, entry in BEAT.items() if entry["schedule"] >= 3600]
"""No test waits for their second time."""


def test_beat_killed_and_what_it_sent_lost(stage: Stage, servers: Servers) -> None:
    with beat(stage.redis_url, stage.log) as victim:
        until(stage.unread, "beat has named the ticks")
        victim.kill()
    servers.empty_redis()
    with stage.worker(), beat(stage.redis_url, stage.log):
        until(stage.all_lifted, "it has named them anew")
    stage.whole()


def test_beat_killed_in_the_middle_of_a_sweep(stage: Stage) -> None:
    # Another tick that has a case in hand would leave it to the next sweep, which no beat names.
    only_sweeps = "tests.tasks.faults.only_sweeps"
    with stage.worker():
        with stage.held(), beat(stage.redis_url, stage.log, app=only_sweeps) as victim:
            until(stage.in_the_middle, "the sweep waits for the held row")
            victim.kill()
        until(stage.all_lifted, "the worker needs no beat to go on")
    stage.whole()


def test_two_beats_by_mistake(stage: Stage) -> None:
    with beat(stage.redis_url, stage.log), beat(stage.redis_url, stage.log):
        # The hourly ones too, so each has named them as it started.
        until(lambda: all(stage.named()[name] == 2 for name in HOURLY), "both have named every tick")
        named = stage.unread()
        with stage.worker(), stage.worker():
            until(stage.all_lifted, "two workers have done what both beats asked for")
            until(lambda: stage.ticks() >= named, "all ticks are done")
    stage.whole()
