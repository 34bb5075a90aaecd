"""Screening rounds: the grids asked are fixed at the opening, each is told, closing keeps the coverage."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import start_of
from app.core.errors import Conflict, Forbidden, Invalid
from app.notices.models import Notice
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.screening import queries, rounds
from petitions.screening.models import Screening, ScreeningEvent, ScreeningGrid
from tasks.remind_screenings import remind_due
from tests.factories.cases import MORNING
from tests.factories.screenings import LAST, an_order, find_nothing, make_screening, report
from tests.factories.street import TinyStreet, make_actor, make_street

REMINDER = datetime(2020, 6, 4, 1, 0, tzinfo=UTC)
"""9:00 in Shanghai of the day before the last."""


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """The street's leader."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def grids_of(session: Session, screening: Screening) -> set[int]:
    """The grids that a round asks."""
    query = select(ScreeningGrid.grid_id).where(ScreeningGrid.screening_id == screening.id)
    return set(session.scalars(query))


def told(session: Session, kind: str) -> list[int]:
    """Which units were told, in order."""
    return list(session.scalars(select(Notice.unit_id).where(Notice.kind == kind).order_by(Notice.unit_id)))


def events(session: Session, screening: Screening) -> list[ScreeningEvent]:
    """The steps of a round, oldest first."""
    query = select(ScreeningEvent).where(ScreeningEvent.screening_id == screening.id)
    return list(session.scalars(query.order_by(ScreeningEvent.id)))


def test_a_street_asks_all_its_grids_and_a_community_its_own_and_each_is_told(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    make_street(session, code="440799002", name="乙街道")
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)

    of_street = make_screening(session, tiny.street, leader)
    assert grids_of(session, of_street) == {tiny.a1.id, tiny.a2.id, tiny.b1.id}
    assert told(session, "screening_open") == sorted([tiny.a1.id, tiny.a2.id, tiny.b1.id])

    of_community = make_screening(session, tiny.a, lead)
    assert grids_of(session, of_community) == {tiny.a1.id, tiny.a2.id}
    assert (of_community.street_id, of_community.unit_id) == (tiny.street.id, tiny.a.id)


def test_a_grid_that_comes_later_is_not_asked(session: Session, tiny: TinyStreet, leader: Actor) -> None:
    screening = make_screening(session, tiny.a, leader)
    code = f"{tiny.a.code}009"
    parent = {"parent_id": tiny.a.id, "parent_code": tiny.a.code}
    session.add(Unit(tier=Tier.GRID, code=code, name="新网格", **parent))
    session.flush()

    assert grids_of(session, screening) == {tiny.a1.id, tiny.a2.id}


@pytest.mark.parametrize(
    ("place", "role", "asked"),
    [
        ("a", Role.COMMUNITY_LEAD, "street"),
        ("a", Role.COMMUNITY_LEAD, "b"),
        ("a1", Role.GRID_WORKER, "a1"),
        ("street", Role.HOTLINE_CLERK, "street"),
        ("street", Role.MEDIATOR, "a"),
    ],
)
def test_who_does_not_lead_the_unit_opens_and_closes_no_round_in_it(
    session: Session, tiny: TinyStreet, leader: Actor, place: str, role: Role, asked: str
) -> None:
    person = make_actor(session, getattr(tiny, place), role, username="person")
    with pytest.raises(Forbidden):
        make_screening(session, getattr(tiny, asked), person)

    screening = make_screening(session, tiny.street, leader)
    with pytest.raises(Forbidden):
        rounds.close_round(session, screening, reason="完成", actor=person, now=MORNING)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": date(2020, 5, 31)}, "last_day"),
        ({"first_day": date(2020, 5, 1), "last_day": date(2020, 5, 31)}, "last_day"),
        ({"last_day": date(2021, 6, 3)}, "last_day"),
    ],
)
def test_days_that_cannot_be_are_told(
    session: Session, tiny: TinyStreet, leader: Actor, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_screening(session, tiny.street, leader, **wrong)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("now", "may_open"),
    [
        (datetime(2020, 6, 5, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2020, 6, 5, 16, 0, tzinfo=UTC), False),
    ],
    ids=["23:59:59 of the last day in Shanghai", "midnight in Shanghai"],
)
def test_a_round_is_opened_until_its_last_day_is_over(
    session: Session, tiny: TinyStreet, leader: Actor, now: datetime, may_open: bool
) -> None:
    if may_open:
        assert make_screening(session, tiny.street, leader, now=now).id
    else:
        with pytest.raises(Invalid):
            make_screening(session, tiny.street, leader, now=now)


def test_a_unit_without_grids_is_not_asked(session: Session, leader: Actor, tiny: TinyStreet) -> None:
    with pytest.raises(Invalid) as refused:
        make_screening(session, tiny.a1, leader)

    assert set(refused.value.fields) == {"unit"}


@pytest.mark.parametrize(
    ("first", "last", "opened", "expected"),
    [
        # In the morning of the day before the last,
        (date(2020, 6, 1), date(2020, 6, 5), MORNING, REMINDER),
        (date(2020, 6, 1), date(2020, 6, 5), REMINDER - timedelta(microseconds=1), REMINDER),
        # of the last day where that is past at the opening or before the first day,
        (date(2020, 6, 1), date(2020, 6, 5), REMINDER, REMINDER + timedelta(days=1)),
        (date(2020, 6, 5), date(2020, 6, 5), MORNING, REMINDER + timedelta(days=1)),
        # and never where the last morning is past too.
        (date(2020, 6, 1), date(2020, 6, 5), REMINDER + timedelta(days=1), None),
    ],
)
def test_the_reminder_comes_between_the_opening_and_the_end(
    first: date, last: date, opened: datetime, expected: datetime | None
) -> None:
    assert rounds.remind_at(an_order(first_day=first, last_day=last), opened) == expected


def test_grids_that_have_not_answered_are_told_once_before_the_end(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    screening = make_screening(session, tiny.street, leader)
    find_nothing(session, screening, tiny.a1, leader)
    report(session, screening, tiny.b1, leader)

    assert remind_due(REMINDER - timedelta(microseconds=1)) == 0
    assert told(session, "screening_due") == []
    assert remind_due(REMINDER) == 1
    assert told(session, "screening_due") == [tiny.a2.id]
    assert remind_due(REMINDER) == 0
    assert remind_due(REMINDER + timedelta(hours=3)) == 0
    assert told(session, "screening_due") == [tiny.a2.id]
    assert events(session, screening)[-1].act == "remind"


@pytest.mark.parametrize(
    ("now", "reminded"),
    [(start_of(date(2020, 6, 6)) - timedelta(microseconds=1), 1), (start_of(date(2020, 6, 6)), 0)],
    ids=["last moment", "midnight in Shanghai"],
)
def test_a_tick_that_comes_late_reminds_until_the_end_and_never_after(
    session: Session, tiny: TinyStreet, leader: Actor, now: datetime, reminded: int
) -> None:
    make_screening(session, tiny.street, leader)

    assert remind_due(now) == reminded


def test_every_round_that_is_due_is_reminded_of_and_a_closed_one_is_not(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    for _ in range(3):
        make_screening(session, tiny.a, leader)
    closed = make_screening(session, tiny.b, leader)
    rounds.close_round(session, closed, reason="合并到街道", actor=leader, now=MORNING)

    assert remind_due(REMINDER) == 3
    assert tiny.b1.id not in told(session, "screening_due")


def test_closing_keeps_the_coverage_and_takes_no_more_answers(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    screening = make_screening(session, tiny.street, leader)
    find_nothing(session, screening, tiny.a1, leader)
    report(session, screening, tiny.b1, leader)
    after = start_of(LAST + timedelta(days=1))
    find_nothing(session, screening, tiny.a2, leader, now=after)

    rounds.close_round(session, screening, reason="", actor=leader, now=after)

    kept = events(session, screening)[-1].detail
    assert kept == {"asked": 3, "answered": 3, "late": 1, "found": 1, "findings": 1}
    with pytest.raises(Conflict):
        rounds.close_round(session, screening, reason="", actor=leader, now=after)
    with pytest.raises(Conflict):
        report(session, screening, tiny.a1, leader, now=after)
    page = queries.list_screenings(session, leader, 1, is_closed=True)
    assert [row[2].counts() for row in page.items] == [kept]


@pytest.mark.parametrize(
    ("now", "needs_reason"),
    [
        (datetime(2020, 6, 5, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2020, 6, 5, 16, 0, tzinfo=UTC), False),
    ],
    ids=["23:59:59 of the last day in Shanghai", "midnight in Shanghai"],
)
def test_closing_before_the_last_day_is_over_needs_a_reason(
    session: Session, tiny: TinyStreet, leader: Actor, now: datetime, needs_reason: bool
) -> None:
    screening = make_screening(session, tiny.street, leader)
    if needs_reason:
        with pytest.raises(Invalid):
            rounds.close_round(session, screening, reason=" ", actor=leader, now=now)
        assert screening.closed_at is None
    rounds.close_round(session, screening, reason="提前完成", actor=leader, now=now)

    assert screening.closed_at == now
