"""The pages of screenings: a worker answers with one tap, everybody sees the grids in their reach only."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from petitions.models import Case
from petitions.screening.models import Screening
from tests.factories.screenings import asked_of, find_nothing, make_screening, report
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults
from tests.web.test_pages import asked as statements_of

Login = Callable[[Actor], FlaskClient]

TITLE = "节前欠薪排查"


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    person = make_actor(session, tiny.street, Role.STREET_LEADER)
    # What a refused form takes back must not be more than the form.
    session.commit()
    return person


@pytest.fixture
def screening(session: Session, tiny: TinyStreet, leader: Actor) -> Screening:
    """A round of the whole street that lasts from yesterday to tomorrow."""
    today = local_day(now())
    days = {"first_day": today - timedelta(days=1), "last_day": today + timedelta(days=1)}
    found = make_screening(session, tiny.street, leader, now=now(), **days)
    session.commit()
    return found


def test_a_worker_answers_from_the_list_with_one_tap(
    session: Session, tiny: TinyStreet, login_as: Login, screening: Screening
) -> None:
    client = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    answer = f"/screenings/{screening.id}/grids/{tiny.a1.code}/nothing"
    inbox = client.get("/inbox").text
    assert TITLE in inbox
    assert f'href="/screenings/{screening.id}"' in inbox
    assert f'action="{answer}"' in client.get(f"/screenings/{screening.id}").text
    assert f'action="{answer}"' in client.get("/screenings").text
    assert client.get("/screenings").text.count("/nothing") == 1

    assert client.post(answer).status_code == 302

    assert asked_of(session, screening, tiny.a1).answered_at is not None
    assert "/nothing" not in client.get("/screenings").text


def test_a_finding_sent_twice_is_one_case_and_is_taken_back_with_a_reason(
    session: Session, tiny: TinyStreet, login_as: Login, screening: Screening
) -> None:
    client = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    grid = f"/screenings/{screening.id}/grids/{tiny.a1.code}"
    form = {"key": "k1", "body": "某餐馆拖欠工资。", "address": "迎春路11号", "name": "孙某某"}

    first = client.post(f"{grid}/report", data=form)
    second = client.post(f"{grid}/report", data=form)

    assert first.location == second.location == grid
    case = session.scalars(select(Case)).one()
    page = client.get(grid).text
    assert case.number in page
    assert "/nothing" not in page
    assert faults(page) == []
    assert TITLE in client.get(f"/cases/{case.number}").text
    refused = client.post(f"{grid}/retract", data={"case": case.number, "reason": " "})
    assert refused.status_code == 422
    assert 'id="reason-fault"' in refused.text
    client.post(f"{grid}/retract", data={"case": case.number, "reason": "已结清"})
    assert "已结清" in client.get(grid).text


@pytest.mark.parametrize(("field", "text"), [("body", " "), ("phone", "abc"), ("name", "长" * 61)])
def test_a_fault_of_a_finding_is_told_at_its_field(
    session: Session, tiny: TinyStreet, login_as: Login, screening: Screening, field: str, text: str
) -> None:
    client = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    form = {"key": "k1", "body": "某餐馆拖欠工资。", "other_name": "餐馆老板", field: text}

    answer = client.post(f"/screenings/{screening.id}/grids/{tiny.a1.code}/report", data=form)

    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "餐馆老板" in answer.text
    assert session.scalars(select(Case)).all() == []
    assert asked_of(session, screening, tiny.a1).answered_at is None


@pytest.mark.parametrize(
    ("place", "seen"),
    [
        ("street", {"a1", "a2", "b1"}),
        ("a", {"a1", "a2"}),
        ("a2", {"a2"}),
        ("b", {"b1"}),
    ],
)
def test_everybody_sees_the_grids_in_their_reach_and_no_finding_from_elsewhere(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    login_as: Login,
    screening: Screening,
    place: str,
    seen: set[str],
) -> None:
    key = report(session, screening, tiny.a1, leader, now=now(), address="迎春路11号")
    number = session.get_one(Case, key).number
    client = login_as(make_actor(session, getattr(tiny, place), Role.COMMUNITY_LEAD))
    session.commit()

    page = client.get(f"/screenings/{screening.id}").text

    shades = json.loads(re.findall(r"data-shades='([^']*)'", page)[0])
    assert set(shades) == {getattr(tiny, name).code for name in seen}
    assert (number in page) == ("a1" in seen)
    for name in ("a1", "a2", "b1"):
        grid = getattr(tiny, name)
        path = f"/screenings/{screening.id}/grids/{grid.code}"
        status = 200 if name in seen else 404
        assert client.get(path).status_code == status
        assert client.post(f"{path}/nothing").status_code == (
            404 if name not in seen else 302 if name != "a1" else 409
        )


def test_the_people_of_another_street_find_no_round(
    session: Session, tiny: TinyStreet, login_as: Login, screening: Screening
) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    client = login_as(make_actor(session, other.street, Role.STREET_LEADER))
    session.commit()

    assert TITLE not in client.get("/screenings").text
    assert client.get(f"/screenings/{screening.id}").status_code == 404
    assert client.post(f"/screenings/{screening.id}/close", data={"reason": "x"}).status_code == 404
    assert client.get(f"/screenings/{screening.id}/grids/{tiny.a1.code}").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/screenings",
        "/screenings?show=closed",
        "/screenings/new",
        "/screenings/{round}",
        "/screenings/{round}/grids/{grid}",
    ],
)
def test_a_page_is_well_formed(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    login_as: Login,
    screening: Screening,
    path: str,
    language: str,
) -> None:
    find_nothing(session, screening, tiny.b1, leader, now=now())
    report(session, screening, tiny.a1, leader, now=now(), address="迎春路11号")
    session.commit()
    client = login_as(leader)
    client.post(f"/language/{language}")

    answer = client.get(path.format(round=screening.id, grid=tiny.a1.code))

    assert answer.status_code == 200
    assert faults(answer.text) == []
    assert ("排查" in answer.text.replace(TITLE, "")) == (language == "zh")


@pytest.mark.parametrize(("place", "asked"), [("street", "street"), ("street", "a"), ("a", "a")])
def test_a_round_is_opened_once_and_closed_on_screen(
    session: Session, tiny: TinyStreet, login_as: Login, place: str, asked: str
) -> None:
    role = Role.STREET_LEADER if place == "street" else Role.COMMUNITY_LEAD
    client = login_as(make_actor(session, getattr(tiny, place), role, username="opener"))
    session.commit()
    day = local_day(now()).isoformat()
    form = {"title": TITLE, "instruction": "逐户核实。", "unit": getattr(tiny, asked).code, "key": "k"}

    made = client.post("/screenings/new", data={**form, "first_day": day, "last_day": day})
    again = client.post("/screenings/new", data={**form, "first_day": day, "last_day": day})

    assert made.location == again.location
    early = client.post(f"{made.location}/close", data={"reason": ""})
    assert early.status_code == 422
    assert 'id="reason-fault"' in early.text
    assert client.post(f"{made.location}/close", data={"reason": "提前完成"}).status_code == 302
    assert TITLE in client.get("/screenings?show=closed").text
    assert TITLE not in client.get("/screenings").text
    assert client.post(f"{made.location}/close", data={"reason": "提前完成"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("title", "长" * 101),
        ("instruction", ""),
        ("unit", "440799001102"),
        ("unit", "440799001101001"),
        ("first_day", "today"),
        ("last_day", "2020-01-01"),
    ],
)
def test_a_fault_of_a_round_is_told_at_its_field_and_nothing_is_opened(
    session: Session, tiny: TinyStreet, login_as: Login, field: str, text: str
) -> None:
    client = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    day = local_day(now()).isoformat()
    form = {"title": TITLE, "instruction": "逐户核实。", "unit": tiny.a.code, "key": "k"}

    answer = client.post("/screenings/new", data={**form, "first_day": day, "last_day": day, field: text})

    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert session.scalars(select(Screening)).all() == []


def test_a_closed_round_offers_no_answer(
    session: Session, tiny: TinyStreet, leader: Actor, login_as: Login, screening: Screening
) -> None:
    client = login_as(leader)
    client.post(f"/screenings/{screening.id}/close", data={"reason": "提前完成"})
    worker = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    grid = f"/screenings/{screening.id}/grids/{tiny.a1.code}"

    for path in ("/screenings?show=closed", f"/screenings/{screening.id}", grid):
        assert "/nothing" not in worker.get(path).text
    assert worker.post(f"{grid}/nothing").status_code == 409


def test_pages_take_few_statements_however_many_grids_answer(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    login_as: Login,
    screening: Screening,
    statements: list[str],
) -> None:
    client = login_as(leader)
    pages = (f"/screenings/{screening.id}", "/screenings")
    few = [statements_of(session, client, path, statements) for path in pages]
    screening = session.get_one(Screening, screening.id)
    for grid in (tiny.a1, tiny.a2, tiny.b1):
        report(session, screening, session.merge(grid), leader, now=now())

    many = [statements_of(session, client, path, statements) for path in pages]

    assert few == many
    assert max(many) <= 12


@pytest.mark.parametrize("path", ["/screenings/{}", "/screenings/{}/grids/440799001101001"])
def test_a_key_that_cannot_be_is_not_found(leader: Actor, login_as: Login, path: str) -> None:
    for key in ("9" * 20, "0"):
        assert login_as(leader).get(path.format(key)).status_code == 404
