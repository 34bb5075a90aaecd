"""The watched folder: each file once, nothing half-written, nothing outside it, a reason for each refused."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from petitions.importing.requests import request_imports
from petitions.models import Case, ImportRun, InboxFile
from petitions.models.imports import RunState
from tasks import inbox
from tasks.imports import run_waiting
from tasks.inbox import QUIET_SECONDS, Watch, take_from
from tests.factories.street import make_street
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
    assert lying(street) == {".taking", "taken"}
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
    texts = [path.read_text() for path in (street / "taken").glob("*.txt")]
    assert (len(lying(street / "taken")), len(texts)) == (5, 2)
    assert all("此前已交入" in text for text in texts)


@pytest.mark.parametrize(
    ("state", "is_again"),
    [
        (RunState.UNDONE, True),
        (RunState.CANCELLED, True),
        (RunState.FAILED, True),
        (RunState.DROPPED, True),
        (RunState.DONE, False),
        (RunState.TRIED, False),
        (RunState.GONE, False),
        (RunState.ASKING, False),
    ],
)
def test_a_file_of_which_nothing_stands_is_handed_in_again(session, street, look, state, is_again):
    content = csv_file([order("1")])
    (street / "a.csv").write_bytes(content)
    look()
    (run,) = runs(session)
    run.is_dry_run = state in (RunState.TRIED, RunState.GONE, RunState.DROPPED)
    run.state, run.error = state, "x" if state is RunState.FAILED else None
    run.finished_at = None if state is RunState.ASKING else run.requested_at
    session.commit()
    for _time in range(2):
        (street / "a.csv").write_bytes(content)
        assert look() == 1
        assert len(runs(session)) == 1 + is_again


def test_a_fault_that_passes_leaves_the_file_to_be_tried_again(session, street, look, monkeypatch, caplog):
    (street / "王某.csv").write_bytes(csv_file([order("1")]))
    with monkeypatch.context() as patched:
        patched.setattr(inbox, "request_imports", Mock(side_effect=OSError(28, "No space left")))
        assert look() == 0
    assert (runs(session), street.name in caplog.text, "王某" in caplog.text) == ([], True, False)
    assert look() == 1
    assert len(runs(session)) == 1


def test_what_takes_the_place_of_a_file_meanwhile_is_neither_moved_nor_deleted(
    app, session, street, look, monkeypatch
):
    first, second = csv_file([order("1")]), csv_file([order("2"), order("3")])
    (street / "orders.csv").write_bytes(first)
    monkeypatch.setitem(app.config, "INBOX_AFTER", "delete")

    def replace(*given, **named):
        (street / "orders.csv").write_bytes(second)
        return request_imports(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "request_imports", replace)
        assert look() == 1
    assert (street / "orders.csv").read_bytes() == second
    assert look() == 1
    run_waiting()
    assert len(session.scalars(select(Case)).all()) == 3


def test_a_file_that_is_written_on_while_it_is_read_is_taken_when_it_has_rested(
    session, street, look, monkeypatch
):
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    writer = (street / "orders.csv").open("ab")

    def go_on(*given, **named):
        made = request_imports(*given, **named)
        writer.write(csv_file([order("2")]).split(b"\n", 1)[1])
        writer.close()
        return made

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "request_imports", go_on)
        assert look() == 0
    assert (runs(session), lying(street / ".taking")) == ([], {"orders.csv"})
    assert look() == 1
    run_waiting()
    assert len(session.scalars(select(Case)).all()) == 2


def test_one_folder_that_cannot_be_read_stops_no_other(session, street, look, monkeypatch, caplog):
    far = make_street(session, code="440799002", name="乙街道")
    session.commit()
    (street.parent / far.street.code).mkdir()
    (street.parent / far.street.code / "orders.csv").write_bytes(csv_file([order("1")]))
    scan = os.scandir

    def fail_at(path):
        if str(path) == str(street):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", fail_at)
    assert look() == 1
    assert [run.street_id for run in runs(session)] == [far.street.id]
    assert street.name in caplog.text


def test_only_what_lies_there_no_longer_is_forgotten(street):
    watch = Watch()
    for name in ("a.csv", "b.csv"):
        (street / name).write_bytes(csv_file([order("1")]))
    take_from(street.parent, watch, 0.0)
    (street / "a.csv").unlink()
    take_from(street.parent, watch, 1.0)
    assert [(file.name, since) for file, since in watch.resting.items()] == [("b.csv", 0.0)]


def test_no_refused_file_and_no_reason_is_written_over(street, look):
    (street / "orders.csv.txt").write_bytes(b"\0\1")
    assert look() == 1
    for content in (b"", b"\0\1\2", b"\0"):
        (street / "orders.csv").write_bytes(content)
        assert look() == 1
    kept = {path.name: path.read_bytes() for path in (street / "refused").iterdir()}
    files = [content for name, content in kept.items() if f"{name}.txt" in kept]
    assert sorted(files) == [b"", b"\0", b"\0\1", b"\0\1\2"]
    assert len(kept) == 8


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
    assert lying(street / ".taking") == {"orders.csv"}
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
    # The file is handed in and stays claimed; the link is put away as one, and then there is a way.
    assert look() == 1
    assert lying(street) == {".taking", "refused"}
    assert lying(street / ".taking") == {"orders.csv"}
    assert look() == 1
    assert lying(street / "taken") == {"orders.csv"}
    assert (lying(outside), len(runs(session))) == (set(), 1)


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
