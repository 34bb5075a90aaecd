"""Escalation: on the limit and not before, once, with the statutory clock untouched."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.clock import SHANGHAI
from app.notices.models import Notice
from grid.vocabulary import Tier
from petitions.handling import attention, closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Urgency, Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet

AT_A1 = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order that a grid has had since Monday morning."""
    return make_case(session, tiny.street.id, **AT_A1)


def test_nothing_moves_a_moment_before_the_limit_and_the_case_moves_on_it(
    session: Session, case: Case, tiny: TinyStreet
) -> None:
    due, statutory = case.tier_due_at, case.due_at
    assert due is not None
    assert sweep(due - MOMENT)["escalated"] == 0
    assert case.holder_id == tiny.a1.id
    assert sweep(due)["escalated"] == 1
    session.refresh(case)
    assert (case.holder_id, case.holder_tier, case.escalations) == (tiny.a.id, Tier.COMMUNITY, 1)
    assert (case.due_at, case.tier_started_at) == (statutory, due)


def test_the_warning_comes_before_the_limit_and_only_once(session: Session, case: Case) -> None:
    warn_at = case.tier_warn_at
    assert warn_at is not None
    assert case.tier_due_at is not None
    assert warn_at < case.tier_due_at
    assert sweep(warn_at - MOMENT)["warned"] == 0
    assert sweep(warn_at)["warned"] == 1
    assert sweep(warn_at)["warned"] == 0


def test_a_case_on_which_somebody_has_acted_since_the_sweep_began_waits_for_the_next(
    session: Session, case: Case
) -> None:
    due = case.tier_due_at
    assert due is not None
    record(session, [attention.note(case, text="去看过了", actor=SERVICE, now=due + MOMENT)])
    assert sweep(due)["escalated"] == 0
    assert sweep(due + MOMENT)["escalated"] == 1
    assert verify(session).ok


def test_a_second_sweep_at_the_same_moment_does_nothing(session: Session, case: Case) -> None:
    assert case.tier_due_at is not None
    at = case.tier_due_at
    assert sweep(at)["escalated"] == 1
    again = sweep(at)
    assert (again["due"], again["escalated"], again["warned"]) == (0, 0, 0)


def test_a_late_sweep_lifts_a_case_one_tier_at_a_time(session: Session, case: Case, tiny: TinyStreet) -> None:
    late = MORNING + timedelta(days=200)
    assert sweep(late)["escalated"] == 1
    session.refresh(case)
    assert case.holder_id == tiny.a.id
    assert case.tier_due_at is not None
    assert case.tier_due_at > late


def test_the_street_is_the_last_step(session: Session, case: Case, tiny: TinyStreet) -> None:
    for _ in range(2):
        session.refresh(case)
        assert case.tier_due_at is not None
        sweep(case.tier_due_at)
    session.refresh(case)
    assert (case.holder_id, case.tier_due_at, case.tier_warn_at) == (tiny.street.id, None, None)
    assert sweep(MORNING + timedelta(days=400))["due"] == 0


def test_the_unit_above_is_told_and_the_grid_still_finds_the_case(
    session: Session, case: Case, tiny: TinyStreet
) -> None:
    assert case.tier_due_at is not None
    sweep(case.tier_due_at)
    told = session.scalars(select(Notice).where(Notice.kind == "escalated")).one()
    assert (told.unit_id, told.case_id) == (tiny.a.id, case.id)
    session.refresh(case)
    assert case.grid_id == tiny.a1.id


def test_an_ended_case_never_escalates(session: Session, case: Case) -> None:
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    record(
        session,
        [closing.withdraw(case, reason="好", actor=SERVICE, now=MORNING)],
    )
    assert sweep(MORNING + timedelta(days=400))["due"] == 0


def test_an_urgent_matter_has_less_time(session: Session, case: Case, tiny: TinyStreet) -> None:
    urgent = make_case(session, tiny.street.id, urgency=Urgency.URGENT, **AT_A1)
    assert case.tier_due_at is not None
    assert urgent.tier_due_at is not None
    assert urgent.tier_due_at < case.tier_due_at


def test_a_limit_runs_in_working_hours_over_the_spring_festival(session: Session, tiny: TinyStreet) -> None:
    # Thursday 2020-01-23 16:30: the office opens again on Monday 2020-02-03.
    eve = datetime(2020, 1, 23, 16, 30, tzinfo=SHANGHAI)
    case = make_case(session, tiny.street.id, received_at=eve, now=eve, **AT_A1)
    assert case.tier_due_at is not None
    assert case.tier_due_at > datetime(2020, 2, 3, 9, 0, tzinfo=SHANGHAI)


def test_cases_that_cannot_be_lifted_do_not_keep_the_others_waiting(
    session: Session, case: Case, tiny: TinyStreet
) -> None:
    # A clock at the street, where nobody stands above: no verb makes this row, so it is written by hand.
    stuck = make_case(session, tiny.street.id, address="不知何处")
    session.execute(
        Case.__table__.update().where(Case.id == stuck.id).values(tier_due_at=MORNING - timedelta(days=1))
    )
    found = sweep(MORNING + timedelta(days=30))
    assert (found["due"], found["escalated"], found["skipped"]) == (2, 1, 1)
    session.refresh(case)
    assert case.holder_id == tiny.a.id


def test_the_log_of_a_case_that_cannot_be_lifted_tells_nothing_of_what_people_wrote(
    session: Session, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    # The database answers with the whole row that it refuses.
    session.execute(text("ALTER TABLE cases ADD CONSTRAINT stays CHECK (escalations = 0)"))
    assert case.tier_due_at is not None
    assert sweep(case.tier_due_at)["skipped"] == 1
    assert f"case {case.id} stays where it is: CheckViolation at " in caplog.text
    assert case.title not in caplog.text
    assert case.body not in caplog.text


def test_the_history_says_who_lifted_it_and_why_and_is_proved(session: Session, case: Case) -> None:
    assert case.tier_due_at is not None
    sweep(case.tier_due_at)
    session.expire_all()
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.ESCALATE)).one()
    assert (event.actor_name, event.reason) == ("service", "limit_passed")
    assert verify(session).ok


def test_a_sweep_asks_as_often_for_forty_cases_as_for_four(
    session: Session, tiny: TinyStreet, statements: list[str]
) -> None:
    asked = []
    for count in (4, 40):
        for kind in (CaseKind.HOTLINE, CaseKind.DISPUTE, CaseKind.PETITION):
            for _ in range(count):
                make_case(session, tiny.street.id, kind=kind, **AT_A1)
        session.commit()
        session.expunge_all()
        statements.clear()
        assert sweep(MORNING + timedelta(days=30))["escalated"] > 0
        asked.append(len(statements))
    assert asked[0] == asked[1]
