"""A worker is killed in the middle of a sweep: afterwards every case has gone up exactly once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.auth.actor import SERVICE
from app.core.db import db
from petitions.models import Case, CaseEvent
from petitions.register import register
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.escalate import CHUNK, escalate
from tests.factories.cases import MORNING, an_intake
from tests.factories.street import IN_A1, IN_B1, TinyStreet, make_street
from tests.services import Services
from tests.tasks.workers import until, worker

CASES = 1000
FIRST = CHUNK + CHUNK // 2
LATE = MORNING + timedelta(days=30)

pytestmark = pytest.mark.process


@pytest.fixture
def crowded(services: Services, worker_id: str) -> Iterator[Flask]:
    """A database with a thousand due cases: those of community A fell due a day before those of B."""
    made = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": services.clone(f"killed_{worker_id}"),
            "FIELD_KEY": "only for tests",
            "SECRET_KEY": "only for tests",
            "CELERY": {"broker_url": broker(services), "result_backend": broker(services)},
        }
    )
    with made.app_context():
        session = db.session()
        tiny = make_street(session)
        _fill(session, tiny)
        session.commit()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def broker(services: Services) -> str:
    """The run's Redis as Celery writes it."""
    return services.redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def test_every_case_goes_up_exactly_once(crowded: Flask, services: Services, tmp_path: Path) -> None:
    url = crowded.config["SQLALCHEMY_DATABASE_URI"]
    redis_url, log = services.redis_url, tmp_path / "worker.log"
    with crowded.app_context(), db.engine.connect() as holding:
        # The notice to community B cannot be written while its row is held, so the sweep stands still
        # in the middle of a chunk, with earlier chunks committed.
        holding.execute(text("SELECT 1 FROM units WHERE code = '440799001102' FOR UPDATE"))
        with worker(url, redis_url, log) as victim:
            escalate.apply_async(kwargs={"now": LATE.isoformat()})
            until(lambda: _waiting(), "the sweep waits for the held row")
            victim.kill()
        lifted = _lifted()
        assert 0 < len(lifted) < CASES
        holding.rollback()
        with worker(url, redis_url, log), worker(url, redis_url, log):
            for _ in range(2):
                escalate.apply_async(kwargs={"now": LATE.isoformat()})
            until(lambda: len(_lifted()) == CASES, "all have gone up")
        assert set(_lifted().values()) == {1}
        assert db.session.scalar(select(func.count()).where(Case.holder_id.is_(None))) == 0
        assert verify(db.session()).ok


def _fill(session: Session, tiny: TinyStreet) -> None:
    for (lon, lat), count, day in ((IN_A1, FIRST, 1), (IN_B1, CASES - FIRST, 0)):
        at = MORNING - timedelta(days=day)
        intakes = [
            an_intake(lon=lon, lat=lat, datum="wgs84", received_at=at, registered_at=at) for _ in range(count)
        ]
        register(session, intakes, street_id=tiny.street.id, actor=SERVICE, now=MORNING)


def _waiting() -> bool:
    """Whether some session of this database waits for a lock."""
    db.session.rollback()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    return bool(db.session.scalar(text(f"{waiting} AND wait_event_type = 'Lock'")))


def _lifted() -> Counter[int]:
    """How often each case went up."""
    db.session.rollback()
    return Counter(db.session.scalars(select(CaseEvent.case_id).where(CaseEvent.verb == Verb.ESCALATE)))
