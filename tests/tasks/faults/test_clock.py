"""The clock of one host is ten minutes wrong: nothing goes up early, and nothing is kept back."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.auth.actor import SERVICE
from app.core.db import database_now, db
from petitions.history import Step, record
from petitions.models import Case, CaseEvent
from petitions.vocabulary import Verb
from tests.tasks.faults.stage import CASES, Stage
from tests.tasks.workers import beat, until

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not shutil.which("faketime"), reason="needs the Debian package faketime"),
]

MINUTE = timedelta(minutes=1)
AHEAD = 100
SITE = Path(__file__).parent / "faketime"


@pytest.fixture
def due(stage: Stage) -> frozenset[int]:
    """All but a hundred cases fell due five minutes ago, and the hundred will in five minutes."""
    session = db.session()
    now = database_now(session)
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    steps = [
        Step(
            case=case,
            verb=Verb.NOTE,
            actor=SERVICE,
            at=now - 6 * MINUTE,
            changes={
                "tier_due_at": now + (5 if place < AHEAD else -5) * MINUTE,
                "tier_warn_at": None,
            },
        )
        for place, case in enumerate(cases)
    ]
    record(session, steps)
    session.commit()
    return frozenset(case.id for case in cases[AHEAD:])


@pytest.mark.parametrize("wrong", ["+10m", "-10m"])
def test_a_worker_whose_clock_is_wrong_does_what_is_due_and_no_more(
    stage: Stage, due: frozenset[int], wrong: str
) -> None:
    with stage.worker(within=faked(wrong), PYTHONPATH=str(SITE)):
        stage.send(None)
        until(lambda: len(stage.lifted()) >= len(due), "what is due has gone up")
        stage.send(None)
        until(lambda: stage.ticks() == 2, "a second sweep finds nothing")
    assert stage.lifted().keys() == due
    stage.whole(count=CASES - AHEAD)
    assert _says_the_wrong_time(stage, wrong)
    latest = db.session.scalars(select(CaseEvent.at).order_by(CaseEvent.at.desc()).limit(1)).one()
    assert latest <= database_now(db.session())


@pytest.mark.parametrize("wrong", ["+10m", "-10m"])
def test_a_beat_whose_clock_is_wrong_still_names_the_ticks(stage: Stage, wrong: str) -> None:
    with (
        stage.worker(),
        beat(stage.redis_url, stage.log, within=faked(wrong), PYTHONPATH=str(SITE)),
    ):
        until(stage.all_lifted, "what is due has gone up")
    stage.whole()


def faked(wrong: str) -> list[str]:
    """The command that gives a program another calendar clock; the one by which it waits stays right."""
    return ["faketime", "-m", "--exclude-monotonic", "-f", wrong]


def _says_the_wrong_time(stage: Stage, wrong: str) -> bool:
    """Whether the worker's own clock, as its log tells it, really was wrong."""
    hours_minutes = (database_now(db.session()) + (10 if wrong == "+10m" else -10) * MINUTE).strftime("%H:%M")
    return hours_minutes in stage.log.read_text()
