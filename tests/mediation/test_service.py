"""A mediation: consent, sessions, an agreement that settles its case in the same step, or none."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.core.secrecy import vault
from mediation.models import Agreement, Mediation, MediationSession
from mediation.service import Side, Terms, agree, fail, hold_session, open_mediation, running
from mediation.vocabulary import AgreementForm, MediationState, StartedBy
from petitions.handling import acceptance
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.verify import verify
from petitions.vocabulary import CaseKind, CaseState, Channel, Ending, RiskLevel, Verb
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor, make_street

HOUR = timedelta(hours=1)
BOTH = [Side("张三", "10040000001", is_applicant=True), Side("李四")]
WRITTEN = Terms(AgreementForm.WRITTEN, "乙方七日内修好水管。", Decimal("800.00"))


@pytest.fixture
def worker(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.a1, Role.GRID_WORKER)


@pytest.fixture
def dispute(session: Session, tiny: TinyStreet, worker: Actor) -> Case:
    """A dispute between neighbours that the grid has looked at."""
    case = make_case(
        session,
        tiny.street.id,
        kind=CaseKind.DISPUTE,
        channel=Channel.GRID_PATROL,
        lon=IN_A1[0],
        lat=IN_A1[1],
        datum="wgs84",
    )
    record(session, [acceptance.assess(case, risk=RiskLevel.GENERAL, actor=worker, now=MORNING)])
    return case


def begin(
    session: Session,
    case: Case,
    worker: Actor,
    sides: list[Side] = BOTH,
    now: datetime = MORNING + HOUR,
) -> Mediation:
    return open_mediation(
        session,
        case,
        load_office(session),
        mediator="王调解",
        started_by=StartedBy.APPLICATION,
        sides=sides,
        actor=worker,
        now=now,
    )


def test_an_agreement_settles_its_case(session: Session, dispute: Case, worker: Actor) -> None:
    mediation = begin(session, dispute, worker)
    assert dispute.state is CaseState.TO_MEDIATION
    agree(session, dispute, WRITTEN, actor=worker, now=MORNING + 5 * HOUR)
    assert (dispute.state, dispute.ending) == (CaseState.RESOLVED, Ending.SETTLED_BY_AGREEMENT)
    assert mediation.state is MediationState.AGREED_WRITTEN
    kept = session.scalars(select(Agreement)).one()
    assert (kept.amount, kept.form) == (Decimal("800.00"), AgreementForm.WRITTEN)
    assert verify(session).ok


def test_the_event_of_an_agreement_proves_its_content_and_does_not_tell_it(
    session: Session, dispute: Case, worker: Actor
) -> None:
    begin(session, dispute, worker)
    agree(session, dispute, WRITTEN, actor=worker, now=MORNING + 2 * HOUR)
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.AGREE)).one()
    assert event.reason is None
    assert event.detail["form"] == "written"
    assert event.detail["content"] == f"hmac:{vault().digest(WRITTEN.content).hex()}"
    assert WRITTEN.content not in str([event.changes, event.detail])


def test_an_oral_agreement_needs_its_content_written_down(
    session: Session, dispute: Case, worker: Actor
) -> None:
    begin(session, dispute, worker)
    with pytest.raises(Invalid):
        agree(
            session,
            dispute,
            Terms(AgreementForm.ORAL, " "),
            actor=worker,
            now=MORNING + 2 * HOUR,
        )
    assert dispute.ending is None


def test_one_partys_refusal_forbids_a_mediation(session: Session, dispute: Case, worker: Actor) -> None:
    with pytest.raises(Conflict):
        begin(session, dispute, worker, [Side("张三"), Side("李四", consented=False)])
    assert session.scalars(select(Mediation)).all() == []
    assert dispute.state is CaseState.ASSESSED


@pytest.mark.parametrize("sides", [[], [Side("张三")], [Side("张三"), Side(" ")]])
def test_a_mediation_needs_two_named_parties(
    session: Session, dispute: Case, worker: Actor, sides: list[Side]
) -> None:
    with pytest.raises(Invalid):
        begin(session, dispute, worker, sides)


def test_a_session_lies_between_the_start_and_now(session: Session, dispute: Case, worker: Actor) -> None:
    begin(session, dispute, worker)
    now = MORNING + 4 * HOUR
    for held_at in (MORNING + HOUR, now):
        hold_session(
            session,
            dispute,
            held_at=held_at,
            place="调解室",
            text="谈了",
            actor=worker,
            now=now,
        )
    for held_at in (MORNING + HOUR - timedelta(seconds=1), now + timedelta(seconds=1)):
        with pytest.raises(Invalid):
            hold_session(
                session,
                dispute,
                held_at=held_at,
                place="调解室",
                text="谈了",
                actor=worker,
                now=now,
            )
    assert len(session.scalars(select(MediationSession)).all()) == 2


def test_a_session_may_be_noted_in_the_minute_of_the_opening(
    session: Session, dispute: Case, worker: Actor
) -> None:
    opened = MORNING + timedelta(minutes=30, seconds=40)
    begin(session, dispute, worker, now=opened)
    for held_at, is_taken in (
        (MORNING + timedelta(minutes=30), True),
        (MORNING + timedelta(minutes=29), False),
    ):
        with nullcontext() if is_taken else pytest.raises(Invalid):
            hold_session(
                session,
                dispute,
                held_at=held_at,
                place="调解室",
                text="谈了",
                actor=worker,
                now=opened,
            )


def test_two_streets_of_one_name_count_their_mediations_each_by_itself(session: Session) -> None:
    numbers = []
    for code in ("440799001", "440798001"):
        tiny = make_street(session, code, "甲街道")
        lead = make_actor(session, tiny.street, Role.STREET_LEADER)
        case = make_case(session, tiny.street.id, kind=CaseKind.DISPUTE, channel=Channel.VISIT)
        record(session, [acceptance.assess(case, risk=RiskLevel.GENERAL, actor=lead, now=MORNING)])
        numbers.append(begin(session, case, lead).number)
    assert numbers == ["（2020）甲人调字第 001 号"] * 2


def test_a_failed_mediation_leaves_the_case_open_and_another_may_begin(
    session: Session, dispute: Case, worker: Actor
) -> None:
    begin(session, dispute, worker)
    with pytest.raises(Conflict):
        begin(session, dispute, worker)
    fail(session, dispute, reason="谈不拢", actor=worker, now=MORNING + 3 * HOUR)
    assert (dispute.state, dispute.ending) == (CaseState.ASSESSED, None)
    with pytest.raises(NotFound):
        running(session, dispute)
    assert begin(session, dispute, worker).number.endswith("第 002 号")
