"""The tick of screenings run by many at once: every grid that owes an answer is told once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.auth.vocabulary import Role
from app.core.db import db, transaction
from app.notices.models import Notice
from tasks.remind_screenings import remind_due
from tests.factories.cases import MORNING
from tests.factories.screenings import make_screening
from tests.factories.street import make_actor, make_street
from tests.services import Services

ROUNDS, TOGETHER = 5, 4
DUE = MORNING + timedelta(days=3)


@pytest.fixture
def asked(services: Services, worker_id: str) -> Iterator[Flask]:
    """A database of its own with five rounds whose reminder is due."""
    url = services.clone(f"remind_{worker_id}")
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"})
    with app.app_context(), transaction():
        tiny = make_street(db.session())
        leader = make_actor(db.session(), tiny.street, Role.STREET_LEADER)
        for _ in range(ROUNDS):
            make_screening(db.session(), tiny.street, leader)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_many_ticks_at_once_tell_each_grid_of_each_round_once(asked: Flask) -> None:
    ready = Barrier(TOGETHER)

    def tick() -> int:
        with asked.app_context():
            ready.wait()
            return remind_due(DUE)

    with ThreadPoolExecutor(TOGETHER) as pool:
        reminded = [one.result() for one in [pool.submit(tick) for _ in range(TOGETHER)]]

    with asked.app_context():
        due = select(Notice).where(Notice.kind == "screening_due")
        told = Counter((notice.unit_id, notice.params["screening"]) for notice in db.session.scalars(due))
        assert remind_due(DUE) == 0
    assert sum(reminded) == ROUNDS
    assert len(told) == ROUNDS * 3
    assert set(told.values()) == {1}
