"""The page of other names, and what a ruling teaches on the page of its case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from grid.locating.locate import Locator
from grid.models import Alias
from grid.vocabulary import AliasState, RouteMethod
from petitions.handling.holding import hand_down
from petitions.history import record
from petitions.models import Case, Party
from petitions.office import load_office
from petitions.vocabulary import PartyRole
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}
SAID = {"wording": "糖厂街", "name": "迎春路"}


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.street, Role.HOTLINE_CLERK)


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def ruled(session: Session, tiny: TinyStreet, clerk: Actor) -> Case:
    """A case at a lane by its old name, which the desk had to hand down to a grid."""
    case = make_case(session, tiny.street.id, address="糖厂街11号之二")
    office = load_office(session, [tiny.street.id])
    moment = MORNING + timedelta(hours=1)
    record(session, [hand_down(case, office, unit_id=tiny.a1.id, reason="老街", actor=clerk, now=moment)])
    session.commit()
    return case


def only(session: Session) -> Alias:
    return session.scalars(select(Alias)).one()


def test_proposed_by_one_and_confirmed_by_another_it_routes(
    session: Session, tiny: TinyStreet, login_as: Login, clerk: Actor, leader: Actor
) -> None:
    client = login_as(clerk)
    assert client.post("/aliases", data=SAID).status_code == 302
    own = client.get("/aliases").text
    assert faults(own) == []
    assert "/refuse" in own
    assert "/confirm" not in own
    path = f"/aliases/{only(session).id}/confirm"
    assert client.post(path).status_code == 403
    second = login_as(leader)
    assert path in second.get("/aliases").text
    assert second.post(path).status_code == 302
    assert only(session).state is AliasState.CONFIRMED
    assert Locator.load(session, tiny.street.id).locate(address="糖厂街12号").grid_id == tiny.a2.id


def test_confirmed_twice_at_once_the_second_is_told_by_whom(
    session: Session, login_as: Login, clerk: Actor, leader: Actor
) -> None:
    login_as(clerk).post("/aliases", data=SAID)
    client = login_as(leader)
    path = f"/aliases/{only(session).id}/refuse"
    assert client.post(path).status_code == 302
    answer = client.post(path, headers=ENGLISH)
    assert answer.status_code == 409
    assert leader.name in answer.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"wording": "糖厂街12号", "name": "迎春路"}, "Leave out the house number"),
        ({"wording": "糖厂街13800000000", "name": "迎春路"}, "never a person"),
        ({"wording": "糖厂街", "name": "没有路"}, "There is no lane"),
        ({"wording": "向阳小区", "name": "迎春路"}, "a name of its own"),
        ({}, "letters"),
    ],
)
def test_what_can_be_no_alias_is_shown_again_with_the_reason(
    session: Session, login_as: Login, clerk: Actor, said: dict[str, str], told: str
) -> None:
    answer = login_as(clerk).post("/aliases", data=said, headers=ENGLISH)
    assert answer.status_code == 422
    assert told in answer.text
    assert faults(answer.text) == []
    assert session.scalars(select(Alias)).all() == []


def test_a_case_that_a_person_placed_teaches_the_wording_of_its_address(
    session: Session, tiny: TinyStreet, login_as: Login, clerk: Actor, ruled: Case
) -> None:
    client = login_as(clerk)
    page = client.get(f"/cases/{ruled.number}")
    assert faults(page.text) == []
    assert 'value="糖厂街"' in page.text
    assert client.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 302
    alias = only(session)
    assert (alias.wording, alias.state, alias.proposed_by) == ("糖厂街", AliasState.PROPOSED, clerk.id)


def test_once_the_address_finds_its_way_nothing_is_left_to_teach(
    session: Session, login_as: Login, clerk: Actor, leader: Actor, ruled: Case
) -> None:
    login_as(clerk).post(f"/cases/{ruled.number}/alias", data=SAID)
    client = login_as(leader)
    assert f"/cases/{ruled.number}/alias" in client.get(f"/cases/{ruled.number}").text
    client.post(f"/aliases/{only(session).id}/confirm")
    assert f"/cases/{ruled.number}/alias" not in client.get(f"/cases/{ruled.number}").text
    assert client.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 409


@pytest.mark.parametrize("wording", ["油库路", "李建国", "建国"])
def test_only_words_of_the_address_are_taught_and_none_of_a_person(
    session: Session, login_as: Login, clerk: Actor, ruled: Case, wording: str
) -> None:
    ruled.address = "糖厂街李建国11号"
    session.add(Party(case_id=ruled.id, role=PartyRole.REPORTER, name="李建国"))
    session.commit()
    answer = login_as(clerk).post(f"/cases/{ruled.number}/alias", data={"wording": wording, "name": "迎春路"})
    assert answer.status_code == 422
    assert session.scalars(select(Alias)).all() == []


def test_a_case_that_was_routed_or_lies_in_no_grid_teaches_nothing(
    session: Session, tiny: TinyStreet, login_as: Login, clerk: Actor, ruled: Case
) -> None:
    ruled.route_method = RouteMethod.LANE
    session.commit()
    client = login_as(clerk)
    assert client.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 409


def test_a_lead_teaches_by_a_case_of_their_community_and_a_grid_worker_does_not(
    session: Session, tiny: TinyStreet, login_as: Login, ruled: Case
) -> None:
    worker = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    assert f"/cases/{ruled.number}/alias" not in worker.get(f"/cases/{ruled.number}").text
    assert worker.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 403
    other = login_as(make_actor(session, tiny.b, Role.COMMUNITY_LEAD))
    assert other.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 404
    lead = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    assert lead.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 302
    assert "/confirm" not in lead.get("/aliases").text


@pytest.mark.parametrize("address", ["迎春路中段", "向阳花园附近", "江海区糖厂街3号", None])
def test_an_address_whose_names_are_known_teaches_nothing(
    session: Session, login_as: Login, clerk: Actor, ruled: Case, address: str | None
) -> None:
    ruled.address = address
    session.commit()
    client = login_as(clerk)
    assert f"/cases/{ruled.number}/alias" not in client.get(f"/cases/{ruled.number}").text
    assert client.post(f"/cases/{ruled.number}/alias", data=SAID).status_code == 409
