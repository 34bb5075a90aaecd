"""An upload that the database breaks off keeps its file, and the next tick goes on with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import create_app
from app.auth.actor import OPERATOR
from app.core.bulk import insert_rows
from app.core.db import db
from petitions.importing.attending import attend
from petitions.importing.export_file import open_export
from petitions.importing.requests import claim_next, request_import
from petitions.importing.run import MOST_FAILURES
from petitions.models import Case, ImportRow, ImportRun
from petitions.verify import verify
from tasks import imports
from tasks.imports import run_waiting
from tests.factories.street import make_street
from tests.petitions.importing.files import NOW, csv_file, order
from tests.services import Services

ROWS = 2_500
CUT = "PERFORM pg_terminate_backend(pg_backend_pid())"
CANCEL = "PERFORM pg_cancel_backend(pg_backend_pid())"
FULL = "RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'"


@pytest.fixture
def alone(services: Services, worker_id: str) -> Iterator[Flask]:
    """An application over a database of its own, since what is cut off must have committed."""
    url = services.clone(f"import_cut_{worker_id}")
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def upload(rows: int = ROWS, series: str = "") -> ImportRun:
    """A file of `rows` orders that waits, for a street of its own."""
    code = f"44079900{1 + count(ImportRun.id)}"
    street = make_street(db.session(), code).street
    run = request_import(
        db.session(),
        street_id=street.id,
        file_name="orders.csv",
        content=csv_file(order(f"{series}{number}") for number in range(rows)),
        profile=None,
        dry_run=False,
        actor=OPERATOR,
        now=NOW,
    )
    db.session.commit()
    return run


def strike(times: int, what: str) -> None:
    """Have the database do `what` when it is given order 1500, the first `times` times."""
    session = db.session()
    session.execute(text("CREATE SEQUENCE strikes"))
    session.execute(
        text(
            f"CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF nextval('strikes') <= {times} THEN {what}; END IF; RETURN NEW; END $$"
        )
    )
    session.execute(
        text(
            "CREATE TRIGGER strike BEFORE INSERT ON cases FOR EACH ROW "
            "WHEN (NEW.source_number = '1500') EXECUTE FUNCTION strike()"
        )
    )
    session.commit()


def count(column: InstrumentedAttribute[int]) -> int:
    return db.session.scalar(select(func.count(column))) or 0


@pytest.mark.parametrize("what", [CUT, CANCEL, FULL])
def test_a_run_broken_off_in_a_chunk_is_gone_on_with_by_the_next_tick(alone: Flask, what: str) -> None:
    run = upload()
    strike(1, what)

    run_waiting()
    db.session.expire_all()
    assert (run.rows, run.failures, run.finished_at, run.error) == (1000, 1, None, None)
    assert count(Case.id) == 1000

    run_waiting()
    db.session.expire_all()
    assert (run.rows, run.created, run.failures, run.error) == (ROWS, ROWS, 0, None)
    assert count(Case.id) == count(ImportRow.row) == ROWS
    assert verify(db.session()).ok


def test_a_run_that_never_gets_on_ends_with_its_reason_after_its_last_turn(alone: Flask) -> None:
    run = upload()
    strike(1000, FULL)

    for turn in range(1, MOST_FAILURES):
        run_waiting()
        db.session.expire_all()
        assert (run.failures, run.finished_at) == (turn, None)
    run_waiting()
    db.session.expire_all()
    assert run.finished_at is not None
    assert run.error
    assert count(Case.id) == 1000


def test_a_run_that_is_broken_off_does_not_hold_up_the_next(alone: Flask) -> None:
    first, second = upload(), upload(rows=3, series="b")
    strike(1, FULL)

    assert run_waiting() == 2
    db.session.expire_all()
    assert first.finished_at is None
    assert second.created == 3


def test_what_a_copy_violates_is_an_error_of_sqlalchemy(alone: Flask) -> None:
    run = upload(rows=1)
    row = {"run_id": run.id, "row": 2, "verdict": "created", "case_id": None, "reason": None}
    with pytest.raises(IntegrityError) as refused:
        insert_rows(db.session(), ImportRow, [row, row])
    assert refused.value.orig is not None


def test_a_file_that_one_worker_opens_is_left_alone_by_another(
    alone: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(5)
    claimed = []

    def opened(*given: Any) -> Any:
        with Session(db.engine) as another:
            claimed.append(claim_next(another, NOW))
        return open_export(*given)

    monkeypatch.setattr(imports, "open_export", opened)
    assert run_waiting() == 1
    assert claimed == [None]
    assert count(Case.id) == 5


def test_a_worker_that_comes_a_moment_late_counts_no_failure(
    alone: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(5)
    with Session(db.engine) as another:

        def claim_late(session: Any, now: Any, but_not: Any) -> Any:
            found = claim_next(session, now, but_not)
            attend(another, run.id)
            return found

        monkeypatch.setattr(imports, "claim_next", claim_late)
        assert run_waiting() == 1
        db.session.refresh(run)
        assert (run.rows, run.failures, count(Case.id)) == (0, 0, 0)
    monkeypatch.undo()
    assert run_waiting() == 1
    assert count(Case.id) == 5
