"""The pages of the calendar: a year in months, a notice in two steps, a local day, who is warned."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.calendar_models import CalendarYear, LocalDay
from app.core.clock import SHANGHAI, now
from tests.factories.cases import make_case
from tests.factories.notice import NOTICE, NUMBER, YEAR, load_notice
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
MOST_STATEMENTS = 12
EVE = datetime(YEAR - 1, 12, 31, 11, 30, tzinfo=SHANGHAI)


@pytest.fixture
def keeper(session: Session, login_as: Login) -> FlaskClient:
    """The system administrator's browser, in English."""
    client = login_as(make_admin(session, Role.SYSTEM_ADMIN))
    session.commit()
    client.post("/language/en")
    return client


def hidden(page: str) -> dict[str, str]:
    """What the second step sends of its own accord."""
    form = page.partition('action="/calendar/load/confirm"')[2]
    (text,) = re.findall(r'<textarea name="text" hidden>(.*?)</textarea>', form, re.DOTALL)
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    return {name: unescape(value) for name, value in {**values, "text": text}.items()}


def preview(client: FlaskClient, text: str, **given: str) -> str:
    answer = client.post("/calendar/load", data={"text": text, **given})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path", ["/calendar", "/calendar?year=2020", "/calendar?year=2027", "/calendar/load"]
)
def test_a_page_is_well_formed(
    session: Session, keeper: FlaskClient, statements: list[str], path: str, language: str
) -> None:
    keeper.post(f"/language/{language}")
    statements.clear()
    page = keeper.get(path).text
    assert faults(page) == []
    assert ("工作日历" in page) == (language == "zh")
    assert len(statements) <= MOST_STATEMENTS


def test_a_year_shows_each_day_with_its_notice_and_each_holiday_in_the_table(
    keeper: FlaskClient, session: Session
) -> None:
    page = keeper.get("/calendar?year=2020").text
    assert page.count('class="cal-month"') == 12
    extended = re.search(r'<td class="cal-off" title="(2020-01-31 [^"]+)">', page)
    assert extended
    assert "content_5472352" in extended[1]
    assert re.search(
        r'<td class="cal-made_up" title="2020-10-10 Sat · make-up working day · [^"]+">10<i>on', page
    )
    assert "Working days: 249" in page
    assert "2020-01-24 – 01-30" in page
    assert "shipped with the program" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("year=1989", 422), ("year=x", 200), ("as_of=yesterday", 422), ("as_of=2026-01-01", 200)],
)
def test_nonsense_in_the_address_is_answered(
    keeper: FlaskClient, session: Session, query: str, status: int
) -> None:
    assert keeper.get(f"/calendar?{query}").status_code == status


def test_those_who_only_look_find_no_form(session: Session, tiny: TinyStreet, login_as: Login) -> None:
    page = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER)).get("/calendar").text
    assert "/calendar/load" not in page
    assert 'action="/calendar/day"' not in page
    assert "/calendar/differing" in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
@pytest.mark.parametrize("path", ["/calendar/load", "/calendar/load/confirm", "/calendar/day"])
def test_nobody_but_the_keeper_sends_anything(
    session: Session, tiny: TinyStreet, login_as: Login, role: Role, path: str
) -> None:
    is_admin = role.value.endswith("_admin")
    person = make_admin(session, role) if is_admin else make_actor(session, tiny.street, role)
    sent = {"text": NOTICE, "version": "0", "date": "2026-09-02", "kind": "holiday", "reason": "台风"}
    assert login_as(person).post(path, data=sent).status_code == 403


def test_a_notice_is_first_shown_and_loaded_only_when_confirmed(
    keeper: FlaskClient, session: Session
) -> None:
    page = preview(keeper, NOTICE)
    assert faults(page) == []
    for told in (NUMBER, "2027-02-05 – 02-11", "2027-02-20 Sat", ">25<", ">250<"):
        assert told in page
    assert session.scalars(select(CalendarYear)).all() == []

    answer = keeper.post("/calendar/load/confirm", data=hidden(page))
    assert (answer.status_code, answer.location) == (302, f"/calendar?year={YEAR}")
    loaded = session.scalars(select(CalendarYear)).one()
    assert (loaded.year, loaded.version, loaded.notice) == (YEAR, 1, NUMBER)
    shown = keeper.get(answer.location).text
    assert faults(shown) == []
    assert "Working days: 250" in shown
    assert "管理员" in shown


def test_a_file_is_read_as_a_paste_is(keeper: FlaskClient, session: Session) -> None:
    file = io.BytesIO(NOTICE.encode("gb18030"))
    answer = keeper.post("/calendar/load", data={"text": "", "file": (file, "notice.txt")})
    assert answer.status_code == 200
    assert NUMBER in answer.text


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"text": ""}, "text-fault"),
        ({"text": "各街道：放假安排另行通知。", "year": "2027"}, "text-fault"),
        ({"text": NOTICE, "year": "next"}, "year-fault"),
        ({"text": NOTICE, "year": "2028"}, "year-fault"),
        ({"text": "元旦：1月1日放假。", "year": "2027"}, "notice-fault"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_kept_in_the_form(
    keeper: FlaskClient, session: Session, sent: dict[str, str], fault: str
) -> None:
    answer = keeper.post("/calendar/load", data=sent)
    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert f'id="{fault}"' in answer.text
    assert sent["text"] in unescape(answer.text)


def test_doubts_must_be_compared_before_they_are_taken(keeper: FlaskClient, session: Session) -> None:
    page = preview(keeper, NOTICE.replace("6月9日（周三）", "6月9日（周四）"))
    assert "2027-06-09 is a Wed, but the text says Thu." in page
    refused = keeper.post("/calendar/load/confirm", data=hidden(page))
    assert refused.status_code == 422
    assert faults(refused.text) == []
    assert 'id="compared-fault"' in refused.text
    assert keeper.post("/calendar/load/confirm", data={**hidden(page), "compared": "1"}).status_code == 302


def test_what_blocks_is_shown_without_a_way_to_confirm(keeper: FlaskClient, session: Session) -> None:
    text = NOTICE.replace("一、元旦：", "")
    page = preview(keeper, text)
    assert "belongs to no holiday" in page
    assert "/calendar/load/confirm" not in page
    sent = {"text": text, "year": str(YEAR), "notice": NUMBER, "version": "0", "compared": "1"}
    assert keeper.post("/calendar/load/confirm", data=sent).status_code == 422


def test_a_correction_shows_what_changes_and_asks_why(keeper: FlaskClient, session: Session) -> None:
    page = preview(keeper, "端午节：6月19日（周五）放假。", year="2026", notice="a second notice")
    assert "is no longer: day off" in page
    assert keeper.post("/calendar/load/confirm", data=hidden(page)).status_code == 422
    sent = {**hidden(page), "reason": "a second notice came"}
    assert keeper.post("/calendar/load/confirm", data=sent).status_code == 302
    # The page that was confirmed once shows an older version than the one in force now.
    assert keeper.post("/calendar/load/confirm", data=sent).status_code == 409
    assert "a second notice came" in keeper.get("/calendar?year=2026").text


def test_a_past_moment_shows_the_year_as_it_was_known(keeper: FlaskClient, session: Session) -> None:
    early = now() - timedelta(days=2)
    load_notice(session, early)
    then = (early - timedelta(seconds=1)).isoformat()
    assert "Working days" in keeper.get(f"/calendar?year={YEAR}").text
    page = keeper.get("/calendar", query_string={"year": YEAR, "as_of": then}).text
    assert "Working days" not in page
    assert "As it was known at" in page


def test_a_day_is_decided_on_the_page_and_shown_with_who_and_why(
    keeper: FlaskClient, session: Session
) -> None:
    sent = {"date": "2026-12-02", "kind": "holiday", "reason": "寒潮停工", "year": "2026"}
    answer = keeper.post("/calendar/day", data=sent)
    assert (answer.status_code, answer.location) == (302, "/calendar?year=2026")
    page = keeper.get(answer.location).text
    assert faults(page) == []
    assert "寒潮停工" in page
    assert re.search(r'<td class="cal-off cal-local" title="2026-12-02 Wed · day off · 寒潮停工">2<', page)
    assert "Working days: 247" in page


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"date": "soon"}, 422),
        ({"date": "2027-09-02"}, 422),
        ({"kind": "perhaps"}, 422),
        ({"reason": " "}, 422),
        ({"date": "2026-12-05"}, 409),
        ({"kind": "as_noticed"}, 409),
    ],
)
def test_a_day_that_cannot_be_decided_is_answered_on_the_page(
    keeper: FlaskClient, session: Session, changes: dict[str, str], status: int
) -> None:
    sent = {"date": "2026-12-02", "kind": "holiday", "reason": "寒潮停工", "year": "2026"} | changes
    answer = keeper.post("/calendar/day", data=sent)
    assert answer.status_code == status
    assert faults(answer.text) == []
    assert 'role="alert"' in answer.text
    assert session.scalars(select(LocalDay)).all() == []


def test_the_keeper_and_the_leader_are_warned_while_clocks_wait(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    make_case(session, tiny.street.id, received_at=EVE, now=EVE)
    keeper, leader = (
        make_admin(session, Role.SYSTEM_ADMIN),
        make_actor(session, tiny.street, Role.STREET_LEADER),
    )
    for person, path, has_way in (
        (keeper, "/people", True),
        (leader, "/", False),
        (leader, "/calendar", False),
    ):
        page = login_as(person).get(path, headers={"Accept-Language": "en"}).text
        assert f"The calendar of {YEAR} is not loaded." in page
        assert "1 clock waits" in page
        assert (f"/calendar/load?year={YEAR}" in page) is has_way


def test_the_clocks_that_would_end_elsewhere_are_listed_for_those_who_see_the_cases(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    case = make_case(session, tiny.street.id, received_at=start, now=start)
    sent = {"date": "2026-03-12", "kind": "holiday", "reason": "台风"}
    assert (
        login_as(make_admin(session, Role.SYSTEM_ADMIN)).post("/calendar/day", data=sent).status_code == 302
    )
    for unit, is_seen in ((tiny.street, True), (tiny.b, False)):
        page = login_as(make_actor(session, unit, Role.COMMUNITY_LEAD)).get("/calendar/differing").text
        assert faults(page) == []
        assert (case.number in page) is is_seen
