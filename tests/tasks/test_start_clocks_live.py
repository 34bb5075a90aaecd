"""A year loaded by command reaches a worker that runs: its next tick gives the waiting clock its date."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.auth.actor import SERVICE
from app.config import celery_settings
from app.core.clock import now
from app.core.db import db
from petitions.handling.acceptance import notify_route
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Channel, ServiceMethod
from tasks.start_clocks import start_clocks
from tests.factories.cases import make_case
from tests.factories.street import make_street
from tests.services import Services
from tests.tasks.workers import PATIENCE, worker

KEYS = {"DINGFEN_FIELD_KEY": "only for tests", "DINGFEN_SECRET_KEY": "only for tests"}

pytestmark = pytest.mark.process


@pytest.fixture
def waiting(services: Services, worker_id: str) -> Iterator[Flask]:
    """A database with a petition whose sixtieth day lies in a year without a calendar."""
    made = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": services.clone(f"waiting_{worker_id}"),
            "FIELD_KEY": "only for tests",
            "SECRET_KEY": "only for tests",
            "CELERY": celery_settings(services.redis_url) | {"task_ignore_result": False},
        }
    )
    with made.app_context():
        _accept_petition(db.session())
        db.session.commit()
        yield made
        db.session.remove()
        db.engine.dispose()


def _accept_petition(session: Session) -> None:
    # The worker reads the machine's clock, and no event may lie after it.
    moment = now() - timedelta(minutes=1)
    street = make_street(session).street.id
    petition = {"kind": CaseKind.PETITION, "channel": Channel.VISIT, "order_type": None}
    case = make_case(session, street, received_at=moment, now=moment, **petition)
    office = load_office(session)
    told = notify_route(case, office, service=ServiceMethod.MAIL, actor=SERVICE, now=moment)
    record(session, [told])


def load(year: int, database_url: str, redis_url: str) -> None:
    """Load a year as an administrator does at the machine."""
    subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "calendar", "load", "-", "--yes"],
        env=os.environ | KEYS | {"DATABASE_URL": database_url, "REDIS_URL": redis_url},
        input=f"date,kind,name,notice\n{year}-10-01,holiday,国庆节,a test\n".encode(),
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=PATIENCE,
    )


def test_a_running_worker_starts_the_clock_after_the_year_was_loaded_elsewhere(
    waiting: Flask, services: Services, tmp_path: Path
) -> None:
    url = waiting.config["SQLALCHEMY_DATABASE_URI"]
    case = db.session.query(Case).one()
    assert case.due_at is None
    assert case.due_missing_year is not None
    with worker(url, services.redis_url, tmp_path / "worker.log"):
        assert [start_clocks.apply_async().get(timeout=PATIENCE) for _ in range(2)] == [0, 0]
        load(case.due_missing_year, url, services.redis_url)
        # The same two processes that have looked before.
        assert sorted(start_clocks.apply_async().get(timeout=PATIENCE) for _ in range(2)) == [0, 1]
    db.session.refresh(case)
    assert case.due_at is not None
    assert case.due_at >= case.received_at + timedelta(days=60)
    assert verify(db.session()).ok
