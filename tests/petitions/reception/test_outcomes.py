"""What came of a booking: told once, never before the day, and owed from the midnight after it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Invalid
from petitions.handling.closing import void
from petitions.history import record
from petitions.models import Case, CaseEvent, Party
from petitions.reception import days, outcomes, queries
from petitions.reception.models import Booking, Reception, ReceptionEvent
from petitions.reception.outcomes import Matter, Said
from petitions.reception.queries import Show
from petitions.reception.vocabulary import BookingState
from petitions.rules.collective import is_collective
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Channel, PartyRole
from tests.factories.cases import MORNING, make_case
from tests.factories.receptions import at, make_booking
from tests.factories.street import TinyStreet, make_actor, make_street

DURING = at(10)
ANSWER = Said("已责成施工单位三日内结清。", "督促结清工资", date(2020, 6, 11))


@pytest.fixture
def booking(session: Session, clerk: Actor, day: Reception) -> Booking:
    """The first slot, from 9:00 to 9:30."""
    return make_booking(session, day, clerk)


def cases(session: Session) -> list[Case]:
    """Everything registered."""
    return list(session.scalars(select(Case).order_by(Case.id)))


def test_an_answer_given_on_the_spot_is_kept_with_what_was_promised(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=DURING)

    assert (booking.state, booking.answer, booking.promise, booking.promised_until) == (
        BookingState.ANSWERED,
        ANSWER.answer,
        ANSWER.promise,
        ANSWER.until,
    )
    last = session.scalars(select(ReceptionEvent).order_by(ReceptionEvent.id.desc())).first()
    assert last is not None
    assert last.detail["until"] == "2020-06-11"
    assert "结清" not in str(last.detail)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(), "answer"),
        (Said("答复", None, date(2020, 6, 11)), "promise"),
        (Said("答复", "办结", date(2020, 6, 7)), "until"),
    ],
)
def test_an_outcome_without_its_words_is_refused_at_the_field(
    session: Session, clerk: Actor, day: Reception, booking: Booking, said: Said, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        outcomes.answer(session, booking, day, said, actor=clerk, now=DURING)

    assert set(refused.value.fields) == {field}


def test_what_is_promised_for_the_very_day_may_be(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    said = Said("答复", "办结", date(2020, 6, 8))
    outcomes.answer(session, booking, day, said, actor=clerk, now=DURING)

    assert booking.promised_until == date(2020, 6, 8)


@pytest.mark.parametrize(
    ("now", "is_early"),
    [
        (datetime(2020, 6, 7, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2020, 6, 7, 16, 0, tzinfo=UTC), False),
        (datetime(2020, 6, 8, 0, 0, tzinfo=UTC), False),
    ],
    ids=["23:59:59 in Shanghai", "0:00 in Shanghai", "0:00 in UTC"],
)
def test_no_outcome_comes_before_the_day(
    session: Session, clerk: Actor, day: Reception, booking: Booking, now: datetime, is_early: bool
) -> None:
    if is_early:
        with pytest.raises(Conflict):
            outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=now)
    else:
        outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=now)
        assert booking.state is BookingState.ANSWERED


@pytest.mark.parametrize(("now", "is_past"), [(at(9, 29), False), (at(9, 30), True)], ids=str)
def test_a_visitor_is_absent_once_the_slot_is_past(
    session: Session, clerk: Actor, day: Reception, booking: Booking, now: datetime, is_past: bool
) -> None:
    if is_past:
        outcomes.note_absent(session, booking, day, actor=clerk, now=now)
        assert booking.state is BookingState.ABSENT
    else:
        with pytest.raises(Conflict):
            outcomes.note_absent(session, booking, day, actor=clerk, now=now)


def test_who_comes_after_all_is_received(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    outcomes.note_absent(session, booking, day, actor=clerk, now=DURING)
    outcomes.reopen(session, booking, day, actor=clerk, now=DURING)
    outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=DURING)

    assert booking.state is BookingState.ANSWERED
    with pytest.raises(Conflict):
        outcomes.reopen(session, booking, day, actor=clerk, now=DURING)


@pytest.mark.parametrize(
    ("kind", "role"),
    [(CaseKind.PETITION, PartyRole.PETITIONER), (CaseKind.DISPUTE, PartyRole.APPLICANT)],
)
def test_a_booking_becomes_one_case_whose_history_names_the_leader(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    clerk: Actor,
    day: Reception,
    booking: Booking,
    kind: CaseKind,
    role: PartyRole,
) -> None:
    matter = Matter(kind, "工资拖欠三个月。请求支付。", address="迎春路11号")
    case = outcomes.become_case(session, booking, day, matter, ANSWER, actor=clerk, now=DURING)

    assert (case.kind, case.channel, case.title) == (kind, Channel.LEADER_RECEPTION, "工资拖欠三个月")
    assert (case.grid_id, case.received_at, case.registered_at) == (tiny.a1.id, at(9), DURING)
    assert (booking.state, booking.case_id) == (BookingState.REGISTERED, case.id)
    (party,) = session.scalars(select(Party))
    assert (party.name, party.phone, party.role) == (booking.visitor, booking.phone, role)
    note = session.scalars(select(CaseEvent).order_by(CaseEvent.seq.desc())).first()
    assert note is not None
    for words in (leader.name, "2020-06-08", ANSWER.promise, "2020-06-11"):
        assert words in str(note.reason)
    found = queries.reception_of(session, case)
    assert found is not None
    assert (found[0].id, found[2].id) == (booking.id, leader.id)
    assert verify(session).first_bad is None

    with pytest.raises(Conflict):
        outcomes.become_case(session, booking, day, matter, ANSWER, actor=clerk, now=DURING)
    assert len(cases(session)) == 1


def test_a_case_keeps_how_many_came_with_the_matter(session: Session, clerk: Actor, day: Reception) -> None:
    booking = make_booking(session, day, clerk, persons=7, representatives=5)
    matter = Matter(CaseKind.PETITION, "工资拖欠三个月。请求支付。")

    case = outcomes.become_case(session, booking, day, matter, Said(), actor=clerk, now=DURING)

    assert case.persons_present == 7
    assert is_collective(case.kind, case.persons_present, threshold=5)
    assert verify(session).first_bad is None


@pytest.mark.parametrize("who", ["leader", "clerk", "other"])
def test_a_leader_who_enters_the_outcome_takes_charge_in_person_and_nobody_does_it_for_another(
    session: Session,
    tiny: TinyStreet,
    leader: Actor,
    clerk: Actor,
    day: Reception,
    booking: Booking,
    who: str,
) -> None:
    other = make_actor(session, tiny.street, Role.STREET_LEADER, username="other")
    person = {"leader": leader, "clerk": clerk, "other": other}[who]

    matter = Matter(CaseKind.PETITION, "工资拖欠三个月。")
    case = outcomes.become_case(session, booking, day, matter, ANSWER, actor=person, now=DURING)

    assert case.case_leader_id == (leader.id if who == "leader" else None)
    found = queries.reception_of(session, case)
    assert found is not None
    assert found[2].id == leader.id
    events = session.scalars(select(CaseEvent).order_by(CaseEvent.seq)).all()
    taken = ["take_charge"] if who == "leader" else []
    assert [event.verb.value for event in events] == ["register", *taken, "note"]
    assert {event.actor_id for event in events} == {person.id}
    assert verify(session).first_bad is None


def test_the_database_itself_refuses_a_second_case_of_a_booking(
    session: Session, clerk: Actor, day: Reception, booking: Booking
) -> None:
    matter = Matter(CaseKind.PETITION, "工资拖欠三个月。")
    outcomes.become_case(session, booking, day, matter, Said(), actor=clerk, now=DURING)
    session.execute(text("UPDATE bookings SET state = 'booked', case_id = NULL"))
    session.refresh(booking)

    with pytest.raises(DBAPIError, match="uq_cases_source_source_number"), session.begin_nested():
        outcomes.become_case(session, booking, day, matter, Said(), actor=clerk, now=DURING)


@pytest.mark.parametrize(
    ("matter", "field"),
    [(Matter(CaseKind.PETITION, " "), "body"), (Matter(CaseKind.HOTLINE, "路灯不亮。"), "kind")],
)
def test_a_case_that_cannot_be_registered_leaves_the_booking_open(
    session: Session, clerk: Actor, day: Reception, booking: Booking, matter: Matter, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        outcomes.become_case(session, booking, day, matter, Said(), actor=clerk, now=DURING)

    assert field in refused.value.fields
    assert booking.state is BookingState.BOOKED
    assert cases(session) == []


def test_a_visit_about_an_open_case_is_noted_on_it(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor, day: Reception, booking: Booking
) -> None:
    case = make_case(session, tiny.street.id, address="迎春路11号")
    outcomes.link(session, booking, day, case, ANSWER, actor=clerk, now=DURING)

    assert (booking.state, booking.case_id, case.event_count) == (BookingState.LINKED, case.id, 2)
    note = session.scalars(select(CaseEvent).where(CaseEvent.seq == 2)).one()
    assert note.verb == "note"
    assert leader.name in str(note.reason)
    assert str(ANSWER.answer) in str(note.reason)
    assert verify(session).first_bad is None


def test_a_visit_is_not_noted_on_an_ended_case_or_on_one_of_another_street(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor, day: Reception, booking: Booking
) -> None:
    ended = make_case(session, tiny.street.id)
    record(session, [void(ended, reason="重复", actor=leader, now=MORNING)])
    away = make_case(session, make_street(session, code="440799002", name="乙街道").street.id)

    with pytest.raises(Conflict):
        outcomes.link(session, booking, day, ended, ANSWER, actor=clerk, now=DURING)
    with pytest.raises(Invalid):
        outcomes.link(session, booking, day, away, ANSWER, actor=clerk, now=DURING)

    assert booking.state is BookingState.BOOKED


def test_a_cancelled_day_has_no_outcomes(
    session: Session, leader: Actor, clerk: Actor, day: Reception, booking: Booking
) -> None:
    days.cancel(session, day, reason="开会", actor=leader, now=at(8))

    with pytest.raises(Conflict):
        outcomes.answer(session, booking, day, ANSWER, actor=clerk, now=DURING)
    assert queries.count_duties(session, clerk, DURING)[Show.UNTOLD] == 1
