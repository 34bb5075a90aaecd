"""Loading a year and deciding a day: who may, what is refused, what is kept."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.calendar.reading import Reading, read
from app.calendar.record import decisions, loadings
from app.calendar.service import decide_day, load_year
from app.core.calendar import DayKind
from app.core.calendar_models import CalendarYear, CalendarYearDay, LocalDay
from app.core.calendar_store import load_calendar
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from tests.factories.notice import NOTICE, NUMBER, YEAR, load_notice
from tests.web.test_guards import make_admin

NOW = datetime(2026, 11, 6, 9, tzinfo=SHANGHAI)
CORRECTION = f"{YEAR}年端午节：6月9日至10日放假，共2天。 国办发〔{YEAR}〕3号"
TYPHOON = date(2026, 9, 2)
SUNDAY = date(2026, 9, 6)


def load(
    session: Session, reading: Reading, *, confirmed: int = 0, actor: Actor = OPERATOR, reason: str = ""
):
    return load_year(session, reading, confirmed=confirmed, reason=reason, actor=actor, now=NOW)


def decide(
    session: Session, day: date, kind: DayKind | None, *, reason: str = "台风", actor: Actor = OPERATOR
):
    return decide_day(session, day, kind, reason=reason, actor=actor, now=NOW)


def test_a_new_year_is_kept_with_who_when_and_the_notice_of_each_day(session: Session) -> None:
    admin = make_admin(session, Role.SYSTEM_ADMIN)
    loaded = load(session, read(NOTICE), actor=admin, reason="a new year needs none, so none is kept")
    assert (loaded.year, loaded.version, loaded.notice, loaded.reason) == (YEAR, 1, NUMBER, None)
    assert (loaded.loaded_at, loaded.loaded_by) == (NOW, admin.id)
    days = session.scalars(select(CalendarYearDay).order_by(CalendarYearDay.day)).all()
    assert len(days) == 31
    assert {day.notice for day in days} == {NUMBER}
    assert [(row.version, who.name) for row, who in loadings(session, YEAR) if who] == [(1, admin.name)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_nobody_else_loads_or_decides(session: Session, role: Role) -> None:
    somebody = Actor(1, "某人", frozenset({role}))
    with pytest.raises(Forbidden):
        load(session, read(NOTICE), actor=somebody)
    with pytest.raises(Forbidden):
        decide(session, TYPHOON, DayKind.HOLIDAY, actor=somebody)
    assert session.scalars(select(CalendarYear)).all() == []
    assert session.scalars(select(LocalDay)).all() == []


@pytest.mark.parametrize("text", [CORRECTION, "2026年端午节：6月19日放假。 国办发〔2026〕3号"])
def test_a_year_that_is_there_is_corrected_only_with_a_reason(session: Session, text: str) -> None:
    load_notice(session, NOW)
    reading = read(text)
    confirmed = 1 if reading.year == YEAR else 0
    with pytest.raises(Invalid) as fault:
        load(session, reading, confirmed=confirmed, reason="  ")
    assert set(fault.value.fields) == {"reason"}
    corrected = load(session, reading, confirmed=confirmed, reason=" a second notice ")
    assert (corrected.version, corrected.reason) == (confirmed + 1, "a second notice")


def test_a_correction_seen_beside_an_older_version_is_refused(session: Session) -> None:
    load_notice(session, NOW)
    with pytest.raises(Conflict, match=str(YEAR)):
        load(session, read(CORRECTION), confirmed=0, reason="a second notice")


@pytest.mark.parametrize("text", [NOTICE, "2026年元旦：1月1日至3日放假，1月4日上班。 国办发〔2026〕3号"])
def test_the_same_days_again_are_refused(session: Session, text: str) -> None:
    load_notice(session, NOW)
    reading = read(text)
    with pytest.raises(Conflict, match=str(reading.year)):
        load(session, reading, confirmed=1 if reading.year == YEAR else 0, reason="again")


@pytest.mark.parametrize(
    "text",
    [
        NOTICE + "\n七、国庆节：10月9日（周六）放假。",
        NOTICE.replace("一、元旦：", ""),
        NOTICE + f"\n八、国庆节：{YEAR + 1}年10月1日放假。",
    ],
)
def test_what_contradicts_itself_or_names_no_holiday_is_not_loaded(session: Session, text: str) -> None:
    with pytest.raises(Invalid):
        load(session, read(text, year=YEAR))
    assert YEAR not in load_calendar(session).years


def test_a_doubt_alone_does_not_keep_a_person_from_loading(session: Session) -> None:
    assert load(session, read(NOTICE.replace("6月9日（周三）", "6月9日（周四）"))).version == 1


def test_a_day_is_decided_with_its_reason_and_taken_back_with_another(session: Session) -> None:
    decide(session, TYPHOON, DayKind.HOLIDAY)
    decide(session, TYPHOON, None, reason="照常上班")
    kept = [(row.day, row.kind, row.reason, who) for row, who in decisions(session, 2026)]
    assert kept == [(TYPHOON, None, "照常上班", None), (TYPHOON, DayKind.HOLIDAY, "台风", None)]
    assert decisions(session, 2025) == []


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (TYPHOON, DayKind.WORKDAY),
        (SUNDAY, DayKind.HOLIDAY),
        (TYPHOON, None),
        (date(2026, 10, 1), DayKind.HOLIDAY),
    ],
)
def test_a_day_that_is_so_already_is_not_decided(session: Session, day: date, kind: DayKind | None) -> None:
    with pytest.raises(Conflict):
        decide(session, day, kind)


def test_a_sunday_may_be_worked_and_a_holiday_too(session: Session) -> None:
    for day in (SUNDAY, date(2026, 10, 7)):
        decide(session, day, DayKind.WORKDAY, reason="防汛")
        assert load_calendar(session).is_working_day(day)


def test_a_day_of_a_year_that_is_missing_is_not_decided(session: Session) -> None:
    with pytest.raises(Invalid) as fault:
        decide(session, date(YEAR, 9, 2), DayKind.HOLIDAY)
    assert set(fault.value.fields) == {"date"}
    load_notice(session, NOW)
    decide(session, date(YEAR, 9, 2), DayKind.HOLIDAY)


@pytest.mark.parametrize(("length", "is_taken"), [(0, False), (1, True), (300, True), (301, False)])
def test_a_decision_needs_a_reason_of_bounded_length(session: Session, length: int, is_taken: bool) -> None:
    def take() -> None:
        decide(session, TYPHOON, DayKind.HOLIDAY, reason="因" * length)

    if is_taken:
        take()
    else:
        with pytest.raises(Invalid, match="300"):
            take()


def test_a_local_day_outlives_a_correction_of_its_year(session: Session) -> None:
    decide(session, TYPHOON, DayKind.HOLIDAY)
    load(session, read("2026年端午节：6月19日放假。 国办发〔2026〕3号"), reason="a correction")
    assert not load_calendar(session).is_working_day(TYPHOON)
