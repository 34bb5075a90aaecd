"""The pages and the command of the escalation policy: the table, a checked change, its trace."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core import clock
from app.core.errors import Invalid
from petitions.models import Case
from petitions.policies import TierPolicy
from petitions.policy_cli import group
from tasks.escalate import sweep
from tests.factories.cases import make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor, make_street
from tests.web.parts import faults
from tests.web.test_guards import make_person

Login = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}
CELL = "/policy/440799001/hotline/normal/grid"
FIVE = {"rule": "hours", "hours": "5", "warn": "1", "reason": "试行三个月", "seen": "0"}


@pytest.fixture
def leader(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The street's leader at a browser."""
    return login_as(make_actor(session, tiny.street, Role.STREET_LEADER))


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An order that has just reached a grid."""
    now = clock.now()
    return make_case(
        session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84", received_at=now, now=now
    )


def checked(html: str) -> str:
    found = re.search(r'name="checked" value="([^"]*)"', html)
    assert found, "the page does not say what was checked"
    return found[1]


def test_the_table_shows_every_limit_as_a_default_that_is_no_law(leader: FlaskClient) -> None:
    html = leader.get("/policy", headers=ENGLISH).text
    assert html.count('class="policy-cell"') == 18
    assert html.count("the default</small>") == 18
    assert "not law" in html
    assert "13 working hours, warned 4 hours before" in html


def test_a_change_is_checked_first_then_saved_then_carried_out(
    session: Session, leader: FlaskClient, case: Case
) -> None:
    first = leader.post(CELL, data=FIVE, headers=ENGLISH)
    assert first.status_code == 200
    assert "1 open case is re-planned" in first.text
    assert "0 of them go up with the next sweep" in first.text
    assert session.query(TierPolicy).count() == 0

    saved = leader.post(CELL, data={**FIVE, "checked": checked(first.text)})
    assert saved.location.endswith("/policy?street=440799001")
    version = session.query(TierPolicy).one()
    assert (version.limit_hours, version.warn_before_hours, version.reason) == (5, 1, "试行三个月")
    page = leader.get("/policy", headers=ENGLISH).text
    assert "1 open case is still to be re-planned" in page
    assert "default: 13 working hours" in page.replace("\n", " ").replace("  ", " ")

    sweep(clock.now())
    session.refresh(case)
    assert case.policy_id == version.id
    page = leader.get("/policy", headers=ENGLISH).text
    assert "still to be re-planned" not in page
    assert "1 open case re-planned" in page


def test_what_was_altered_after_the_check_is_checked_again(session: Session, leader: FlaskClient) -> None:
    seen = checked(leader.post(CELL, data=FIVE).text)
    again = leader.post(CELL, data={**FIVE, "hours": "0", "warn": "", "checked": seen})
    assert again.status_code == 200
    assert checked(again.text) != seen
    assert session.query(TierPolicy).count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours": "391"}, "hours"),
        ({"hours": "1.5"}, "hours"),
        ({"hours": ""}, "hours"),
        ({"hours": "٥"}, "hours"),
        ({"warn": "5"}, "warn"),
        ({"warn": "-1"}, "warn"),
        ({"rule": ""}, "rule"),
        ({"rule": "soon"}, "rule"),
        ({"role": "audit_admin"}, "role"),
        ({"role": "king"}, "role"),
        ({"from": "tomorrow"}, "from"),
        ({"from": "2020-06-01T09:00"}, "from"),
        ({"from": "9999-12-31T23:59"}, "from"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_wrong_form_is_shown_again_with_what_is_wrong(
    session: Session, leader: FlaskClient, given: dict[str, str], field: str
) -> None:
    answer = leader.post(CELL, data=FIVE | given, headers=ENGLISH)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert faults(answer.text) == []
    assert session.query(TierPolicy).count() == 0


def test_who_has_an_older_page_is_told_so_and_nothing_is_written_over(
    session: Session, leader: FlaskClient
) -> None:
    seen = checked(leader.post(CELL, data=FIVE, headers=ENGLISH).text)
    leader.post(CELL, data={**FIVE, "checked": seen}, headers=ENGLISH)
    answer = leader.post(CELL, data={**FIVE, "hours": "6"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert "Somebody else has changed this limit" in answer.text
    assert session.query(TierPolicy).count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_limit_is_well_formed_before_and_after_a_change(
    leader: FlaskClient, language: str
) -> None:
    leader.post(f"/language/{language}")
    pages = [leader.get(CELL).text, (first := leader.post(CELL, data=FIVE).text)]
    leader.post(CELL, data={**FIVE, "checked": checked(first)})
    pages += [leader.get(CELL).text, leader.get("/policy").text]
    assert [faults(page) for page in pages] == [[], [], [], []]


@pytest.mark.parametrize(
    "path",
    [
        "/policy/440799001/hotline/normal/street",
        "/policy/440799001/hotline/soon/grid",
        "/policy/440799001/letter/normal/grid",
        "/policy/440799002/hotline/normal/grid",
        "/policy/999999999/hotline/normal/grid",
        "/policy?street=440799002",
    ],
)
def test_what_is_no_limit_of_the_persons_own_street_is_not_found(
    session: Session, leader: FlaskClient, path: str
) -> None:
    make_street(session, code="440799002", name="乙街道")
    assert leader.get(path).status_code == 404
    assert leader.post(path, data=FIVE).status_code in (404, 405)


@pytest.mark.parametrize("role", Role)
def test_only_who_leads_a_street_saves_a_change(
    session: Session, tiny: TinyStreet, login_as: Login, role: Role
) -> None:
    answer = login_as(make_person(session, tiny, role)).post(CELL, data=FIVE)
    assert answer.status_code == (200 if role is Role.STREET_LEADER else 403)


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(group, list(arguments))
    if result.exception:
        raise result.exception
    return result.stdout


def test_the_command_shows_the_cells_and_changes_one_of_them(
    app: Flask, session: Session, tiny: TinyStreet, case: Case
) -> None:
    session.commit()
    order = ("set", "hotline", "grid", "--hours", "5", "--reason", "试行", "--json")
    foretold = json.loads(run(app, *order, "--dry-run"))
    assert (foretold["dry_run"], foretold["open_cases"], foretold["going_up"]) == (True, 1, 0)
    assert session.query(TierPolicy).count() == 0

    done = json.loads(run(app, *order))
    assert (done["limit_hours"], done["made_by"], done["dry_run"]) == (5, "command line", False)
    sweep(clock.now() + timedelta(seconds=1))
    said = json.loads(run(app, "show", "--json"))
    cell = next(each for each in said["cells"] if not each["is_default"])
    assert (cell["kind"], cell["urgency"], cell["tier"], cell["limit_hours"]) == (
        "hotline",
        "normal",
        "grid",
        5,
    )
    assert cell["default"]["limit_hours"] == 13
    assert len(said["cells"]) == 18
    assert [(each["policy"], each["replanned"]) for each in said["versions"]] == [(done["policy"], 1)]
    assert "default: 13 working hours" in run(app, "show")


@pytest.mark.parametrize(
    "order",
    [
        (),
        ("--hours", "5", "--no-limit"),
        ("--hours", "391"),
        ("--hours", "5", "--warn", "5"),
        ("--no-limit", "--warn", "1"),
        ("--hours", "5", "--from", "2020-01-01"),
    ],
)
def test_the_command_refuses_what_makes_no_sense_and_changes_nothing(
    app: Flask, session: Session, tiny: TinyStreet, order: tuple[str, ...]
) -> None:
    session.commit()
    with pytest.raises(Invalid):
        run(app, "set", "hotline", "grid", "--reason", "试行", *order)
    assert session.query(TierPolicy).count() == 0
