"""What is loaded and decided here lies over the shipped calendar and is never rewritten."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.calendar.service import decide_day
from app.core.calendar import CalendarMissing, DayKind, WorkingCalendar
from app.core.calendar_models import CalendarYear, CalendarYearDay, LocalDay
from app.core.calendar_store import calendar_at, load_calendar, year_in_force
from app.core.clock import SHANGHAI
from tests.factories.notice import YEAR, load_notice

NOW = datetime(2026, 11, 6, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def test_with_nothing_loaded_the_calendar_is_the_shipped_one(session: Session) -> None:
    assert load_calendar(session) is WorkingCalendar.shipped()


def test_a_loaded_year_is_there_at_once_and_its_days_work_as_the_notice_says(session: Session) -> None:
    with pytest.raises(CalendarMissing, match=str(YEAR)):
        load_calendar(session).is_working_day(date(YEAR, 1, 4))
    load_notice(session, NOW)
    calendar = load_calendar(session)
    assert calendar.years == WorkingCalendar.shipped().years | {YEAR}
    assert not calendar.is_working_day(date(YEAR, 2, 11))
    assert calendar.is_working_day(date(YEAR, 2, 20))
    assert calendar.is_working_day(date(2026, 10, 10))


def test_asking_again_costs_one_statement_and_builds_nothing(session: Session, statements: list[str]) -> None:
    load_notice(session, NOW)
    calendar = load_calendar(session)
    statements.clear()
    assert load_calendar(session) is calendar
    assert len(statements) == 1


def test_what_was_undone_is_not_remembered(session: Session) -> None:
    with session.begin_nested() as undone:
        load_notice(session, NOW)
        assert YEAR in load_calendar(session).years
        undone.rollback()
    assert load_calendar(session) is WorkingCalendar.shipped()
    load_notice(session, NOW, reason="again")
    assert YEAR in load_calendar(session).years


def test_a_corrected_year_is_the_later_version_and_the_earlier_can_still_be_told(session: Session) -> None:
    load_notice(session, NOW)
    correction = f"{YEAR}年端午节：6月9日（周三）至10日（周四）放假，共2天。 国办发〔{YEAR}〕3号"
    load_notice(session, NOW + 9 * DAY, correction, reason="a second notice")
    longer = date(YEAR, 6, 10)
    assert not load_calendar(session).is_working_day(longer)
    assert calendar_at(session, NOW + 9 * DAY - timedelta(microseconds=1)).is_working_day(longer)
    assert not calendar_at(session, NOW + 9 * DAY).is_working_day(longer)
    assert YEAR not in calendar_at(session, NOW - DAY).years
    # The holidays that the second notice does not name are as the first had them.
    assert not load_calendar(session).is_working_day(date(YEAR, 9, 15))


def test_a_corrected_shipped_year_is_replaced_as_a_whole(session: Session) -> None:
    before = year_in_force(session, 2026)
    correction = "2026年中秋节：9月24日至26日放假，共3天。 国办发〔2026〕3号"
    load_notice(session, NOW, correction, reason="a correction")
    calendar = load_calendar(session)
    assert before is not None
    assert calendar.is_working_day(date(2026, 9, 24)) is not WorkingCalendar.shipped().is_working_day(
        date(2026, 9, 24)
    )
    # In the shipped year the holiday was longer and made up for; neither is left.
    assert not WorkingCalendar.shipped().is_working_day(date(2026, 9, 27))
    assert calendar.is_working_day(date(2026, 9, 28))


def test_the_december_before_belongs_to_the_notice_of_new_year(session: Session) -> None:
    assert [day.date for day in year_in_force(session, 2019) or () if day.date.year == 2018] == [
        date(2018, 12, 29),
        date(2018, 12, 30),
        date(2018, 12, 31),
    ]
    # Correcting 2018 leaves them as the notice of 2019 has them.
    load_notice(session, NOW, "2018年中秋节：9月24日、25日放假，共2天。 国办发〔2018〕3号", reason="a test")
    calendar = load_calendar(session)
    assert calendar.is_working_day(date(2018, 12, 29))
    assert not calendar.is_working_day(date(2018, 12, 31))


def test_the_notice_of_the_next_year_speaks_last_about_december(session: Session) -> None:
    off = f"2026年12月31日至{YEAR}年1月2日放假，共3天。2026年12月27日（星期日）上班。"
    load_notice(session, NOW, f"{YEAR}年元旦：{off} 国办发〔2026〕9号")
    calendar = load_calendar(session)
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert calendar.is_working_day(date(2026, 12, 27))


def test_a_local_day_lies_over_the_notice_until_it_is_taken_back(session: Session) -> None:
    typhoon = date(2026, 9, 2)
    for kind, works in ((DayKind.HOLIDAY, False), (None, True)):
        decide_day(session, typhoon, kind, reason="台风", actor=OPERATOR, now=NOW)
        assert load_calendar(session).is_working_day(typhoon) is works


@pytest.mark.parametrize("table", [CalendarYear, CalendarYearDay, LocalDay])
def test_nothing_of_the_calendar_is_changed_or_deleted(session: Session, table: type) -> None:
    load_notice(session, NOW)
    decide_day(session, date(2026, 9, 2), DayKind.HOLIDAY, reason="台风", actor=OPERATOR, now=NOW)
    changes = {CalendarYear: {"year": 2028}, CalendarYearDay: {"name": "x"}, LocalDay: {"reason": "x"}}
    for change in (
        update(table).values(changes[table]),
        delete(table),
        text(f"TRUNCATE {table.__tablename__} CASCADE"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(change)
    assert session.scalars(select(table)).first() is not None
