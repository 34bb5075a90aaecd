"""The light of a case and every count of what is overdue change at the same moment."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.calendar import WorkingCalendar
from mediation.workload import load_by_tier
from petitions.lights import YELLOW_SHARE, Light
from petitions.limits import case_light
from petitions.models import Case
from petitions.queries import is_overdue
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor

MOMENT = timedelta(microseconds=1)
WORDS = {Light.GREEN: "绿灯", Light.YELLOW: "黄灯", Light.RED: "红灯"}

Login = Callable[[Actor], FlaskClient]
Boundary = Callable[[Case], datetime]


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An order at its grid since Monday morning, with both of its clocks."""
    return make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")


def tier_due(case: Case) -> datetime:
    assert case.tier_due_at is not None
    return case.tier_due_at


def legal_due(case: Case) -> datetime:
    assert case.due_at is not None
    return case.due_at


def tier_short(case: Case) -> datetime:
    """When 30 % of the holder's clock is left."""
    return tier_due(case) - (tier_due(case) - case.tier_started_at) * YELLOW_SHARE


@pytest.mark.parametrize(
    ("boundary", "without", "before", "after"),
    [
        (tier_short, None, Light.GREEN, Light.YELLOW),
        (tier_due, None, Light.YELLOW, Light.RED),
        # The statutory clock by itself: its holder has no limit.
        (legal_due, "tier_due_at", Light.YELLOW, Light.RED),
        # The holder's clock by itself: the case has no end yet.
        (tier_due, "due_at", Light.YELLOW, Light.RED),
    ],
)
def test_list_page_counts_and_spreadsheet_agree_on_both_sides_of_each_boundary(
    session: Session,
    tiny: TinyStreet,
    case: Case,
    login_as: Login,
    monkeypatch: pytest.MonkeyPatch,
    boundary: Boundary,
    without: str | None,
    before: Light,
    after: Light,
) -> None:
    at = boundary(case)
    if without:
        session.execute(Case.__table__.update().values({without: None}))
        session.refresh(case)
    client = login_as(make_actor(session, tiny.street, Role.STREET_LEADER))
    for now, light in ((at - MOMENT, before), (at, after)):
        monkeypatch.setattr("petitions.web.now", lambda now=now: now)
        is_late = light is Light.RED
        assert case_light(case, now, WorkingCalendar.shipped()) is light
        listed = client.get("/cases").text
        assert f"case edge-{light}" in listed
        assert f"light light-{light}" in client.get(f"/cases/{case.number}").text
        counted = client.get("/cases?standing=overdue").text
        assert re.search(r'class="total">共(\d+)件', counted)[1] == str(int(is_late))
        assert (session.query(Case).where(is_overdue(now)).count() == 1) == is_late
        assert [load.overdue for load in load_by_tier(session, OPERATOR, now)] == [int(is_late), 0, 0]
        with client.get("/cases/export.xlsx") as answer:
            sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert WORDS[light] in sheet[1]


def test_an_ended_case_has_no_light_and_is_not_overdue(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    session.execute(
        Case.__table__.update().values(
            ending="solved", state="closed", ended_at=MORNING, tier_due_at=None, tier_warn_at=None
        )
    )
    session.refresh(case)
    late = legal_due(case) + timedelta(days=9)
    assert case_light(case, late, WorkingCalendar.shipped()) is Light.GREY
    assert session.query(Case).where(is_overdue(late)).count() == 0
