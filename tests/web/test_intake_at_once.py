"""The same form sent twice at the same moment, over two connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app import create_app
from app.auth import session_life
from app.auth.vocabulary import Role
from app.core.clock import now
from app.core.db import db
from petitions.models import Case
from tests.factories.street import make_actor, make_street
from tests.services import Services

FORM = {"kind": "dispute", "body": "楼上漏水到我家。", "address": "迎春路11号"}


@pytest.fixture
def alone(services: Services, worker_id: str) -> Iterator[Flask]:
    """An application over a database of its own, since what one request commits the other must see."""
    url = services.clone(f"intake_at_once_{worker_id}")
    config = {"WTF_CSRF_ENABLED": False, "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"}
    app = create_app(config)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def user(alone: Flask) -> str:
    """A community lead, as their cookie names them."""
    with alone.app_context():
        tiny = make_street(db.session())
        lead = make_actor(db.session(), tiny.a, Role.COMMUNITY_LEAD)
        db.session.commit()
        return str(lead.get_id())


def send(app: Flask, user: str, key: str, ready: Barrier) -> tuple[int, str | None]:
    """Send the form at the moment that the others do; status and where the answer leads."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user, True
        session_life.begin(cookie, now())
    ready.wait()
    answer = client.post("/cases/new", data={**FORM, "key": key})
    return answer.status_code, answer.location


@pytest.mark.parametrize("together", [2, 4])
def test_a_form_sent_at_once_makes_one_case_and_every_answer_leads_to_it(
    alone: Flask, user: str, together: int
) -> None:
    for key in ("k1", "k2", "k3"):
        ready = Barrier(together)
        with ThreadPoolExecutor(together) as pool:
            sent = [pool.submit(send, alone, user, key, ready) for _ in range(together)]
            answers = [one.result() for one in sent]
        assert [status for status, _location in answers] == [302] * together
        assert len({location for _status, location in answers}) == 1
    with alone.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 3


def test_another_violated_rule_is_not_taken_for_a_form_sent_twice(alone: Flask, user: str) -> None:
    with alone.app_context():
        db.session.execute(text("ALTER TABLE cases ADD CONSTRAINT forbidden CHECK (title <> '坏')"))
        db.session.commit()
    client = alone.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user, True
        session_life.begin(cookie, now())
    assert client.post("/cases/new", data={**FORM, "title": "坏", "key": "k"}).status_code == 500
