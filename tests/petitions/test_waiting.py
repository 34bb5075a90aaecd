"""A clock whose calendar is missing waits, is counted, and starts by an event once it is there."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.calendar_store import load_calendar
from app.core.clock import SHANGHAI
from petitions import clocks
from petitions.handling import acceptance, closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.rules.tier_limits import TierLimits
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Channel, ServiceMethod, Verb
from tasks.escalate import sweep
from tasks.start_clocks import start_waiting
from tests.factories.cases import make_case
from tests.factories.notice import YEAR, load_notice
from tests.factories.street import IN_A1, TinyStreet

LAST = YEAR - 1
EVE = datetime(LAST, 12, 31, 11, 30, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order of the last morning that has a calendar, in a grid."""
    found = make_case(
        session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84", received_at=EVE, now=EVE
    )
    session.commit()
    return found


def test_both_clocks_wait_each_for_its_own_year_and_a_sweep_counts_the_case(
    session: Session, case: Case
) -> None:
    assert (case.due_at, case.due_missing_year) == (None, LAST + 1)
    assert (case.tier_due_at, case.tier_warn_at, case.tier_missing_year) == (None, None, LAST + 1)
    found = sweep(EVE + HOUR)
    assert (found["due"], found["escalated"], found["skipped"]) == (0, 0, 1)


def test_nothing_starts_before_the_calendar_is_there(session: Session, case: Case) -> None:
    assert start_waiting(EVE + HOUR) == 0
    session.refresh(case)
    assert case.event_count == 1


def test_with_the_calendar_they_end_where_they_would_have_ended(session: Session, case: Case) -> None:
    load_notice(session, EVE)
    assert start_waiting(EVE + HOUR) == 1
    assert start_waiting(EVE + HOUR) == 0
    session.refresh(case)
    calendar = load_calendar(session)
    intake = clocks.Intake(case.kind, case.order_type, EVE, EVE, None)
    expected = clocks.start(intake, calendar) | clocks.tier(
        TierLimits.shipped().get(case.kind, case.urgency, case.holder_tier), EVE, calendar
    )
    assert {name: getattr(case, name) for name in expected} == expected
    assert case.due_at is not None
    assert case.tier_due_at is not None
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.START_CLOCK)).one()
    assert event.reason == "calendar_loaded"
    assert sweep(case.tier_due_at)["escalated"] == 1
    assert verify(session).ok


def test_the_sixty_days_of_a_petition_are_counted_from_its_acceptance(
    session: Session, tiny: TinyStreet
) -> None:
    # Its sixtieth day lies in the year without a calendar, so that nobody can tell whether it rolls over.
    received, accepted = EVE - timedelta(days=40), EVE - timedelta(days=30)
    case = make_case(
        session,
        tiny.street.id,
        kind=CaseKind.PETITION,
        channel=Channel.VISIT,
        received_at=received,
        now=received,
    )
    assert case.due_missing_year is None
    done = acceptance.notify_route(
        case, load_office(session), service=ServiceMethod.MAIL, actor=SERVICE, now=accepted
    )
    record(session, [done])
    assert (case.due_at, case.due_missing_year) == (None, LAST + 1)
    load_notice(session, EVE)
    session.commit()
    assert start_waiting(EVE) == 1
    session.refresh(case)
    expected = clocks.accepted(case.rule_set, accepted, load_calendar(session))
    assert (case.due_at, case.due_missing_year) == (expected["due_at"], None)
    assert case.due_at is not None


def test_an_ended_case_waits_for_nothing(session: Session, case: Case) -> None:
    record(session, [holding.sign_for(case, actor=SERVICE, now=EVE)])
    done = closing.withdraw(case, reason="好了", actor=SERVICE, now=EVE + HOUR)
    record(session, [done])
    session.commit()
    assert case.tier_missing_year is None
    assert sweep(EVE + HOUR)["skipped"] == 0
    load_notice(session, EVE)
    assert start_waiting(EVE + HOUR) == 0


def test_a_clock_that_cannot_be_started_does_not_hold_up_the_others(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    other = make_case(session, tiny.street.id, received_at=EVE, now=EVE)
    session.execute(update(Case).where(Case.id == case.id).values(due_rule="no_such_rules.handle"))
    load_notice(session, EVE)
    session.commit()
    assert start_waiting(EVE + HOUR) == 1
    session.refresh(case)
    session.refresh(other)
    assert (case.due_at, case.event_count) == (None, 1)
    assert other.due_at is not None
