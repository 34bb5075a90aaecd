"""The proof on a service in use: what is written while it runs does not deceive it."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import create_app
from app.auth.actor import SERVICE
from app.core.db import db
from petitions.cli import verify as command
from petitions.handling import attention
from petitions.history import record
from petitions.models import Case
from petitions.verify import hold_still, verify
from tests.factories.cases import MORNING, make_case
from tests.factories.street import make_street
from tests.services import Services


@pytest.fixture
def live(services: Services, worker_id: str) -> Flask:
    """A database of its own with one case, committed."""
    made = create_app(
        {"SQLALCHEMY_DATABASE_URI": services.clone(f"live_{worker_id}"), "FIELD_KEY": "k", "SECRET_KEY": "k"}
    )
    with made.app_context():
        make_case(db.session(), make_street(db.session()).street.id)
        db.session.commit()
    return made


def write_down(session: Session, case_id: int) -> None:
    case = session.get_one(Case, case_id)
    record(
        session,
        [attention.note(case, text="去看过了", actor=SERVICE, now=MORNING + timedelta(hours=1))],
    )
    session.commit()


def test_an_event_written_meanwhile_belongs_to_the_next_proof(live: Flask) -> None:
    with live.app_context():
        proving = db.session()
        hold_still(proving)
        case = proving.query(Case).one()
        with Session(db.engine, expire_on_commit=False) as other:
            write_down(other, case.id)
        found = verify(proving)
        assert (found.ok, found.events, found.first_bad) == (True, 1, None)
        db.session.rollback()
        assert verify(db.session()).events == 2
        db.session.remove()
        db.engine.dispose()


def test_the_command_tells_its_verdict_and_the_proof_writes_nothing(live: Flask) -> None:
    said = live.test_cli_runner().invoke(command, ["--json"])
    assert said.exit_code == 0
    found = {"ok": True, "cases": 1, "events": 1, "first_bad": None}
    assert json.loads(said.stdout) == found | {"unproved": 0, "seals": 0, "last_seal": None}
    with live.app_context():
        hold_still(db.session())
        with pytest.raises(DBAPIError, match="read-only"):
            write_down(db.session(), db.session.query(Case.id).scalar())
        db.session.remove()
        db.engine.dispose()
