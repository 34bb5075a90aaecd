"""Who is told outside, planned once: those who serve, who want it, and while it is news."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.notices import planning
from app.notices.models import UNNUMBERED, Delivery, Notice
from app.notices.timing import GATHERED, NEWS
from app.notices.vocabulary import WEBHOOKS, DeliveryState
from grid.postings import post
from tests.factories.cases import MORNING
from tests.factories.notices import make_mailbox, make_webhook, plan_all, write_notice
from tests.factories.street import FIRST_DAY, TODAY, TinyStreet, make_actor

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def lead(session: Session, tiny: TinyStreet) -> Actor:
    """The lead of community A, who gets mail."""
    person = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    assert person.id is not None
    make_mailbox(session, person.id)
    return person


def planned(session: Session) -> list[tuple[int, int]]:
    query = select(Delivery.notice_id, Delivery.receiver_id).order_by(Delivery.id)
    return [tuple(row) for row in session.execute(query)]


def test_a_unit_s_webhook_and_its_people_get_one_delivery_each(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    # A second role in the same unit makes no second message.
    assert lead.id is not None
    post(session, user_id=lead.id, unit_id=tiny.a.id, role=Role.MEDIATOR, first_day=FIRST_DAY)
    make_webhook(session, tiny.a, "https://hook.test/")
    make_webhook(session, tiny.b, "https://hook.test/")
    notice = write_notice(session, tiny.a)

    assert plan_all(session) == 1
    assert plan_all(session) == 0
    rows = planned(session)
    assert [row[0] for row in rows] == [notice.id, notice.id]
    assert len(set(rows)) == 2


def test_numbers_follow_one_another_whatever_way_the_database_goes(
    session: Session, tiny: TinyStreet
) -> None:
    # Statistics from when there was one notice have it look for the new ones anew for each notice.
    ids = [write_notice(session, tiny.a).id]
    session.execute(text("ANALYZE notices"))
    for way in ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_indexscan"):
        session.execute(text(f"SET LOCAL {way} = off"))
    ids += [write_notice(session, tiny.a).id for _ in range(3)]
    plan_all(session)
    numbers = session.scalars(select(Notice.seq).where(Notice.id.in_(ids)).order_by(Notice.id)).all()
    assert [number - numbers[0] for number in numbers] == [0, 1, 2, 3]


def test_nothing_is_planned_twice_whatever_happens(session: Session, tiny: TinyStreet, lead: Actor) -> None:
    write_notice(session, tiny.a)
    plan_all(session)
    session.execute(Notice.__table__.update().values(seq=UNNUMBERED))
    with pytest.raises(IntegrityError, match="uq_deliveries_notice_id_receiver_id"):
        plan_all(session)


def test_an_ordinary_notice_is_gathered_and_an_urgent_one_is_not(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    write_notice(session, tiny.a)
    write_notice(session, tiny.a, urgent=True)
    plan_all(session)
    rows = session.execute(select(Delivery.urgent, Delivery.next_at).order_by(Delivery.notice_id)).all()
    assert rows == [(False, MORNING + GATHERED), (True, MORNING)]


@pytest.mark.parametrize(("age", "count"), [(NEWS - MOMENT, 1), (NEWS, 0)])
def test_last_year_s_matters_brought_in_today_are_for_the_inbox_only(
    session: Session, tiny: TinyStreet, lead: Actor, age: timedelta, count: int
) -> None:
    write_notice(session, tiny.a, at=MORNING - age)
    assert plan_all(session) == 1
    assert len(planned(session)) == count


def test_who_does_not_want_it_or_does_not_serve_is_not_written_to(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    off = make_actor(session, tiny.a, Role.MEDIATOR)
    elsewhere = make_actor(session, tiny.b, Role.MEDIATOR)
    closed = make_actor(session, tiny.a, Role.GRID_WORKER)
    for person, is_on in ((off, False), (elsewhere, True), (closed, True)):
        assert person.id is not None
        make_mailbox(session, person.id, is_on=is_on)
    session.get_one(User, closed.id).is_active = False
    make_webhook(session, tiny.a, "https://hook.test/", is_on=False)
    session.flush()
    write_notice(session, tiny.a)
    plan_all(session)
    assert len(planned(session)) == 1


def test_without_a_mail_server_no_mail_is_planned(session: Session, tiny: TinyStreet, lead: Actor) -> None:
    make_webhook(session, tiny.a, "https://hook.test/")
    write_notice(session, tiny.a)
    plan_all(session, kinds=WEBHOOKS)
    assert len(planned(session)) == 1


def test_more_than_a_chunk_is_planned_in_the_order_of_its_writing(
    session: Session, tiny: TinyStreet, lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 2)
    ids = [write_notice(session, tiny.a).id for _ in range(5)]
    assert [plan_all(session) for _ in range(4)] == [2, 2, 1, 0]
    assert list(session.scalars(select(Notice.id).order_by(Notice.seq))) == ids
    assert [row[0] for row in planned(session)] == ids
    assert set(session.scalars(select(Delivery.state))) == {DeliveryState.WAITING}


def test_a_posting_that_begins_tomorrow_brings_nothing_today(session: Session, tiny: TinyStreet) -> None:
    person = make_actor(session, tiny.b, Role.MEDIATOR)
    assert person.id is not None
    make_mailbox(session, person.id)
    tomorrow = TODAY + timedelta(days=1)
    post(session, user_id=person.id, unit_id=tiny.a.id, role=Role.MEDIATOR, first_day=tomorrow)
    write_notice(session, tiny.a)
    plan_all(session)
    assert planned(session) == []
