"""A value changed by hand, in whichever column of whichever table that tells the life of a case, is found."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.canonical import canonical
from app.core.db import Base
from petitions.handling import attention
from petitions.history import event_hash, record
from petitions.models import Case, CaseEvent, NumberSeries, Party, Seal
from petitions.seals import newest_key, seal
from petitions.verify import verify
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet
from tests.petitions.proof.scene import TOLD, Scene, change, make_scene, owner, rows_of

# Nothing refers to these keys and no order hangs on them, so they tell nothing.
MEANINGLESS = {"case_endings.id", "case_moves.id", "case_tenures.id", "case_repeats.id", "parties.id"}
MEANINGLESS |= {"mediation_parties.id", "mediation_sessions.id", "agreements.id"}
CHILDREN = [model for model in TOLD if model is not Case]
# A whole case, from the tables that refer to others to those that are referred to.
ALL_OF_IT = [*reversed(CHILDREN), Case]


@pytest.fixture
def scene(session: Session, tiny: TinyStreet) -> Scene:
    return make_scene(session, tiny)


def named(session: Session) -> str:
    """What the proof finds, in words; nothing where all holds."""
    session.expire_all()
    return verify(session).first_bad or ""


def test_untouched_it_is_proved(session: Session, scene: Scene) -> None:
    found = verify(session)
    assert (found.ok, found.cases, found.unproved, found.seals) == (True, 4, 0, 1)
    assert found.last_seal
    with owner(session):
        for model in TOLD:
            assert session.scalar(text(f"SELECT count(*) FROM {model.__tablename__}")), model


@pytest.mark.parametrize("model", TOLD, ids=lambda model: model.__tablename__)
def test_a_changed_value_is_found_and_its_case_named(
    session: Session, scene: Scene, model: type[Base]
) -> None:
    missed = {}
    for column in model.__table__.columns:
        name = f"{model.__tablename__}.{column.name}"
        # A generated column is nobody's to write.
        if name in MEANINGLESS or column.computed is not None:
            continue
        with owner(session):
            change(session, model, column.name, rows_of(model, scene.whole))
            found = named(session)
        # No event tells its own key; the seals do, and they name the events that they closed.
        expected = "seal 1 of" if name == "case_events.id" else f"{scene.whole.number}:"
        if not found.startswith(expected):
            missed[name] = found
    assert missed == {}
    assert named(session) == ""


@pytest.mark.parametrize("column", ["street_code", "series", "year", "last"])
def test_a_changed_series_is_found(session: Session, scene: Scene, column: str) -> None:
    for series, number in (("dispute", scene.last.number), ("mediation", "（2020）甲人调字第 001 号")):
        with owner(session):
            change(session, NumberSeries, column, f"series = '{series}'")
            stem = number.rsplit("-", 1)[0] if "-" in number else number
            assert stem in named(session)
            session.execute(text(f"DELETE FROM number_series WHERE series = '{series}'"))
            assert stem in named(session)


@pytest.mark.parametrize("model", TOLD, ids=lambda model: model.__tablename__)
def test_a_deleted_row_is_found_and_its_case_named(session: Session, scene: Scene, model: type[Base]) -> None:
    number = scene.whole.number
    with owner(session):
        session.execute(
            text(
                f"DELETE FROM {model.__tablename__} WHERE ctid ="
                f" (SELECT max(ctid) FROM {model.__tablename__} WHERE {rows_of(model, scene.whole)})"
            )
        )
        assert named(session).startswith(f"{number}:")


@pytest.mark.parametrize("which", ["first", "whole", "last"])
def test_a_case_that_vanished_with_all_that_is_its_is_named_by_its_number(
    session: Session, scene: Scene, which: str
) -> None:
    case = getattr(scene, which)
    number = case.number
    with owner(session):
        delete_whole(session, case)
        if which != "whole":
            assert named(session) == f"{number}: this number was given out, and no case has it"
        else:
            assert named(session).startswith(f"{number}: ")


def test_a_last_case_that_vanished_with_its_number_is_missed_by_the_seal(
    session: Session, scene: Scene
) -> None:
    with owner(session):
        delete_whole(session, scene.last)
        session.execute(text("UPDATE number_series SET last = last - 1 WHERE series = 'dispute'"))
        found = named(session)
        assert found.startswith("seal 1 of 2020-06-01T")
        assert "closed 14 events" in found
        assert "13 stand there now" in found


def test_a_history_written_anew_with_hashes_that_fit_is_missed_by_the_seal(
    session: Session, scene: Scene
) -> None:
    with owner(session):
        rewrite_first_event(session, scene.first, {"parties": []})
        session.execute(text(f"DELETE FROM parties WHERE {rows_of(Party, scene.first)}"))
        assert named(session).startswith("seal 1 of")


def test_a_case_older_than_the_digests_is_neither_bad_nor_passed_over(session: Session, scene: Scene) -> None:
    with owner(session):
        session.execute(text("DELETE FROM seals"))
        rewrite_first_event(session, scene.first, {})
        session.expire_all()
        found = verify(session)
        assert (found.ok, found.cases, found.unproved) == (True, 4, 1)


@pytest.fixture
def sealed(session: Session, scene: Scene) -> Scene:
    """Two more seals over an event each."""
    for hours in (20, 21):
        now = MORNING + timedelta(hours=hours)
        note = attention.note(scene.first, text="去看过了", actor=SERVICE, now=now)
        # A key that a transaction took which was then rolled back.
        session.execute(text("SELECT nextval(pg_get_serial_sequence('case_events', 'id'))"))
        record(session, [note])
        assert seal(session, newest_key(session), now)
    return scene


@pytest.mark.parametrize("column", [column.name for column in Seal.__table__.columns])
def test_a_changed_seal_is_found(session: Session, sealed: Scene, column: str) -> None:
    with owner(session):
        change(session, Seal, column, "id = 2")
        assert named(session).startswith("seal 2 ")


def test_a_seal_taken_out_is_found(session: Session, sealed: Scene) -> None:
    with owner(session):
        session.execute(text("DELETE FROM seals WHERE id = 2"))
        assert named(session) == "seal 2 is missing"


def test_an_event_put_in_below_a_seal_is_found(session: Session, sealed: Scene) -> None:
    gap = session.scalar(text("SELECT last_event_id FROM seals WHERE id = 3")) - 1
    assert not session.get(CaseEvent, gap)
    with owner(session):
        now = MORNING + timedelta(hours=22)
        note = attention.note(sealed.last, text="补", actor=SERVICE, now=now)
        record(session, [note])
        assert named(session) == ""
        newest = newest_key(session)
        session.execute(text(f"UPDATE case_events SET id = {gap} WHERE id = {newest}"))
        assert named(session).endswith("and 2 stand there now")


def delete_whole(session: Session, case: Case) -> None:
    """Every row of the case and the case itself."""
    for model in ALL_OF_IT:
        session.execute(text(f"DELETE FROM {model.__tablename__} WHERE {rows_of(model, case)}"))


def rewrite_first_event(session: Session, case: Case, detail: dict[str, str]) -> None:
    """Give a case of one event another detail, and every hash that follows from it."""
    event = session.query(CaseEvent).filter_by(case_id=case.id).one()
    said = {column.name: getattr(event, column.name) for column in CaseEvent.__table__.columns}
    new = event_hash({**said, "detail": detail})
    session.execute(
        text("UPDATE case_events SET detail = cast(:detail AS jsonb), hash = :hash WHERE id = :id"),
        {"detail": canonical(detail), "hash": new, "id": event.id},
    )
    session.execute(text("UPDATE cases SET head_hash = :hash WHERE id = :id"), {"hash": new, "id": case.id})
