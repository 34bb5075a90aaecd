"""What a unit had read before read marks were personal stays read for everybody who serves there."""

from collections.abc import Iterator

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, text

from app import create_app
from app.auth.actor import Actor
from app.auth.models import User
from app.core.db import db
from app.notices.inbox import count_unread, list_notices
from app.notices.planning import plan
from app.notices.vocabulary import ReceiverKind
from grid.models import Unit
from grid.postings import actor_on, serving
from tests.factories.cases import MORNING
from tests.factories.notices import write_notice
from tests.factories.street import TODAY
from tests.services import Services

BEFORE = """
INSERT INTO units (id, tier, code, name) OVERRIDING SYSTEM VALUE VALUES (1, 'street', '440799001', '甲街道');
INSERT INTO users (id, username, name, password_hash) OVERRIDING SYSTEM VALUE
    VALUES (1, 'one', 'one', 'none'), (2, 'two', 'two', 'none');
INSERT INTO postings (user_id, unit_id, role, days)
    VALUES (1, 1, 'hotline_clerk', '[2019-01-01,)'), (2, 1, 'mediator', '[2019-01-01,)');
INSERT INTO notices (id, unit_id, kind, created_at, read_at, read_by) OVERRIDING SYSTEM VALUE
    VALUES (1, 1, 'given', now(), now(), 1), (2, 1, 'given', now(), NULL, NULL),
           (3, 1, 'given', now(), now(), 2), (4, 1, 'given', now(), NULL, NULL);
SELECT setval(pg_get_serial_sequence('notices', 'id'), 4);
"""


@pytest.fixture
def old(services: Services, worker_id: str) -> Iterator[Flask]:
    """A database that has lived before the outbox, brought up to date."""
    url = services.clone(f"before_outbox_{worker_id}")
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"})
    with app.app_context():
        flask_migrate.downgrade(revision="0013")
        db.session.execute(text(BEFORE))
        db.session.commit()
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def unread(actor: Actor) -> set[int]:
    return {row.Notice.id for row in list_notices(db.session(), actor, 1, unread_only=True)}


def test_the_read_stays_read_and_the_unread_unread_for_each_person(old: Flask) -> None:
    session = db.session()
    people = [actor_on(session, user, TODAY) for user in session.scalars(select(User))]
    assert [unread(person) for person in people] == [{2, 4}, {2, 4}]
    new = write_notice(session, session.get_one(Unit, 1))
    assert [unread(person) for person in people] == [{2, 4, new.id}] * 2
    assert [count_unread(session, person) for person in people] == [3, 3]


def test_nothing_that_was_there_before_is_sent_out(old: Flask) -> None:
    assert plan(db.session(), serving(TODAY), frozenset(ReceiverKind), now=MORNING) == 0


def test_on_the_way_back_what_anybody_has_read_is_read(old: Flask) -> None:
    db.session.commit()
    flask_migrate.downgrade(revision="0013")
    rows = db.session.execute(text("SELECT id FROM notices WHERE read_at IS NOT NULL ORDER BY id"))
    assert [row.id for row in rows] == [1, 3]
