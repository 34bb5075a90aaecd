"""The intake form: a minute on a phone, one case however often it is sent, faults at their fields."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case, Party
from petitions.vocabulary import CaseKind, Channel
from tests.factories.street import IN_A1, TinyStreet, make_actor

Login = Callable[[Actor], FlaskClient]
FORM = {"key": "k1", "kind": "dispute", "body": "楼上漏水到我家。已经三天了。", "address": "迎春路11号"}


@pytest.fixture
def lead(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the lead of community A."""
    return login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))


def cases(session: Session) -> list[Case]:
    """Everything registered."""
    return list(session.scalars(select(Case).order_by(Case.id)))


def test_three_fields_are_enough(lead: FlaskClient, session: Session, tiny: TinyStreet) -> None:
    answer = lead.post("/cases/new", data=FORM)

    (case,) = cases(session)
    assert answer.location == f"/cases/{case.number}"
    assert (case.kind, case.channel, case.grid_id) == (CaseKind.DISPUTE, Channel.GRID_PATROL, tiny.a1.id)
    assert case.title == "楼上漏水到我家"


def test_the_same_form_sent_twice_makes_one_case(lead: FlaskClient, session: Session) -> None:
    first = lead.post("/cases/new", data=FORM)

    second = lead.post("/cases/new", data=FORM)

    assert first.location == second.location
    assert len(cases(session)) == 1


def test_another_form_with_the_same_words_is_another_case(lead: FlaskClient, session: Session) -> None:
    lead.post("/cases/new", data=FORM)
    lead.post("/cases/new", data={**FORM, "key": "k2"})

    assert len(cases(session)) == 2


def test_a_point_on_the_map_is_the_place(lead: FlaskClient, session: Session, tiny: TinyStreet) -> None:
    lead.post("/cases/new", data={**FORM, "address": "", "lon": str(IN_A1[0]), "lat": str(IN_A1[1])})

    assert cases(session)[0].grid_id == tiny.a1.id


def test_both_sides_of_a_dispute_are_kept_and_their_numbers_found_by_hash(
    lead: FlaskClient, session: Session
) -> None:
    sides = {"name": "赵某某", "phone": "100 4056 0000", "other_name": "钱某某"}
    lead.post("/cases/new", data={**FORM, **sides})

    found = session.scalars(select(Party).order_by(Party.id)).all()
    page = lead.post("/cases/search", data={"q": "10040560000"}).text

    assert [party.name for party in found] == ["赵某某", "钱某某"]
    assert cases(session)[0].number in page


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("body", " "),
        ("phone", "abc"),
        ("lon", "east"),
        ("received_at", "yesterday"),
        ("received_at", "2999-01-01T00:00"),
        ("title", "长" * 201),
        ("kind", "quarrel"),
        ("channel", "pigeon"),
    ],
)
def test_a_fault_is_told_and_nothing_is_registered(
    lead: FlaskClient, session: Session, field: str, text: str
) -> None:
    answer = lead.post("/cases/new", data={**FORM, "name": "赵某某", field: text})

    assert answer.status_code == 422
    assert "赵某某" in answer.text
    assert cases(session) == []


def test_a_matter_that_goes_elsewhere_is_told_by_its_number(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    worker = login_as(make_actor(session, tiny.b1, Role.GRID_WORKER))

    answer = worker.post("/cases/new", data=FORM, follow_redirects=True)

    assert answer.request.path == "/cases/new"
    assert cases(session)[0].number in answer.text


def test_the_preview_tells_the_grid_while_the_address_is_typed(lead: FlaskClient, tiny: TinyStreet) -> None:
    assert tiny.a1.name in lead.post("/cases/new/place", data={"address": "迎春路11号"}).text
    assert lead.post("/cases/new/place", data={"address": ""}).text == ""


def test_a_point_is_typed_in_degrees_where_no_map_can_be_touched(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    page = client.get("/cases/new").text

    assert re.search(
        r'<label class="form-label" for="lon">.*?<input[^>]* id="lon" name="lon"', page, re.DOTALL
    )
    assert client.post("/cases/new/place", data={"lon": "113.065", "lat": "22.605"}).status_code == 200
    assert client.post("/cases/new/place", data={"lon": "113.065", "address": "迎春路"}).status_code < 500
