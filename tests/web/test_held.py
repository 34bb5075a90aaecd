"""Who held what how long, as the page of a case and the overview show it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.vocabulary import Role
from petitions.escalation import hand_up
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}
HOUR = timedelta(hours=1)
JUNE = "from=2020-06-01&to=2020-07-01&as_of=2020-06-02T12:00"


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An order that its grid had for three hours and its community has had since."""
    made = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    office = load_office(session)
    record(session, [hand_up(made, office, reason="难", actor=SERVICE, now=MORNING + 3 * HOUR)])
    session.commit()
    return made


def rows(html: str) -> list[list[str]]:
    """The cells of every row of a page's tables, without their markup."""
    return [
        [
            re.sub(r"<[^>]+>|\s+", " ", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)
    ]


def test_the_page_of_a_case_shows_each_holder_with_its_time(
    session: Session, tiny: TinyStreet, login_as: Login, case: Case
) -> None:
    client = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    html = client.get(f"/cases/{case.number}", headers=ENGLISH).text
    strip = html.partition('class="held-list"')[2].partition("</ol>")[0]
    assert re.findall(r"<b>([^<]+)</b>", strip) == [tiny.a1.name, tiny.a.name]
    assert "3 hours" in strip
    assert strip.count("went up") == strip.count("has it still") == 1
    assert faults(html) == []


def test_a_case_that_never_changed_hands_has_no_strip(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    case = make_case(session, tiny.street.id)
    client = login_as(make_actor(session, tiny.street, Role.STREET_LEADER))
    assert "held-list" not in client.get(f"/cases/{case.number}").text


def test_the_overview_tells_tier_and_unit_their_share(
    session: Session, tiny: TinyStreet, login_as: Login, case: Case
) -> None:
    client = login_as(make_actor(session, tiny.street, Role.STREET_LEADER))
    found = rows(client.get(f"/holding?{JUNE}", headers=ENGLISH).text)
    assert [row[:3] for row in found if row[0] in ("Community", "Grid")] == [
        ["Community", "1", "1 day"],
        ["Grid", "1", "3 hours"],
    ]
    assert [row[0].split("  ")[0] for row in found if "网格" in row[0] or "社区" in row[0]] == [
        f"{tiny.a.name}",
        f"{tiny.a1.name}",
    ]


def test_who_may_see_no_figure_sees_none_and_a_lead_sees_the_own_units_only(
    session: Session, tiny: TinyStreet, login_as: Login, case: Case
) -> None:
    html = login_as(make_actor(session, tiny.b, Role.COMMUNITY_LEAD)).get(f"/holding?{JUNE}").text
    assert tiny.a.name not in html
    assert rows(html) == []
