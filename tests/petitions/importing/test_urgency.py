"""An order that its upstream makes urgent later goes up at once too; one that is less so gets its time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.verify import verify
from petitions.vocabulary import Urgency, Verb
from tasks.escalate import sweep
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import NOW, bring_in, csv_file, order

HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """An ordinary order at its grid."""
    bring_in(session, tiny.street.id, csv_file([order()]))
    return session.scalars(select(Case)).one()


def restate(session: Session, tiny: TinyStreet, urgency: str, hours: int) -> None:
    bring_in(session, tiny.street.id, csv_file([order(紧急程度=urgency)]), now=NOW + hours * HOUR)
    session.expire_all()


def test_it_goes_up_with_the_next_sweep_and_the_change_says_why(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    before, statutory = case.tier_due_at, case.due_at
    restate(session, tiny, "特急", 1)
    assert (case.urgency, case.tier_due_at, case.due_at) == (Urgency.MAJOR, case.tier_started_at, statutory)
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.UPDATE)).one()
    assert event.changes["tier_due_at"][0] != event.changes["tier_due_at"][1]
    assert before is not None
    session.commit()
    assert sweep(NOW + HOUR)["escalated"] == 2
    session.refresh(case)
    assert case.holder_id == tiny.street.id
    assert verify(session).ok


def test_less_urgent_again_it_has_the_time_of_an_ordinary_one_from_when_it_came(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    before = case.tier_due_at
    restate(session, tiny, "特急", 1)
    restate(session, tiny, "普通", 2)
    assert (case.urgency, case.tier_due_at) == (Urgency.NORMAL, before)
    assert verify(session).ok


def test_one_that_was_handed_down_has_the_hours_of_one_handed_down(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    office = load_office(session)
    for verb in (
        lambda: holding.hand_back(case, office, reason="不对", actor=SERVICE, now=NOW),
        lambda: holding.rule(case, office, unit_id=tiny.a2.id, reason="归你", actor=SERVICE, now=NOW),
    ):
        record(session, [verb()])
    restate(session, tiny, "特急", 1)
    assert case.tier_due_at is not None
    assert case.tier_due_at > case.tier_started_at


def test_an_ended_one_and_one_at_the_street_have_no_clock_to_count_anew(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    record(session, [holding.sign_for(case, actor=SERVICE, now=NOW)])
    record(session, [closing.withdraw(case, reason="好", actor=SERVICE, now=NOW)])
    restate(session, tiny, "特急", 1)
    assert (case.urgency, case.tier_due_at) == (Urgency.MAJOR, None)
    assert verify(session).ok
