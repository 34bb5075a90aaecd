"""The import page: a file is taken or refused in words, and its run belongs to its street."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.importing.profile import shipped
from petitions.models import ImportRun
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's hotline clerk."""
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


def hand_in(client: FlaskClient, street_id: int, content: bytes, name: str = "orders.csv") -> tuple[int, str]:
    """Upload a file; status and text."""
    data = {"street": str(street_id), "file": (io.BytesIO(content), name)}
    answer = client.post("/imports", data=data)
    return answer.status_code, answer.text


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", "甲,乙\n1,2\n".encode()])
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
