"""Bookings: one visitor to a slot, few representatives, moved and withdrawn, personal words kept sealed."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.reception import bookings, days, queries
from petitions.reception.models import Booking, Reception, ReceptionEvent
from tests.factories.cases import MORNING, make_case
from tests.factories.receptions import PHONE, a_visit, at, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor, make_street


def events(session: Session, booking: Booking) -> list[ReceptionEvent]:
    """What was done to the booking, oldest first."""
    query = select(ReceptionEvent).where(ReceptionEvent.booking_id == booking.id)
    return list(session.scalars(query.order_by(ReceptionEvent.id)))


def test_name_and_number_are_sealed_and_the_number_is_found_by_its_hash(
    session: Session, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk)

    kept = session.execute(text("SELECT visitor, phone FROM bookings")).one()
    found = queries.find_by_phone(session, clerk, "100 4056 0000")

    assert "赵".encode() not in bytes(kept.visitor)
    assert PHONE.encode() not in bytes(kept.phone)
    assert [row[0].id for row in found] == [booking.id]
    assert queries.find_by_phone(session, clerk, "10040560001") == []


def test_an_event_holds_no_name_number_or_word_of_the_matter(
    session: Session, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk, persons=3)
    bookings.withdraw(session, booking, day, reason=f"改打电话 {PHONE}", actor=clerk, now=MORNING)

    said = str(session.execute(text("SELECT detail, reason FROM reception_events")).all())

    for word in ("赵某某", "工资", "拖欠"):
        assert word not in said
    assert events(session, booking)[0].detail["matter"].startswith("hmac:")


@pytest.mark.parametrize(
    ("persons", "representatives", "coming_in"),
    [(1, None, 1), (4, None, 4), (5, None, 5), (6, None, 5), (6, 3, 3), (10_000, 5, 5)],
)
def test_of_many_at_most_five_come_in(
    session: Session,
    clerk: Actor,
    day: Reception,
    persons: int,
    representatives: int | None,
    coming_in: int,
) -> None:
    booking = make_booking(session, day, clerk, persons=persons, representatives=representatives)

    assert booking.representatives == coming_in


@pytest.mark.parametrize(
    ("persons", "representatives", "field"),
    [(6, 6, "representatives"), (2, 3, "representatives"), (0, None, "persons"), (10_001, 5, "persons")],
)
def test_more_representatives_than_the_law_or_the_group_has_are_refused(
    session: Session, clerk: Actor, day: Reception, persons: int, representatives: int | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_booking(session, day, clerk, persons=persons, representatives=representatives)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("slot", [0, -1, 7, 100])
def test_a_slot_that_the_day_does_not_have_is_refused(
    session: Session, clerk: Actor, day: Reception, slot: int
) -> None:
    with pytest.raises(Invalid):
        make_booking(session, day, clerk, slot)


def test_a_slot_taken_is_nobody_elses_until_it_is_withdrawn(
    session: Session, clerk: Actor, day: Reception
) -> None:
    first = make_booking(session, day, clerk, 2)
    with pytest.raises(Conflict), session.begin_nested():
        make_booking(session, day, clerk, 2, visitor="钱某某")

    bookings.withdraw(session, first, day, reason="不来了", actor=clerk, now=MORNING)
    second = make_booking(session, day, clerk, 2, visitor="钱某某")

    assert session.get_one(Booking, first.id).visitor == "赵某某"
    assert [place.booking for place in queries.places_of(session, day) if place.booking] == [second]


@pytest.mark.parametrize(
    ("now", "is_open"), [(at(9, 29), True), (at(9, 30), False), (at(12), False)], ids=str
)
def test_a_slot_is_booked_until_it_is_past(
    session: Session, clerk: Actor, day: Reception, now: datetime, is_open: bool
) -> None:
    if is_open:
        assert make_booking(session, day, clerk, 1, now=now).id
    else:
        with pytest.raises(Conflict):
            make_booking(session, day, clerk, 1, now=now)


def test_only_a_published_day_takes_bookings(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor
) -> None:
    planned = make_reception(session, tiny.street.id, leader, is_published=False)
    with pytest.raises(Conflict):
        make_booking(session, planned, clerk)

    days.cancel(session, planned, reason="开会", actor=leader, now=MORNING)
    with pytest.raises(Conflict):
        make_booking(session, planned, clerk)


def test_a_booking_moves_to_another_day_and_its_history_goes_with_it(
    session: Session, tiny: TinyStreet, leader: Actor, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk, 2)
    days.cancel(session, day, reason="开会", actor=leader, now=at(8))
    bookings.tell(session, booking, day, actor=clerk, now=at(8))
    other = make_reception(session, tiny.street.id, leader, day=date(2020, 6, 15))

    bookings.move(session, booking, day, other, 4, actor=clerk, now=at(8))

    assert (booking.reception_id, booking.slot, booking.told_at) == (other.id, 4, None)
    assert [event.act for event in events(session, booking)] == ["book", "tell", "move"]
    assert events(session, booking)[-1].detail == {"from": [day.id, 2], "to": [other.id, 4]}
    assert "move" in {event.act for event in queries.list_events(session, day.id)}
    assert "move" in {event.act for event in queries.list_events(session, other.id)}


def test_a_booking_does_not_move_onto_another_one_or_into_another_street(
    session: Session, tiny: TinyStreet, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk, 1)
    make_booking(session, day, clerk, 2)
    with pytest.raises(Conflict), session.begin_nested():
        bookings.move(session, booking, day, day, 2, actor=clerk, now=MORNING)
    assert (booking.slot, booking.event_count) == (1, 1)

    elsewhere = make_street(session, code="440799002", name="乙街道")
    other_leader = make_actor(session, elsewhere.street, Role.STREET_LEADER)
    away = make_reception(session, elsewhere.street.id, other_leader)
    with pytest.raises(Invalid):
        bookings.move(session, booking, day, away, 1, actor=clerk, now=MORNING)


def test_a_visitor_is_told_only_of_a_day_that_is_cancelled(
    session: Session, leader: Actor, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk)
    with pytest.raises(Conflict):
        bookings.tell(session, booking, day, actor=clerk, now=MORNING)

    days.cancel(session, day, reason="开会", actor=leader, now=at(8))
    bookings.tell(session, booking, day, actor=clerk, now=at(8, 5))

    assert booking.told_at == at(8, 5)


def test_a_booking_is_withdrawn_once_and_with_a_reason(
    session: Session, clerk: Actor, day: Reception
) -> None:
    booking = make_booking(session, day, clerk)
    with pytest.raises(Invalid):
        bookings.withdraw(session, booking, day, reason=" ", actor=clerk, now=MORNING)
    bookings.withdraw(session, booking, day, reason="不来了", actor=clerk, now=MORNING)
    with pytest.raises(Conflict):
        bookings.withdraw(session, booking, day, reason="不来了", actor=clerk, now=MORNING)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.GRID_WORKER, Role.COMMUNITY_LEAD])
def test_who_does_not_keep_the_book_takes_no_booking(
    session: Session, tiny: TinyStreet, day: Reception, role: Role
) -> None:
    with pytest.raises(Forbidden):
        make_booking(session, day, make_actor(session, tiny.street, role))


def test_a_booking_may_name_the_open_case_it_is_about_in_the_same_street_only(
    session: Session, tiny: TinyStreet, clerk: Actor, day: Reception
) -> None:
    case = make_case(session, tiny.street.id)
    elsewhere = make_case(session, make_street(session, code="440799002", name="乙街道").street.id)

    booking = bookings.book(session, day, a_visit(), 1, case=case, actor=clerk, now=MORNING)
    with pytest.raises(Invalid) as refused:
        bookings.book(session, day, a_visit(), 2, case=elsewhere, actor=clerk, now=MORNING)

    assert booking.case_id == case.id
    assert set(refused.value.fields) == {"case"}
