"""The light of a case at every boundary of its clocks, and that the list's red is the light's red."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from petitions.lights import Clock, Light, light
from petitions.limits import case_light
from petitions.models import Case
from petitions.queries import is_overdue
from tests.factories.cases import make_case
from tests.factories.street import TinyStreet

START = datetime(2020, 6, 1, 9, 0, tzinfo=SHANGHAI)
MICROSECOND = timedelta(microseconds=1)
CALENDAR = WorkingCalendar.shipped()


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(hours=7) - MICROSECOND, Light.GREEN),
        (timedelta(hours=7), Light.YELLOW),
        (timedelta(hours=10) - MICROSECOND, Light.YELLOW),
        (timedelta(hours=10), Light.RED),
    ],
)
def test_a_tiers_clock_turns_yellow_at_thirty_per_cent_and_red_at_its_end(
    passed: timedelta, expected: Light
) -> None:
    clock = Clock(START, START + timedelta(hours=10))

    assert light([clock], START + passed, CALENDAR) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Due before Saturday 2020-08-01: Thursday leaves two working days, Wednesday three.
        (datetime(2020, 7, 29, 23, 59, tzinfo=SHANGHAI), Light.GREEN),
        (datetime(2020, 7, 30, 0, 0, tzinfo=SHANGHAI), Light.YELLOW),
    ],
)
def test_a_short_statutory_clock_turns_yellow_two_working_days_before_its_end(
    now: datetime, expected: Light
) -> None:
    started = datetime(2020, 7, 27, 9, 0, tzinfo=SHANGHAI)
    clock = Clock(started, datetime(2020, 8, 1, tzinfo=SHANGHAI), is_statutory=True)

    assert light([clock], now, CALENDAR) is expected


def test_the_worse_clock_decides_and_no_clock_is_grey() -> None:
    late, fresh = Clock(START, START), Clock(START, START + timedelta(days=100))

    assert light([fresh, late], START, CALENDAR) is Light.RED
    assert light([Clock(START, None)], START, CALENDAR) is Light.GREY


def test_the_list_calls_overdue_what_the_light_shows_red(session: Session, tiny: TinyStreet) -> None:
    case = make_case(session, tiny.street.id, address="迎春路11号")
    assert case.tier_due_at is not None
    for now in (case.tier_due_at - MICROSECOND, case.tier_due_at):
        listed = session.scalars(select(Case.id).where(is_overdue(now))).all()
        assert (case.id in listed) == (case_light(case, now, CALENDAR) is Light.RED)
