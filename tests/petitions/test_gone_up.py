"""What a unit has passed up it still finds: list, badge, count and export say the same."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.vocabulary import Role
from petitions import queries
from petitions.escalation import hand_up
from petitions.export import HEADINGS
from petitions.filters import Filters, Standing
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.tabular import FileForm, write_table
from petitions.vocabulary import CaseKind
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, IN_A2, TinyStreet, make_actor

HOUR = timedelta(hours=1)
LATER = MORNING + 900 * HOUR

Login = Callable[[Actor], FlaskClient]


def placed(session: Session, tiny: TinyStreet, point: tuple[float, float] = IN_A1, **given: object) -> Case:
    return make_case(session, tiny.street.id, lon=point[0], lat=point[1], datum="wgs84", **given)


@pytest.fixture
def worker(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.a1, Role.GRID_WORKER)


def found(session: Session, actor: Actor, now: datetime = LATER) -> set[int]:
    page = queries.list_cases(session, actor, Filters(Standing.GONE_UP, now), 1)
    assert page.total == len(page.items) == queries.count_gone_up(session, actor, Filters(Standing.OPEN, now))
    return {case.id for case in page.items}


def test_what_the_clock_and_what_the_hand_took_up_is_found_and_what_is_still_there_is_not(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    lifted, given, kept = (placed(session, tiny) for _ in range(3))
    beside = placed(session, tiny, IN_A2)
    session.execute(text(f"UPDATE cases SET tier_due_at = NULL, tier_warn_at = NULL WHERE id = {kept.id}"))
    office = load_office(session)
    record(session, [hand_up(given, office, reason="难", actor=worker, now=MORNING + HOUR)])
    session.commit()
    assert lifted.tier_due_at is not None
    assert sweep(lifted.tier_due_at)["escalated"] == 2
    assert found(session, worker) == {lifted.id, given.id}
    assert beside.id not in found(session, make_actor(session, tiny.b1, Role.GRID_WORKER))


def test_it_is_found_however_high_it_has_gone_and_no_more_once_it_has_come_back(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    case, office = placed(session, tiny), load_office(session)
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    for hours in (1, 2):
        up = hand_up(case, office, reason="难", actor=SERVICE, now=MORNING + hours * HOUR)
        record(session, [up])
    assert found(session, worker) == found(session, lead) == {case.id}
    down = holding.hand_down(
        case, office, unit_id=tiny.a.id, reason="你们办", actor=SERVICE, now=MORNING + 3 * HOUR
    )
    record(session, [down])
    assert (found(session, worker), found(session, lead)) == ({case.id}, set())


def test_what_was_handed_back_or_has_ended_was_not_passed_up(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    back, ended, office = placed(session, tiny), placed(session, tiny), load_office(session)
    record(session, [holding.hand_back(back, office, reason="不对", actor=worker, now=MORNING)])
    record(session, [hand_up(ended, office, reason="难", actor=worker, now=MORNING)])
    record(session, [holding.sign_for(ended, actor=SERVICE, now=MORNING)])
    record(session, [closing.withdraw(ended, reason="好", actor=SERVICE, now=MORNING)])
    assert found(session, worker) == set()


def test_the_unit_from_which_a_case_was_lifted_may_still_open_it(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    case, office = placed(session, tiny), load_office(session)
    for hours in (1, 2):
        record(session, [hand_up(case, office, reason="难", actor=SERVICE, now=MORNING + hours * HOUR)])
    assert queries.get_case(session, worker, case.number).id == case.id
    assert case.id in {row.id for row in session.scalars(queries.visible_cases(worker))}


def listed(html: str) -> list[str]:
    return re.findall(r'<span class="num">([0-9]+-[A-Z]\d{4}-\d+)</span>', html)


def sheet(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("standing", Standing)
def test_the_list_its_count_its_badge_and_its_spreadsheet_say_the_same(
    session: Session, tiny: TinyStreet, login_as: Login, worker: Actor, standing: Standing
) -> None:
    office = load_office(session)
    for n, kind in enumerate((CaseKind.HOTLINE, CaseKind.HOTLINE, CaseKind.DISPUTE)):
        case = placed(session, tiny, kind=kind, title=f"=1+{n}")
        if n:
            record(session, [hand_up(case, office, reason="难", actor=worker, now=MORNING)])
    placed(session, tiny, IN_A2)
    session.commit()
    client = login_as(worker)
    for narrow in ("", "&kind=hotline"):
        html = client.get(f"/cases?standing={standing}{narrow}", headers={"Accept-Language": "en"}).get_data(
            as_text=True
        )
        with client.get(f"/cases/export.xlsx?standing={standing}{narrow}") as answer:
            rows = sheet(answer.data)[1:]
        assert [row[0] for row in rows] == listed(html)
        count = re.search(r'class="total">(\d+) case', html)
        assert count
        assert int(count[1]) == len(rows)
        badge = re.search(r'Gone up from us <span class="count">(\d+)<', html)
        assert badge
        assert int(badge[1]) == (1 if narrow else 2)
        if standing is Standing.GONE_UP:
            assert len(rows) == (1 if narrow else 2)
        assert all(str(row[5]).startswith("=1+") for row in rows)


def test_who_serves_at_the_street_has_nothing_above_and_no_such_list(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    client = login_as(make_actor(session, tiny.street, Role.STREET_LEADER))
    assert "standing=gone_up" not in client.get("/cases").text


def test_a_spreadsheet_of_nothing_has_its_headings(session: Session, tiny: TinyStreet) -> None:
    stream = BytesIO()
    assert write_table([str(heading) for heading in HEADINGS], [], stream, FileForm.XLSX) == 0
    assert len(sheet(stream.getvalue())[0]) == 18


def test_the_spreadsheet_of_a_long_list_takes_no_more_statements_than_that_of_a_short_one(
    session: Session, tiny: TinyStreet, login_as: Login, worker: Actor, statements: list[str]
) -> None:
    client = login_as(worker)
    counts = []
    for more in (1, 0, 60):
        for _ in range(more):
            placed(session, tiny)
        session.commit()
        statements.clear()
        with client.get("/cases/export.xlsx") as answer:
            assert answer.status_code == 200
        counts.append(len(statements))
    # The first request also reads who asks.
    assert counts[1] == counts[2]
