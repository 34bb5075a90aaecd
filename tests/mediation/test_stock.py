"""Opening + in − out = closing."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI
from mediation.stock import StockRow, stock
from petitions.period import Period
from petitions.vocabulary import Ending
from tests.factories.counted import Counted, write
from tests.factories.street import TinyStreet, make_actor

MAY, JUNE, JULY, AUGUST = (datetime(2020, month, 1, tzinfo=SHANGHAI) for month in (5, 6, 7, 8))
SUMMER = Period(JUNE.date(), AUGUST.date())


def test_months_follow_what_came_in_came_back_and_went_out(session: Session, tiny: TinyStreet) -> None:
    write(
        session,
        [
            Counted(tiny.street, tiny.a, received_at=MAY),
            Counted(tiny.street, tiny.a, received_at=JUNE, endings=((Ending.VOID, JULY, None),)),
            Counted(tiny.street, tiny.b, received_at=MAY, endings=((Ending.SOLVED, JUNE, JULY),)),
        ],
    )
    assert stock(session, OPERATOR, SUMMER, AUGUST) == [
        StockRow("2020-06", opening=2, registered=1, reopened=0, ended=1, closing=2),
        StockRow("2020-07", opening=2, registered=0, reopened=1, ended=1, closing=2),
    ]
    lead = make_actor(session, tiny.b, Role.COMMUNITY_LEAD)
    assert [row.closing for row in stock(session, lead, SUMMER, AUGUST)] == [0, 1]


def test_the_last_month_ends_at_the_cut_off(session: Session, tiny: TinyStreet) -> None:
    half = datetime(2020, 6, 15, tzinfo=SHANGHAI)
    write(session, [Counted(tiny.street, received_at=JUNE), Counted(tiny.street, received_at=half)])
    assert stock(session, OPERATOR, SUMMER, half) == [StockRow("2020-06", 0, 1, 0, 0, 1)]
    assert stock(session, OPERATOR, SUMMER, JUNE) == []


def test_a_matter_that_ended_before_it_was_registered_shows_as_a_gap(
    session: Session, tiny: TinyStreet
) -> None:
    ended = ((Ending.SOLVED, JUNE, None),)
    write(session, [Counted(tiny.street, received_at=MAY, registered_at=JULY, endings=ended)])
    assert [row.gap for row in stock(session, OPERATOR, SUMMER, AUGUST)] == [1, -1]
