"""What is owed of a visit: an outcome from the midnight after it, and what was promised until it is kept."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Conflict
from petitions.reception import outcomes, queries
from petitions.reception.models import Booking, Reception
from petitions.reception.outcomes import Said
from petitions.reception.queries import Show
from tests.factories.receptions import at, make_booking

DURING = at(10)
ANSWER = Said("已责成施工单位三日内结清。", "督促结清工资", date(2020, 6, 11))


@pytest.fixture
def booking(session: Session, clerk: Actor, day: Reception) -> Booking:
    """The first slot, from 9:00 to 9:30."""
    return make_booking(session, day, clerk)


@pytest.mark.parametrize(
    ("now", "owed"),
    [
        (at(12), 0),
        (datetime(2020, 6, 8, 15, 59, 59, tzinfo=UTC), 0),
        (datetime(2020, 6, 8, 16, 0, tzinfo=UTC), 1),
        (datetime(2020, 6, 9, 0, 0, tzinfo=UTC), 1),
    ],
    ids=str,
)
def test_a_booking_without_an_outcome_is_owed_from_midnight_in_shanghai(
    session: Session, clerk: Actor, booking: Booking, now: datetime, owed: int
) -> None:
    assert queries.count_duties(session, clerk, now)[Show.OWED] == owed
    assert len(queries.list_duties(session, clerk, Show.OWED, now, 1).items) == owed


def test_nothing_is_owed_once_there_is_an_outcome(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    late = datetime(2020, 6, 10, tzinfo=UTC)
    outcomes.note_absent(session, booking, day, actor=clerk, now=late)

    assert queries.count_duties(session, clerk, late)[Show.OWED] == 0


def test_a_promise_is_open_until_it_is_kept(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    with pytest.raises(Conflict):
        outcomes.keep_promise(session, booking, day, actor=clerk, now=DURING)
    outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=DURING)
    assert queries.count_duties(session, clerk, DURING)[Show.PROMISED] == 1

    outcomes.keep_promise(session, booking, day, actor=clerk, now=DURING)

    assert queries.count_duties(session, clerk, DURING)[Show.PROMISED] == 0
    with pytest.raises(Conflict):
        outcomes.keep_promise(session, booking, day, actor=clerk, now=DURING)
