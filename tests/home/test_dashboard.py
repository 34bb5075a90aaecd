"""The overview as people of each role see it."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.vocabulary import Role
from app.core.bulk import insert_rows
from petitions.models import Case, CaseRepeat
from petitions.vocabulary import Channel, Ending
from tests.factories.counted import JUNE, Counted, write
from tests.factories.street import TinyStreet, make_actor, make_street

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader, over 40 matters of community A, one of B, and one of another street."""
    solved = ((Ending.SOLVED, JUNE, None),)
    other = make_street(session, code="440799002", name="乙街道")
    write(
        session,
        [
            *[Counted(tiny.street, tiny.a, tiny.a1, endings=solved)] * 39,
            Counted(tiny.street, tiny.a, channel=Channel.VISIT, tier_due_at=JUNE),
            Counted(tiny.street, tiny.b, tiny.b1, endings=solved),
            Counted(tiny.street, endings=((Ending.VOID, JUNE, None),)),
            Counted(other.street, other.a, other.a1),
        ],
    )
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def page(client: FlaskClient, path: str = "/", language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def big_numbers(html: str) -> list[str]:
    return re.findall(r"<span>[^<]+</span><b>([^<]+)</b>\s*(?:<small|</a>|</div>)", html)[:4]


def test_the_latest_year_with_a_case_opens_with_its_figures_and_their_definition(
    login_as: Login, leader: Actor
) -> None:
    html = page(login_as(leader))
    assert "The year 2020" in html
    assert big_numbers(html) == ["41", "40", "1", "97.56 %"]
    assert "settled ÷ received = 40 ÷ 41, rounded half up" in html
    assert "received_cohort_v1" in html


def test_every_figure_opens_exactly_its_rows(login_as: Login, leader: Actor) -> None:
    client = login_as(leader)
    html = page(client, "/?from=2020-01-01&to=2021-01-01&as_of=2021-01-01")
    links = re.findall(r'href="(/cases\?[^"]*as_of=[^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    assert len(links) > 20
    for address, words in links:
        figure = re.findall(r"\d[\d,]*", re.sub(r"<[^>]+>", " ", words))[-1]
        assert listed(page(client, address)) == int(figure.replace(",", "")), address


def listed(html: str) -> int:
    """How many cases a list says it holds."""
    found = re.search(r"(\d[\d,]*) cases?\b", html)
    assert found, "the list does not say how many cases it holds"
    return int(found[1].replace(",", ""))


def test_a_community_lead_sees_no_more_than_the_community(
    session: Session, login_as: Login, tiny: TinyStreet, leader: Actor
) -> None:
    html = page(login_as(make_actor(session, tiny.b, Role.COMMUNITY_LEAD)))
    assert big_numbers(html)[:3] == ["1", "1", "0"]
    assert "small sample" in html
    assert tiny.a.code not in html
    assert tiny.a.name not in html


def test_the_map_and_the_chart_are_told_rates_and_not_only_counts(login_as: Login, leader: Actor) -> None:
    answer = login_as(leader).get("/").get_data(as_text=True)
    grids = json.loads(re.search(r'id="grids-data">(.*?)</script>', answer, re.DOTALL)[1])
    assert {(grid["received"], grid["rate"], grid["small"]) for grid in grids.values()} >= {
        (39, 100.0, False),
        (1, 100.0, True),
        (0, None, True),
    }
    months = json.loads(re.search(r'id="months-data">(.*?)</script>', answer, re.DOTALL)[1])
    assert [month["received"] for month in months] == [0, 0, 0, 0, 0, 41, 0, 0, 0, 0, 0, 0]


def test_a_period_without_a_matter_shows_a_dash(login_as: Login, leader: Actor) -> None:
    html = page(login_as(leader), "/?from=2019-01-01&to=2020-01-01")
    assert big_numbers(html) == ["0", "0", "0", "—"]


@pytest.mark.parametrize(
    "query", ["from=2020-01-01", "from=2020-01-01&to=2019-01-01", "as_of=soon", "from=x&to=y"]
)
def test_a_wrong_period_is_refused_with_an_answer(login_as: Login, leader: Actor, query: str) -> None:
    assert login_as(leader).get(f"/?{query}").status_code == 422


def test_the_stock_says_that_it_adds_up(login_as: Login, leader: Actor) -> None:
    html = page(login_as(leader), "/stock?from=2020-06-01&to=2020-07-01")
    assert "Every month adds up" in html
    assert re.findall(r'<td class="is-number">(\d+)</td>', html) == ["0", "42", "0", "41", "1"]


def test_an_administrator_is_sent_to_their_own_page_and_sees_no_figure(
    session: Session, login_as: Login, leader: Actor
) -> None:
    user = User(username="admin", name="管理员", password_hash="none")
    session.add(user)
    session.flush()
    session.add(AdminRole(user_id=user.id, role=Role.SYSTEM_ADMIN))
    session.flush()
    client = login_as(Actor(user.id, user.name))
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.location != "/"
    assert client.get("/stock").status_code == 403


def test_nobody_without_a_login_sees_the_overview(client: FlaskClient, session: Session) -> None:
    for path in ("/", "/stock"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/login" in answer.location


def test_the_overview_takes_a_bounded_number_of_statements(
    login_as: Login, leader: Actor, statements: list[str]
) -> None:
    client = login_as(leader)
    statements.clear()
    page(client)
    assert len(statements) <= 14


def test_how_much_was_raised_again_is_told_with_its_rows(
    login_as: Login, leader: Actor, session: Session
) -> None:
    first, again, *_ = session.scalars(select(Case.id).order_by(Case.id))
    insert_rows(session, CaseRepeat, [{"case_id": again, "first_id": first, "linked_at": JUNE}])

    html = page(login_as(leader), "/repeats")

    assert "1 of 41 received were raised again: repeat rate 2.44 %." in html
    (link,) = re.findall(r'href="([^"]+)"', html)
    assert "1 case" in page(login_as(leader), link)
