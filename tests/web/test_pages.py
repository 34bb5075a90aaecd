"""Every page is well formed in both languages, asks few statements, and loads nothing from outside."""

import re
from collections.abc import Callable

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from mediation.service import Side, open_mediation
from mediation.vocabulary import StartedBy
from petitions.handling.holding import sign_for
from petitions.history import record
from petitions.intake import PartyIntake
from petitions.office import load_office
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
MOST_STATEMENTS = 12


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader, who may do everything with cases."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def in_mediation(session: Session, tiny: TinyStreet, leader: Actor) -> str:
    """A signed case with a running mediation; its number."""
    case = make_case(
        session,
        tiny.street.id,
        address="迎春路11号",
        parties=(PartyIntake(name="赵某某", phone="10040560000"),),
    )
    record(session, [sign_for(case, actor=leader, now=MORNING)])
    open_mediation(
        session,
        case,
        load_office(session, [case.street_id]),
        mediator="调解员甲",
        started_by=StartedBy.APPLICATION,
        sides=[Side("赵某某", is_applicant=True), Side("钱某某")],
        actor=leader,
        now=MORNING,
    )
    return case.number


def asked(session: Session, client: FlaskClient, path: str, statements: list[str]) -> int:
    """How many statements a page takes that starts from nothing, the person's postings included."""
    session.flush()
    session.expunge_all()
    g.pop("_login_user", None)
    statements.clear()
    assert client.get(path).status_code == 200
    return len(statements)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/cases",
        "/cases?standing=all",
        "/cases/new",
        "/imports",
        "/units",
        "/aliases",
        "/policy",
        "/inbox",
        "/password",
    ],
)
def test_a_page_is_well_formed(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, path: str, language: str
) -> None:
    make_case(session, tiny.street.id, address="迎春路11号")
    client = login_as(leader)
    client.post(f"/language/{language}")

    answer = client.get(path)

    assert answer.status_code == 200
    assert faults(answer.text) == []
    assert ("案件" in answer.text) == (language == "zh")


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/{id}"])
def test_a_page_of_accounts_is_well_formed(
    session: Session, tiny: TinyStreet, login_as: Login, path: str
) -> None:
    admin = make_admin(session, Role.SYSTEM_ADMIN)

    answer = login_as(admin).get(path.format(id=admin.id))

    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_the_login_page_is_well_formed_and_says_that_state_secrets_do_not_belong_here(
    client: FlaskClient,
) -> None:
    client.post("/language/zh")

    page = client.get("/login").text

    assert faults(page) == []
    assert "国家秘密" in page


def test_the_page_of_a_case_is_well_formed_with_everything_on_it(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login
) -> None:
    number = in_mediation(session, tiny, leader)

    page = login_as(leader).get(f"/cases/{number}").text

    assert faults(page) == []
    assert "调解员甲" in page


def test_an_error_is_a_page_too(client: FlaskClient, leader: Actor, login_as: Login) -> None:
    answer = login_as(leader).get("/cases/440799001-H2020-999999")

    assert answer.status_code == 404
    assert faults(answer.text) == []


def test_what_has_no_tab_on_a_phone_is_in_the_menu_of_the_person(leader: Actor, login_as: Login) -> None:
    page = login_as(leader).get("/units").text
    menu = page.partition('class="dropdown-menu')[2].partition("</header>")[0]

    assert re.findall(r'class="dropdown-item d-lg-none" href="([^"]+)"', menu) == [
        "/imports",
        "/receptions",
        "/screenings",
        "/units",
        "/calendar",
        "/policy",
    ]
    assert re.search(rf'<button class="who"[^>]* aria-label="{leader.name} · [^"]+"', page)


def test_a_hint_is_told_with_its_field(leader: Actor, login_as: Login) -> None:
    page = login_as(leader).get("/password").text

    assert 'aria-describedby="password-hint"' in page
    assert 'id="password-hint"' in page


def test_every_answer_forbids_scripts_from_elsewhere(client: FlaskClient) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]


def test_a_list_of_fifty_cases_takes_no_more_statements_than_a_list_of_one(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, statements: list[str]
) -> None:
    client = login_as(leader)
    make_case(session, tiny.street.id)
    few = asked(session, client, "/cases", statements)
    for _ in range(49):
        make_case(session, tiny.street.id, address="迎春路11号")

    many = asked(session, client, "/cases", statements)

    assert few == many <= MOST_STATEMENTS


def test_the_page_of_a_case_with_a_mediation_takes_few_statements(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, statements: list[str]
) -> None:
    number = in_mediation(session, tiny, leader)

    assert asked(session, login_as(leader), f"/cases/{number}", statements) <= MOST_STATEMENTS
