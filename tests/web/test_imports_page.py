"""The import page: a file is taken or refused in words, and its run belongs to its street."""

import io
import resource
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.importing.profile import shipped
from petitions.models import ImportRun
from tasks.imports import run_waiting
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.petitions.importing.files import csv_file, order
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's hotline clerk."""
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


def hand_in(
    client: FlaskClient, street_id: int, content: bytes, name: str = "orders.csv", **more: str
) -> tuple[int, str]:
    """Upload a file; status and text."""
    data = {"street": str(street_id), "file": (io.BytesIO(content), name), **more}
    answer = client.post("/imports", data=data)
    return answer.status_code, answer.text


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"<html></html>"])
def test_a_file_that_cannot_be_read_is_refused_in_words(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, content: bytes
) -> None:
    status, page = hand_in(clerk, tiny.street.id, content)

    assert status == 422
    assert "orders.csv" in page
    assert session.scalars(select(ImportRun)).all() == []


def test_a_form_without_a_file_says_so(clerk: FlaskClient) -> None:
    answer = clerk.post("/imports", data={"street": "1"})

    assert answer.status_code == 422
    assert 'id="file-fault"' in answer.text


def test_a_run_is_listed_shown_and_followed_and_not_seen_from_another_street(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    columns = shipped()["app"].columns
    header = ",".join(words[0] for words in columns.values())
    status, _page = hand_in(clerk, tiny.street.id, f"{header}\n".encode())
    assert status == 302
    run = session.scalars(select(ImportRun)).one()

    for path in ("/imports", f"/imports/{run.id}", f"/imports/{run.id}?verdict=refused"):
        page = clerk.get(path).text
        assert run.sha256[:12] in page
        assert faults(page) == []
    assert "every 1s" in clerk.get(f"/imports/{run.id}/progress").text

    other = make_street(session, code="440799002", name="乙街道")
    stranger = login_as(make_actor(session, other.street, Role.HOTLINE_CLERK))
    session.commit()
    assert stranger.get(f"/imports/{run.id}").status_code == 404


def raw_upload(client: FlaskClient, street_id: int, size: int, *, sent: float = 1) -> TestResponse:
    """An upload as it comes over the wire, which ends when `sent` of it has come in."""
    parts = ('name="street"', str(street_id)), ('name="file"; filename="orders.csv"', "x" * size)
    text = "".join(
        f"--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts
    )
    body = f"{text}--b--\r\n".encode()
    return client.post(
        "/imports",
        input_stream=io.BytesIO(body[: int(len(body) * sent)]),
        content_type="multipart/form-data; boundary=b",
        content_length=len(body),
    )


# Werkzeug leaves the part of a large file that has come in to the collector.
@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("sent", [0, 0.01, 0.5, 0.99])
@pytest.mark.parametrize("size", [1_000, 2_000_000])
def test_a_connection_that_ends_half_way_keeps_nothing(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, size: int, sent: float
) -> None:
    answer = raw_upload(clerk, tiny.street.id, size, sent=sent)

    assert answer.status_code in (400, 422)
    assert session.scalars(select(ImportRun)).all() == []


@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_disk_that_is_full_while_a_file_comes_in_is_one_line(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    clerk.get("/imports")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
    try:
        answer = raw_upload(clerk, tiny.street.id, 2_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert answer.status_code == 507
    assert "磁盘已满" in answer.text
    assert session.scalars(select(ImportRun)).all() == []


def test_the_files_of_an_archive_are_runs_of_their_own_and_one_that_is_none_is_told(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        header = ",".join(words[0] for words in shipped()["app"].columns.values())
        archive.writestr("好.csv", f"{header}\n")
        archive.writestr("坏.csv", "")
        archive.writestr("生.csv", "甲,乙\n1,2\n")
    status, _page = hand_in(clerk, tiny.street.id, content.getvalue(), "六月.zip")
    page = clerk.get("/imports").text

    assert status == 302
    assert "3个文件中有1个不能读取" in page
    assert "3个文件中有1个要等您说明各列含义" in page
    assert all(f"六月.zip/{name}.csv" in page for name in "好坏生")


def test_a_file_beyond_the_limit_is_told_the_limit(
    clerk: FlaskClient, tiny: TinyStreet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(clerk.application.config, "MAX_CONTENT_LENGTH", 1 << 20)
    answer = raw_upload(clerk, tiny.street.id, 1 << 20)

    assert answer.status_code == 413
    assert "1 MiB" in answer.text


def test_a_trial_shows_its_orders_and_lets_one_be_split_and_made_whole_again(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    two = order("1", 主要内容="事项一：路灯不亮。 事项二：井盖破损，致电13800138000。")
    status, _page = hand_in(clerk, tiny.street.id, csv_file([two, order("2", 工单标题="夜间施工")]))
    assert status == 302
    run_waiting()
    run = session.scalars(select(ImportRun)).one()
    page = clerk.get(f"/imports/{run.id}").text

    assert all(word in page for word in ("路灯不亮", "夜间施工", "一单多事", "138****8000"))
    assert "13800138000" not in page
    assert page.count('name="split"') == 1
    assert faults(page) == []

    chosen = clerk.post(f"/imports/{run.id}/rows/2/split", data={"split": "1"}).text
    assert "导入时拆分的工单：1件" in chosen
    assert "导入时拆分的工单" not in clerk.post(f"/imports/{run.id}/rows/2/split").text
    assert clerk.post(f"/imports/{run.id}/rows/3/split", data={"split": "1"}).status_code == 404
