"""Addresses and fields that no page offers are answered like anything else that is not there."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case
from tests.factories.street import TinyStreet, make_actor

FAR = "9" * 20


@pytest.fixture
def leader(session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient]) -> FlaskClient:
    """The browser of the street's leader, who may do most."""
    client = login_as(make_actor(session, tiny.street, Role.STREET_LEADER))
    session.commit()
    return client


@pytest.mark.parametrize("path", ["/cases", "/inbox"])
@pytest.mark.parametrize("page", [FAR, "-1", "0", "x"])
def test_a_page_that_cannot_be_is_answered_with_one_that_is(
    leader: FlaskClient, path: str, page: str
) -> None:
    assert leader.get(f"{path}?page={page}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/cases/%00", "/cases/a%00b", f"/imports/{FAR}", f"/imports/{FAR}/progress"]
)
def test_an_address_that_no_table_can_keep_is_not_found(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient], path: str
) -> None:
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    assert clerk.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("/cases?unit=%00", 200), ("/cases?kind=%00", 200), ("/cases?channel=a%00", 422)]
)
def test_control_characters_in_a_query_are_not_read(leader: FlaskClient, path: str, status: int) -> None:
    assert leader.get(path).status_code == status


def test_a_notice_that_cannot_be_is_told(leader: FlaskClient) -> None:
    assert leader.post("/inbox/read", data={"notice": FAR}).status_code == 422


def test_a_search_reads_over_control_characters(leader: FlaskClient) -> None:
    assert leader.post("/cases/search", data={"q": "a\0b"}).status_code == 200
    assert leader.post("/cases/search", data={"q": "1" * 100_000}).status_code == 200


def test_a_form_is_kept_without_its_control_characters(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient]
) -> None:
    lead = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    sent = {
        "kind": "dispute",
        "key": "k\x001",
        "body": "楼上\x00漏水\x07。\r\n\t已三天。",
        "address": "迎春路\x0011号",
    }

    assert lead.post("/cases/new", data=sent).status_code == 302
    case = session.scalars(select(Case)).one()
    assert (case.source_number, case.body, case.address) == ("k1", "楼上漏水。\r\n\t已三天。", "迎春路11号")


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00", "1800-01-01T00:00", "1989-12-31T23:59", "9999-12-31T23:59"]
)
def test_a_moment_of_receipt_that_cannot_be_is_a_fault_of_its_field(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient], moment: str
) -> None:
    lead = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    sent = {"kind": "dispute", "key": "k", "body": "楼上漏水。", "received_at": moment}
    assert lead.post("/cases/new", data=sent).status_code == 422


@pytest.mark.parametrize(("lon", "lat"), [("nan", "5"), ("113", "91"), ("1e400", "5"), ("113", "")])
def test_a_point_that_is_none_is_a_fault_of_its_field(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient], lon: str, lat: str
) -> None:
    lead = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    sent = {"kind": "dispute", "key": "k", "body": "楼上漏水。", "lon": lon, "lat": lat}
    assert lead.post("/cases/new", data=sent).status_code == 422
    assert lead.post("/cases/new/place", data={"address": "", "lon": lon, "lat": lat}).status_code == 200
