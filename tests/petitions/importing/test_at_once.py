"""Two people decide about one import at the same moment, or one decides while a worker is at it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from app import create_app
from app.auth.actor import OPERATOR
from app.core.db import db, transaction
from app.core.errors import Conflict
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing import going
from petitions.importing.pieces import size_kept
from petitions.importing.requests import request_import
from petitions.importing.undoing import undo
from petitions.importing.undoings import ask_undo
from petitions.models import Case, ImportComparison, ImportRun, ImportUndoing
from petitions.models.imports import RunState
from petitions.verify import verify
from tasks.imports import run_waiting
from tasks.undo_imports import undo_waiting
from tests.factories.street import make_street
from tests.petitions.importing.files import NOW, csv_file, order
from tests.services import Services
from tests.tasks.workers import until

pytestmark = pytest.mark.xdist_group("import_at_once")


@pytest.fixture
def alone(services: Services, worker_id: str) -> Iterator[Flask]:
    """An application over a database of its own, since what others are to see must be committed."""
    url = services.clone(f"import_at_once_{worker_id}")
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def upload(rows: int, *, dry_run: bool) -> int:
    return upload_rows([order(str(number)) for number in range(rows)], dry_run=dry_run)


def upload_rows(rows: Sequence[Sequence[Any]], *, dry_run: bool) -> int:
    """Hand a file in for the only street, which is made where there is none yet."""
    with transaction():
        street_id = db.session.scalar(select(Unit.id).where(Unit.tier == Tier.STREET))
        run = request_import(
            db.session(),
            street_id=street_id or make_street(db.session()).street.id,
            file_name="orders.csv",
            content=csv_file(rows),
            profile=None,
            dry_run=dry_run,
            actor=OPERATOR,
            now=NOW,
        )
    return run.id


def go(run_id: int) -> None:
    going.let_go(db.session(), going.lock_run(db.session(), run_id, OPERATOR), actor=OPERATOR, now=NOW)


def drop(run_id: int) -> None:
    going.drop(db.session(), going.lock_run(db.session(), run_id, OPERATOR), actor=OPERATOR, now=NOW)


def take_back(run_id: int) -> None:
    run = going.lock_run(db.session(), run_id, OPERATOR)
    undo(db.session(), run, reason="传错了", actor=OPERATOR, clock=lambda: NOW.replace(year=2100))


def ask(run_id: int) -> None:
    ask_undo(db.session(), run_id, reason="传错了", actor=OPERATOR, now=NOW)


def at_once(app: Flask, run_id: int, *acts: Callable[[int], None]) -> int:
    """Do all of them in sessions of their own, begun together; how many were refused."""
    ready = Barrier(len(acts))

    def work(act: Callable[[int], None]) -> bool:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    act(run_id)
            except Conflict:
                return True
            finally:
                db.session.remove()
        return False

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(work, acts))


@pytest.mark.parametrize("acts", [(go, go), (go, drop), (drop, go, go), (drop, drop)])
def test_of_those_who_decide_at_once_one_is_heard(alone: Flask, acts: tuple[Callable[[int], None]]) -> None:
    run_id = upload(3, dry_run=True)
    run_waiting()
    assert at_once(alone, run_id, *acts) == len(acts) - 1
    run_waiting()
    db.session.expire_all()
    run = db.session.get_one(ImportRun, run_id)
    cases = db.session.scalar(select(func.count(Case.id)))
    assert (run.state, cases) in ((RunState.GONE, 3), (RunState.DROPPED, 0))
    assert size_kept(db.session(), run_id) == 0
    assert db.session.scalar(select(func.count(ImportRun.id))) == (2 if cases else 1)


def test_an_import_is_undone_once(alone: Flask) -> None:
    run_id = upload(3, dry_run=False)
    run_waiting()
    assert at_once(alone, run_id, take_back, take_back) == 1
    assert verify(db.session()).ok


def test_an_undo_is_asked_for_once_and_done_once(alone: Flask) -> None:
    run_id = upload(3, dry_run=False)
    run_waiting()
    assert at_once(alone, run_id, ask, ask, ask) == 2
    assert at_once(alone, run_id, lambda _key: undo_waiting(), lambda _key: undo_waiting()) == 0
    db.session.expire_all()
    assert db.session.get_one(ImportRun, run_id).state is RunState.UNDONE
    assert db.session.scalars(select(ImportUndoing.cases)).all() == [3]
    assert verify(db.session()).ok


def test_an_import_cancelled_while_a_worker_is_at_it_keeps_whole_chunks(alone: Flask) -> None:
    run_id = upload(6_000, dry_run=False)

    def work() -> int:
        with alone.app_context():
            done = run_waiting()
            db.session.remove()
            return done

    def rows() -> int:
        db.session.rollback()
        return db.session.scalar(select(ImportRun.rows).where(ImportRun.id == run_id)) or 0

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        until(lambda: rows() >= 1000, "a chunk is done")
        with transaction():
            run = going.lock_run(db.session(), run_id, OPERATOR)
            going.call_off(db.session(), run, actor=OPERATOR, now=NOW)
        assert working.result() == 1
    db.session.expire_all()
    run = db.session.get_one(ImportRun, run_id)
    assert (run.state, run.error, run.rows % 1000) == (RunState.CANCELLED, None, 0)
    assert 1000 <= run.rows < 6_000
    assert db.session.scalar(select(func.count(Case.id))) == run.created == run.rows
    assert size_kept(db.session(), run_id) == 0
    assert verify(db.session()).ok


def test_an_import_goes_on_while_its_cases_are_being_compared(alone: Flask) -> None:
    run_id = upload(3, dry_run=False)
    with db.engine.connect() as comparing, comparing.begin():
        # As a row does that names the run, before it is committed.
        comparing.execute(insert(ImportComparison), {"run_id": run_id})
        assert run_waiting() == 1
        assert db.session.get_one(ImportRun, run_id, populate_existing=True).state is RunState.DONE
        db.session.rollback()


def test_an_undo_asks_for_the_moment_only_once_it_holds_every_case(alone: Flask) -> None:
    run_id, free = upload(3, dry_run=False), []
    run_waiting()

    def clock() -> datetime:
        with db.engine.connect() as other:
            free.append(other.scalars(select(Case.id).with_for_update(skip_locked=True)).all())
        return NOW.replace(year=2100)

    with transaction():
        run = going.lock_run(db.session(), run_id, OPERATOR)
        assert undo(db.session(), run, reason="传错了", actor=OPERATOR, clock=clock) == 3
    assert free == [[]]
    assert verify(db.session()).ok
