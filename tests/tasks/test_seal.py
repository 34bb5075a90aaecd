"""The tick of seals, on a database of its own, since what it closes must have been committed."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import create_app
from app.auth.actor import SERVICE
from app.core.db import db
from petitions import seals
from petitions.models import CaseEvent, Seal
from petitions.register import register
from petitions.verify import verify
from tasks.seal import seal
from tests.factories.cases import MORNING, an_intake
from tests.factories.street import make_street
from tests.services import Services
from tests.tasks.workers import until


@pytest.fixture
def alone(services: Services, worker_id: str) -> Iterator[Flask]:
    url = services.clone(f"seal_{worker_id}")
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"})
    with app.app_context():
        make_street(db.session())
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def write(session: Session, cases: int = 1) -> None:
    """New cases, an event each, not committed."""
    street = session.scalar(text("SELECT min(id) FROM units"))
    register(session, [an_intake()] * cases, street_id=street, actor=SERVICE, now=MORNING)


def closed() -> list[int]:
    """How many events each seal covers."""
    db.session.rollback()
    return list(db.session.scalars(select(Seal.events).order_by(Seal.id)))


def test_what_is_new_is_closed_and_nothing_twice(alone: Flask) -> None:
    assert seal() == 0
    write(db.session(), 3)
    db.session.commit()
    assert (seal(), seal()) == (3, 0)
    write(db.session(), 2)
    db.session.commit()
    assert seal() == 2
    assert closed() == [3, 2]
    found = verify(db.session())
    assert (found.ok, found.seals) == (True, 2)


def test_a_seal_covers_no_more_than_its_share(alone: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "MOST_EVENTS", 4)
    write(db.session(), 10)
    db.session.commit()
    assert seal() == 10
    assert closed() == [4, 4, 2]
    assert verify(db.session()).ok


def test_a_key_given_out_before_and_committed_after_is_waited_for(
    alone: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.seal.LOOKS", 2)
    with Session(db.engine) as slow, Session(db.engine) as quick:
        # Another street's number is taken by the slow one, so that the two do not wait for each other.
        other = make_street(quick, "440799002").street.id
        quick.commit()
        write(slow)
        register(quick, [an_intake()], street_id=other, actor=SERVICE, now=MORNING)
        quick.commit()
        assert seal() == 0
        slow.commit()
    assert seal() == 2
    assert verify(db.session()).ok


def test_it_waits_for_those_who_write_and_holds_nobody_up(alone: Flask) -> None:
    write(db.session())
    db.session.commit()
    found: list[int] = []

    def tick() -> None:
        with alone.app_context():
            found.append(seal())
            db.session.remove()

    with Session(db.engine) as slow, Session(db.engine) as quick:
        other = make_street(quick, "440799002").street.id
        quick.commit()
        write(slow)
        ticking = threading.Thread(target=tick)
        ticking.start()
        # Somebody else writes meanwhile, at once.
        quick.execute(text("SET lock_timeout = '1s'"))
        register(quick, [an_intake()], street_id=other, actor=SERVICE, now=MORNING)
        quick.commit()
        assert found == []
        slow.commit()
        ticking.join()
    # What was committed while it waited may be closed with it or by the next.
    assert found[0] + seal() == 3
    assert verify(db.session()).ok


def test_two_ticks_at_once_close_each_event_once(alone: Flask) -> None:
    write(db.session(), 5)
    db.session.commit()
    found: list[int] = []

    def tick() -> None:
        with alone.app_context():
            found.append(seal())
            db.session.remove()

    with Session(db.engine) as holding:
        # Both have read what is newest before either may close it.
        holding.execute(text("LOCK TABLE seals IN EXCLUSIVE MODE"))
        threads = [threading.Thread(target=tick) for _ in range(2)]
        for thread in threads:
            thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'seals'::regclass AND NOT granted"
        until(lambda: db.session.scalar(text(waiting)) == 2, "both wait")
        db.session.rollback()
        holding.rollback()
        for thread in threads:
            thread.join()
    assert sorted(found) == [0, 5]
    assert closed() == [5]
    assert db.session.query(CaseEvent).count() == 5
    assert verify(db.session()).ok
