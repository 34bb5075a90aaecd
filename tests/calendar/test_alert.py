"""Who is told that a year is missing, from when, and how many clocks wait."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.calendar.alert import MissingYear, missing_years
from app.core.clock import SHANGHAI
from petitions.vocabulary import CaseKind, Channel
from petitions.waiting import waiting_clocks
from tests.factories.cases import make_case
from tests.factories.notice import YEAR, load_notice
from tests.factories.street import IN_A1, TinyStreet, make_actor
from tests.web.test_guards import make_admin

LAST_DAY = datetime(YEAR - 1, 12, 31, 11, 30, tzinfo=SHANGHAI)
AUTUMN = datetime(YEAR - 1, 11, 30, 23, 59, tzinfo=SHANGHAI)


@pytest.fixture
def waiting(session: Session, tiny: TinyStreet) -> None:
    """Two clocks that wait of an order in grid A1, and one of a petition at the street."""
    make_case(
        session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84", received_at=LAST_DAY, now=LAST_DAY
    )
    early = LAST_DAY - timedelta(days=10)
    make_case(
        session,
        tiny.street.id,
        kind=CaseKind.PETITION,
        channel=Channel.VISIT,
        order_type=None,
        received_at=early,
        now=early,
    )


def test_the_keeper_is_told_of_all_clocks_and_a_leader_of_those_in_reach(
    session: Session, tiny: TinyStreet, waiting: None
) -> None:
    def clocks(actor: Actor) -> list[int]:
        return [missing.clocks for missing in missing_years(session, actor, LAST_DAY)]

    assert clocks(make_admin(session, Role.SYSTEM_ADMIN)) == [3]
    assert clocks(make_actor(session, tiny.street, Role.STREET_LEADER)) == [3]
    assert clocks(make_actor(session, tiny.a, Role.COMMUNITY_LEAD)) == [2]
    assert clocks(make_actor(session, tiny.b, Role.COMMUNITY_LEAD)) == [0]


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.MEDIATOR])
def test_whoever_cannot_help_is_not_told(
    session: Session, tiny: TinyStreet, waiting: None, role: Role
) -> None:
    assert missing_years(session, make_actor(session, tiny.street, role), LAST_DAY) == []


@pytest.mark.parametrize(
    ("now", "years"),
    [
        (AUTUMN, []),
        (AUTUMN + timedelta(minutes=1), [YEAR]),
        (datetime(YEAR, 1, 1, tzinfo=SHANGHAI), [YEAR]),
        (datetime(YEAR, 12, 1, tzinfo=SHANGHAI), [YEAR, YEAR + 1]),
    ],
)
def test_without_a_waiting_clock_the_year_at_hand_is_missed_from_december_on(
    session: Session, now: datetime, years: list[int]
) -> None:
    admin = make_admin(session, Role.SYSTEM_ADMIN)
    assert missing_years(session, admin, now) == [MissingYear(year, 0) for year in years]


def test_a_loaded_year_is_missed_no_more_even_before_its_clocks_have_started(
    session: Session, tiny: TinyStreet, waiting: None
) -> None:
    admin = make_admin(session, Role.SYSTEM_ADMIN)
    load_notice(session, LAST_DAY)
    assert waiting_clocks(session, admin) == {YEAR: 3}
    assert missing_years(session, admin, LAST_DAY) == []
