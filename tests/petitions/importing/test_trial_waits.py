"""While a trial compares a chunk nobody waits for it: to work on a case, take one in, or cancel the trial."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.db import database_now, db, transaction
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing import going
from petitions.importing.known import lock_source
from petitions.importing.requests import claim_next
from petitions.models import Case, ImportRow, ImportRun
from petitions.models.imports import RunState
from petitions.register import register
from tasks.imports import run_waiting
from tests.factories.cases import an_intake
from tests.petitions.importing.files import NOW, order
from tests.petitions.importing.test_at_once import alone as alone
from tests.petitions.importing.test_at_once import upload_rows
from tests.tasks.workers import until

pytestmark = pytest.mark.xdist_group("import_at_once")

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'case_dismissals'::regclass"
"""Comparing reads this table last, so whoever waits for it has all that a chunk ever locks."""


@contextmanager
def held_while_comparing(app: Flask) -> Iterator[Future[int]]:
    """A worker that has got as far as comparing the chunk of the trial, and stays there within the block."""

    def work() -> int:
        with app.app_context():
            try:
                return run_waiting()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(1) as pool, db.engine.connect() as holding:
        holding.execute(text("LOCK TABLE case_dismissals IN ACCESS EXCLUSIVE MODE"))
        working = pool.submit(work)
        try:
            until(lambda: _count(holding, WAITING), "the chunk is being compared")
            yield working
        finally:
            holding.rollback()


def _count(connection: Connection, query: str) -> int:
    return int(connection.scalar(text(query)) or 0)


@pytest.fixture
def trial(alone: Flask) -> int:
    """A trial of one order that is here and of two that are not."""
    upload_rows([order("1")], dry_run=False)
    run_waiting()
    return upload_rows([order("1", 工单标题="改过"), order("2"), order("3")], dry_run=True)


def test_its_cases_and_its_source_are_free(alone: Flask, trial: int) -> None:
    with held_while_comparing(alone) as working, Session(db.engine) as other:
        other.execute(text("SET LOCAL lock_timeout = '500ms'"))
        case = other.scalars(select(Case).with_for_update(nowait=True)).one()
        lock_source(other, case.source)
        other.rollback()
        assert not working.done()
    assert working.result() == 1
    assert db.session.get_one(ImportRun, trial).state is RunState.TRIED


def test_the_same_order_is_taken_in_meanwhile_with_the_next_number_of_the_street(
    alone: Flask, trial: int
) -> None:
    with held_while_comparing(alone), Session(db.engine) as other:
        other.execute(text("SET LOCAL lock_timeout = '500ms'"))
        street_id = other.scalars(select(Unit.id).where(Unit.tier == Tier.STREET)).one()
        known = other.scalars(select(Case)).one()
        new = an_intake(kind=known.kind, source=known.source, source_number="2")
        made = register(other, [new], street_id=street_id, actor=OPERATOR, now=database_now(other))
        other.commit()
    assert made[0].number.endswith("000002")
    assert db.session.scalar(select(func.count(Case.id))) == 2


def test_it_is_cancelled_at_once_and_ends_without_a_verdict(alone: Flask, trial: int) -> None:
    with held_while_comparing(alone) as working:
        with transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            run = going.lock_run(db.session(), trial, OPERATOR)
            going.call_off(db.session(), run, actor=OPERATOR, now=NOW)
        assert not working.done()
    assert working.result() == 1
    run = db.session.get_one(ImportRun, trial, populate_existing=True)
    assert (run.state, run.rows, run.error) == (RunState.CANCELLED, 0, None)
    rows = select(func.count()).select_from(ImportRow).where(ImportRow.run_id == trial)
    assert db.session.scalar(rows) == 0
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_no_second_worker_takes_it_up(alone: Flask, trial: int) -> None:
    with held_while_comparing(alone), Session(db.engine) as other:
        assert claim_next(other, NOW) is None
