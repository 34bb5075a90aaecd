"""A running clock keeps its end whatever is loaded or decided later; it is only listed."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.calendar.service import decide_day
from app.core.calendar import DayKind
from app.core.clock import SHANGHAI
from petitions.differing import Differing, differing
from petitions.handling import closing
from petitions.history import record
from petitions.models import Case
from petitions.rules.deadlines import due_moment
from petitions.verify import verify
from tasks.start_clocks import start_waiting
from tests.factories.cases import make_case
from tests.factories.notice import YEAR, load_notice
from tests.factories.street import IN_A1, TinyStreet, make_actor

# A Monday; the order's limit of 15 working days ends on Monday the 23rd, its grid's on Wednesday.
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
LATER = START + timedelta(hours=1)
PLACED = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84", "received_at": START, "now": START}


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An order in grid A1 with both clocks running."""
    return make_case(session, tiny.street.id, **PLACED)


def day_off(session: Session, day: date, now: datetime = LATER) -> None:
    decide_day(session, day, DayKind.HOLIDAY, reason="台风", actor=OPERATOR, now=now)


def found(session: Session) -> list[Differing]:
    return differing(session, OPERATOR, 100)


def test_with_nothing_decided_nothing_differs(session: Session, case: Case) -> None:
    assert found(session) == []


def test_a_day_off_inside_a_clock_lists_it_and_moves_nothing(session: Session, case: Case) -> None:
    assert case.due_at is not None
    kept = case.due_at, case.tier_due_at, case.event_count
    day_off(session, date(2026, 3, 12))
    assert [(row.number, row.is_statutory, row.ends_at) for row in found(session)] == [
        (case.number, True, case.due_at)
    ]
    assert found(session)[0].would_end_at == case.due_at + timedelta(days=1)
    assert start_waiting(LATER) == 0
    session.refresh(case)
    assert (case.due_at, case.tier_due_at, case.event_count) == kept
    assert verify(session).ok


def test_a_day_off_tomorrow_lists_both_clocks(session: Session, case: Case) -> None:
    day_off(session, date(2026, 3, 3))
    assert [row.is_statutory for row in found(session)] == [True, False]


@pytest.mark.parametrize(
    ("day", "is_listed"),
    [
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
        (date(2026, 3, 23), True),
        (date(2026, 3, 24), False),
    ],
)
def test_only_a_day_that_the_clock_counts_matters(
    session: Session, case: Case, day: date, is_listed: bool
) -> None:
    day_off(session, day)
    assert any(row.is_statutory for row in found(session)) is is_listed


def test_a_clock_that_starts_after_the_decision_counts_with_it(session: Session, tiny: TinyStreet) -> None:
    day_off(session, date(2026, 3, 12), now=START - timedelta(hours=1))
    case = make_case(session, tiny.street.id, **PLACED)
    assert case.due_at == datetime(2026, 3, 25, tzinfo=SHANGHAI)
    assert found(session) == []


def test_a_decision_taken_back_leaves_nothing_to_list(session: Session, case: Case) -> None:
    day_off(session, date(2026, 3, 12))
    decide_day(
        session, date(2026, 3, 12), None, reason="照常", actor=OPERATOR, now=LATER + timedelta(hours=1)
    )
    assert found(session) == []


def test_a_clock_that_waited_and_was_then_corrected_is_listed(session: Session, tiny: TinyStreet) -> None:
    eve = datetime(2026, 12, 31, 11, 30, tzinfo=SHANGHAI)
    case = make_case(session, tiny.street.id, received_at=eve, now=eve)
    load_notice(session, eve)
    session.commit()
    assert start_waiting(eve + timedelta(hours=1)) == 1
    assert found(session) == []
    longer = f"{YEAR}年元旦：1月1日至5日放假，共5天。 国办发〔{YEAR}〕3号"
    load_notice(session, eve + timedelta(hours=2), longer, reason="a second notice")
    assert [row.case_id for row in found(session)] == [case.id]


def test_an_order_with_a_deadline_of_its_own_and_an_ended_case_are_not_compared(
    session: Session, tiny: TinyStreet
) -> None:
    own = make_case(
        session, tiny.street.id, upstream_due_at=due_moment(date(2026, 3, 20)), received_at=START, now=START
    )
    done = make_case(session, tiny.street.id, **PLACED)
    record(session, [closing.withdraw(done, reason="好了", actor=OPERATOR, now=START)])
    day_off(session, date(2026, 3, 12))
    assert own.due_at is not None
    assert found(session) == []


def test_a_list_is_bounded_and_holds_only_what_lies_in_reach(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    make_case(session, tiny.street.id, received_at=START, now=START)
    day_off(session, date(2026, 3, 12))
    assert len(differing(session, OPERATOR, 1)) == 1
    assert len(found(session)) == 2
    ours = differing(session, make_actor(session, tiny.a, Role.COMMUNITY_LEAD), 100)
    assert [row.number for row in ours] == [case.number]
    assert differing(session, make_actor(session, tiny.b, Role.COMMUNITY_LEAD), 100) == []
