"""Escalation: on the limit and not before, once, with the statutory clock untouched."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.clock import SHANGHAI
from app.notices.models import Notice
from grid.models import Posting
from grid.vocabulary import Tier
from petitions.handling import attention, closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.register import register
from petitions.rules.tier_limits import handed_down_hours
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Urgency, Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, an_intake, make_case
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


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.MAJOR])
@pytest.mark.parametrize("hour", [9, 23])
def test_an_urgent_or_major_matter_is_at_the_street_after_one_sweep_at_whatever_hour(
    session: Session, tiny: TinyStreet, urgency: Urgency, hour: int
) -> None:
    at = MORNING.replace(hour=hour)
    several = [
        make_case(session, tiny.street.id, urgency=urgency, received_at=at, now=at, **AT_A1) for _ in range(3)
    ]
    statutory = [case.due_at for case in several]
    session.commit()
    found = sweep(at)
    assert (found["escalated"], found["skipped"]) == (6, 0)
    for case in several:
        session.refresh(case)
        assert (case.holder_id, case.escalations, case.tier_due_at) == (tiny.street.id, 2, None)
    assert [case.due_at for case in several] == statutory
    assert sweep(at)["due"] == 0
    assert verify(session).ok


def test_what_went_up_at_once_stays_where_it_is_handed_down_for_some_working_hours(
    session: Session, tiny: TinyStreet
) -> None:
    case = make_case(session, tiny.street.id, urgency=Urgency.URGENT, **AT_A1)
    session.commit()
    sweep(MORNING)
    session.refresh(case)
    down = holding.hand_down(
        case, load_office(session), unit_id=tiny.a1.id, reason="你们去", actor=SERVICE, now=MORNING + MOMENT
    )
    record(session, [down])
    session.commit()
    assert case.tier_due_at is not None
    assert case.tier_due_at - MORNING == timedelta(hours=handed_down_hours()) + MOMENT
    assert sweep(case.tier_due_at - MOMENT)["escalated"] == 0
    assert sweep(case.tier_due_at)["escalated"] == 2


def test_a_case_where_nobody_is_posted_goes_up_like_any_other(
    session: Session, case: Case, tiny: TinyStreet
) -> None:
    assert session.scalar(select(func.count()).select_from(Posting)) == 0
    assert case.tier_due_at is not None
    assert sweep(case.tier_due_at)["escalated"] == 1
    session.refresh(case)
    assert case.holder_id == tiny.a.id


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


def test_every_other_case_goes_up_in_one_sweep_however_many_in_front_cannot(
    session: Session, tiny: TinyStreet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.escalate.CHUNK", 50)
    intake = an_intake(**AT_A1)
    ids = [
        made.case_id
        for made in register(session, [intake] * 400, street_id=tiny.street.id, actor=SERVICE, now=MORNING)
    ]
    stuck = ids[:80]
    # At the street with a clock, and due before all others.
    session.execute(
        Case.__table__.update()
        .where(Case.id.in_(stuck))
        .values(holder_id=tiny.street.id, holder_tier=Tier.STREET, tier_due_at=MORNING)
    )
    session.commit()
    found = sweep(MORNING + timedelta(days=30))
    assert (found["escalated"], found["skipped"]) == (320, 80)
    lifted = session.scalars(select(Case.id).where(Case.holder_id == tiny.a.id)).all()
    assert set(lifted) == set(ids[80:])


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
