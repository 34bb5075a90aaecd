"""The watched folder: each file once, nothing half-written, nothing outside it, a reason for each refused."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.db import db
from petitions.models import Case, ImportRun, InboxFile
from petitions.models.imports import RunState
from tasks import inbox
from tasks.imports import run_waiting
from tasks.inbox import QUIET_SECONDS, Watch, take_from
from tests.petitions.importing.files import csv_file, order


@pytest.fixture
def street(session, tiny, tmp_path) -> Path:
    folder = tmp_path / tiny.street.code
    folder.mkdir()
    session.commit()
    return folder


@pytest.fixture
def look(street) -> Iterator:
    """Look twice, so that what lies there has rested; returns how many files were put away."""
    watch = Watch()

    def look() -> int:
        take_from(street.parent, watch, 0.0)
        return take_from(street.parent, watch, QUIET_SECONDS)

    return look


def runs(session):
    return session.scalars(select(ImportRun).order_by(ImportRun.id)).all()


def lying(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()


def test_a_file_is_handed_in_put_away_and_brought_in(session, street, look):
    (street / "orders.csv").write_bytes(csv_file([order("1"), order("2")]))
    assert look() == 1
    assert lying(street) == {"taken"}
    assert lying(street / "taken") == {"orders.csv"}
    run_waiting()
    assert len(session.scalars(select(Case)).all()) == 2
    assert look() == 0


def test_nothing_is_taken_before_it_has_rested(session, street):
    watch, file = Watch(), street / "orders.csv"
    file.write_bytes(csv_file([order("1")])[:-10])
    assert take_from(street.parent, watch, 0.0) == 0
    file.write_bytes(csv_file([order("1")]))
    assert take_from(street.parent, watch, QUIET_SECONDS) == 0
    assert take_from(street.parent, watch, 2 * QUIET_SECONDS - 0.1) == 0
    assert runs(session) == []
    assert take_from(street.parent, watch, 2 * QUIET_SECONDS) == 1


@pytest.mark.parametrize("name", ["orders.csv.part", "orders.TMP", ".hidden.csv", "orders.csv~"])
def test_a_name_that_says_unfinished_is_left_alone(session, street, look, name):
    (street / name).write_bytes(csv_file([order("1")]))
    assert look() == 0
    assert name in lying(street)


def test_the_same_bytes_are_handed_in_once_whatever_they_are_called(session, street, look):
    content = csv_file([order("1")])
    for name in ("a.csv", "b.csv"):
        (street / name).write_bytes(content)
        assert look() == 1
    (street / "a.csv").write_bytes(content)
    assert look() == 1
    assert len(runs(session)) == 1
    assert len(lying(street / "taken")) == 3


def test_a_worker_that_dies_before_it_moves_the_file_does_not_hand_it_in_twice(
    session, street, look, monkeypatch
):
    def die(*_given):
        raise KeyboardInterrupt

    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    with monkeypatch.context() as patched:
        patched.setattr(inbox, "put_away", die)
        with pytest.raises(KeyboardInterrupt):
            look()
    assert lying(street) == {"orders.csv"}
    assert len(runs(session)) == 1
    assert look() == 1
    assert len(runs(session)) == 1
    assert lying(street / "taken") == {"orders.csv"}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"<html></html>"])
def test_an_unreadable_file_is_put_beside_its_reason(session, street, look, content):
    (street / "orders.xlsx").write_bytes(content)
    assert look() == 1
    assert lying(street / "refused") == {"orders.xlsx", "orders.xlsx.txt"}
    assert "orders.xlsx" in (street / "refused" / "orders.xlsx.txt").read_text()
    assert (runs(session), session.scalars(select(InboxFile)).all()) == ([], [])


def test_a_file_of_unknown_columns_waits_for_a_person(session, street, look):
    (street / "other.csv").write_text("甲,乙\n1,2\n")
    assert look() == 1
    (run,) = runs(session)
    assert (run.profile, run.started_at, run.state) == ("", None, RunState.ASKING)


def test_a_link_a_pipe_and_a_locked_folder_lead_nowhere(session, street, look, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv_file([order("1")]))
    (street / "link.csv").symlink_to(secret)
    os.mkfifo(street / "pipe.csv")
    assert look() == 2
    assert lying(street / "refused") == {"link.csv", "link.csv.txt", "pipe.csv", "pipe.csv.txt"}
    assert (runs(session), secret.exists()) == ([], True)


def test_a_folder_that_is_a_link_is_not_looked_into_or_written_to(session, street, look, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (street / "taken").symlink_to(outside)
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    # The file is handed in and stays where it is; the link is put away as one.
    assert look() == 1
    assert lying(outside) == set()
    assert lying(street) == {"orders.csv", "refused"}
    assert look() == 0
    assert len(runs(session)) == 1


@pytest.mark.parametrize(
    "name", [b"\xff\xfe\xb9\xa4.csv", "订单 (1)\n\t'\";$(x).csv".encode(), b"-rf.csv", b"x" * 251 + b".csv"]
)
def test_a_name_of_any_bytes_does_no_harm(session, street, look, name):
    (street / os.fsdecode(name)).write_bytes(csv_file([order("1")]))
    assert look() == 1
    (run,) = runs(session)
    assert "/" not in run.file_name
    assert run.file_name.isprintable()
    assert len(lying(street / "taken")) == 1


def test_a_file_too_large_or_of_another_folder_is_not_taken(app, session, street, look, monkeypatch):
    (street.parent / "000000000").mkdir()
    (street.parent / "000000000" / "orders.csv").write_bytes(csv_file([order("1")]))
    (street.parent / "orders.csv").write_bytes(csv_file([order("1")]))
    assert look() == 0
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100)
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    assert look() == 1
    assert "orders.csv.txt" in lying(street / "refused")


def test_what_was_taken_is_deleted_where_that_is_set(app, session, street, look, monkeypatch):
    monkeypatch.setitem(app.config, "INBOX_AFTER", "delete")
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    assert look() == 1
    assert lying(street) == set()
    assert db.session.scalars(select(InboxFile.file_name)).one() == "orders.csv"
