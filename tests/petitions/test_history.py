"""The history: chained, append-only, and adding up to what stands in the tables."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.errors import Conflict
from petitions.handling import attention, closing, holding
from petitions.history import record
from petitions.models import Case, CaseEnding, CaseEvent, Party
from petitions.office import load_office
from petitions.register import register
from petitions.verify import verify
from petitions.vocabulary import Verb
from tests.factories.cases import MORNING, an_intake, make_case
from tests.factories.street import IN_A1, TinyStreet

HOUR = timedelta(hours=1)
AT_A1 = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


@pytest.fixture
def ended(session: Session, tiny: TinyStreet) -> Case:
    """A case registered, signed, settled and reopened."""
    case = make_case(session, tiny.street.id, **AT_A1)
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING + HOUR)])
    done = closing.withdraw(
        case,
        reason="说明了",
        actor=SERVICE,
        now=MORNING + 2 * HOUR,
    )
    record(session, [done])
    return case


def test_each_event_carries_the_hash_of_the_one_before(session: Session, ended: Case) -> None:
    events = session.scalars(select(CaseEvent).order_by(CaseEvent.seq)).all()
    assert [event.verb for event in events] == [Verb.REGISTER, Verb.SIGN_FOR, Verb.WITHDRAW]
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert ended.head_hash == events[-1].hash


def test_what_a_person_wrote_is_in_the_history_only_as_a_digest(session: Session, tiny: TinyStreet) -> None:
    make_case(session, tiny.street.id, body="我的电话是10041234567", **AT_A1)
    said = session.scalars(select(CaseEvent.changes)).one()
    assert said["body"][1].startswith("hmac:")
    assert "10041234567" not in str(said)


def test_an_untouched_history_is_proved(session: Session, ended: Case) -> None:
    record(
        session,
        [closing.void(make_case(session, ended.street_id), reason="重复", actor=SERVICE, now=MORNING)],
    )
    session.flush()
    found = verify(session)
    assert (found.ok, found.cases, found.events) == (True, 2, 5)


def test_an_event_of_an_earlier_moment_than_the_one_before_is_found(
    session: Session, tiny: TinyStreet
) -> None:
    case = make_case(session, tiny.street.id)
    for hours, holds in ((5, True), (5, True), (4, False)):
        said = attention.note(case, text="去看过了", actor=SERVICE, now=MORNING + hours * HOUR)
        record(session, [said])
        assert verify(session).ok is holds
        case = session.get_one(Case, case.id)
    assert "event 4 is of an earlier moment" in str(verify(session).first_bad)


def test_nothing_is_done_before_what_has_been_done(session: Session, ended: Case) -> None:
    with pytest.raises(Conflict):
        closing.reopen(ended, load_office(session), reason="又来了", actor=SERVICE, now=MORNING + HOUR)
    assert closing.reopen(ended, load_office(session), reason="来", actor=SERVICE, now=MORNING + 2 * HOUR)


def test_a_reopened_case_keeps_the_period_in_which_it_stood_ended(
    session: Session, ended: Case, tiny: TinyStreet
) -> None:
    again = closing.reopen(
        ended, load_office(session), reason="又来了", actor=SERVICE, now=MORNING + 9 * HOUR
    )
    record(session, [again])
    period = session.scalars(select(CaseEnding)).one()
    assert (period.ended_at, period.reopened_at) == (MORNING + 2 * HOUR, MORNING + 9 * HOUR)
    assert verify(session).ok


def test_a_thousand_at_once_leave_the_rows_of_one_by_one(session: Session, tiny: TinyStreet) -> None:
    intakes = [
        an_intake(source="bulk", source_number=str(number), address=f"迎春路{number % 120 + 1}号")
        for number in range(1000)
    ]
    with session.begin_nested() as savepoint:
        register(session, intakes, street_id=tiny.street.id, actor=SERVICE, now=MORNING)
        at_once = _rows(session)
        savepoint.rollback()
    for intake in intakes:
        register(session, [intake], street_id=tiny.street.id, actor=SERVICE, now=MORNING)
    assert _rows(session) == at_once


def _rows(session: Session) -> list[str]:
    unsaid = {"id", "head_hash"}
    columns = [
        column for column in Case.__table__.columns if column.name not in unsaid and column.name != "point"
    ]
    cases = session.execute(select(*columns).order_by(Case.source_number)).all()
    events = session.execute(
        select(CaseEvent.seq, CaseEvent.verb, CaseEvent.at, CaseEvent.changes)
        .join(Case, Case.id == CaseEvent.case_id)
        .order_by(Case.source_number)
    ).all()
    parties = session.scalar(select(text("count(*)")).select_from(Party))
    return [*map(str, cases), *map(str, events), str(parties)]
