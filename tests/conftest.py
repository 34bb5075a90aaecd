"""The four fixtures everyone expects: app, session, client, login; on a real PostGIS of the tests' own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import create_app
from app.auth import session_life
from app.auth.actor import Actor
from app.core.clock import now
from app.core.db import db
from tests.factories.street import TinyStreet, make_street
from tests.services import Services, shared_services


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One private PostgreSQL and Redis for the whole run, whichever worker comes first."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if root.name.startswith("popen-") else root
    with shared_services(Path(shared)) as found:
        yield found


@pytest.fixture(scope="session")
def app(services: Services, worker_id: str) -> Iterator[Flask]:
    """The application over a database of this worker's own."""
    app = create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SQLALCHEMY_DATABASE_URI": services.clone(f"test_{worker_id}"),
            "SECRET_KEY": "only for tests",
            "FIELD_KEY": "only for tests",
            "SERVER_NAME": "localhost",
        }
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose commits are savepoints: everything is gone after the test.

    Flask-SQLAlchemy takes its engine from `db.engines`, so one connection in an open transaction stands
    in for it; a session bound to the connection would be ignored.
    """
    with app.app_context():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def tiny(session: Session) -> TinyStreet:
    """The street of `tests/factories/street.py`."""
    return make_street(session)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without a login, seeing what the test has written."""
    return app.test_client()


@pytest.fixture
def login_as(client: FlaskClient) -> Callable[[Actor], FlaskClient]:
    """Log the client in as a person."""

    def login(actor: Actor) -> FlaskClient:
        # The test's own application context outlives the requests, and Flask-Login remembers in it.
        g.pop("_login_user", None)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = actor.get_id()
            cookie["_fresh"] = True
            session_life.begin(cookie, now())
        return client

    return login


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The SQL sent since the fixture began, savepoints left out."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)
