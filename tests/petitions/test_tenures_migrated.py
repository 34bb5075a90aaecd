"""Cases that were there before their spans were kept get them from their events."""

from collections.abc import Iterator
from datetime import timedelta

import flask_migrate
import pytest
from flask import Flask

from app import create_app
from app.auth.actor import SERVICE
from app.core.db import db
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.tenures import CaseTenure
from petitions.verify import verify
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, make_street
from tests.services import Services

DAY = timedelta(days=1)


@pytest.fixture
def app(services: Services, worker_id: str) -> Iterator[Flask]:
    """A database of its own: a migration cannot be undone inside a test's transaction."""
    made = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": services.clone(f"tenures_{worker_id}"),
            "FIELD_KEY": "only for tests",
            "SECRET_KEY": "only for tests",
        }
    )
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def live_a_life() -> Case:
    """A case that goes up, is handed down, ends, is opened again and goes up once more."""
    session = db.session()
    tiny = make_street(session)
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    make_case(session, tiny.street.id, address="不知何处")
    session.commit()
    sweep(MORNING + 10 * DAY)
    office = load_office(session)
    session.refresh(case)
    for verb in (
        lambda: holding.hand_down(
            case, office, unit_id=tiny.a2.id, reason="归你", actor=SERVICE, now=MORNING + 11 * DAY
        ),
        lambda: holding.sign_for(case, actor=SERVICE, now=MORNING + 12 * DAY),
        lambda: closing.withdraw(case, reason="好了", actor=SERVICE, now=MORNING + 12 * DAY),
        lambda: closing.reopen(case, office, reason="又坏了", actor=SERVICE, now=MORNING + 40 * DAY),
    ):
        record(session, [verb()])
    session.commit()
    sweep(MORNING + 120 * DAY)
    return case


def kept() -> list[tuple[object, ...]]:
    """What the database holds of who held what."""
    rows = db.session.query(CaseTenure).order_by(CaseTenure.case_id, CaseTenure.from_at)
    spans = [(row.case_id, row.unit_id, row.from_at, row.to_at, row.is_lifted) for row in rows]
    return [*spans, *db.session.query(Case.id, Case.held_since).order_by(Case.id)]


def test_the_migration_reads_the_same_spans_from_the_events_that_the_verbs_write(
    app: Flask,
) -> None:
    live_a_life()
    written = kept()
    db.session.rollback()
    flask_migrate.downgrade(revision="0019-1")
    flask_migrate.upgrade()
    assert len(written) == 6
    assert kept() == written
    assert verify(db.session()).ok
