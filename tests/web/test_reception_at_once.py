"""Bookings, outcomes and findings sent at the same moment, over connections of their own."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time, timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.auth import session_life
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.clock import local_day, now, start_of
from app.core.db import db, transaction
from app.core.errors import Conflict
from grid.postings import actor_on
from petitions.models import Case
from petitions.reception.models import Booking, Reception, ReceptionEvent
from petitions.screening.models import ScreeningFinding
from tests.factories.receptions import make_booking, make_reception
from tests.factories.screenings import make_screening
from tests.factories.street import make_actor, make_street
from tests.services import Services

TOGETHER = 4
FORM = {"visitor": "赵某某", "persons": "1", "matter": "工资拖欠三个月。", "slot": "1"}


@dataclass(frozen=True)
class Desk:
    """An application over a database of its own, and what stands in it: a day, a booking, a round."""

    app: Flask
    leader: str
    worker: str
    reception: int
    booking: int
    screening: int
    grid: str

    def send(self, who: str, path: str, form: dict[str, str], ready: Barrier) -> tuple[int, str | None]:
        """Send the form at the moment that the others do; status and where the answer leads."""
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = who, True
            session_life.begin(cookie, now())
        ready.wait()
        answer = client.post(path, data=form)
        return answer.status_code, answer.location

    def at_once(self, who: str, path: str, forms: list[dict[str, str]]) -> list[tuple[int, str | None]]:
        """Send all the forms at the same moment."""
        ready = Barrier(len(forms))
        with ThreadPoolExecutor(len(forms)) as pool:
            sent = [pool.submit(self.send, who, path, form, ready) for form in forms]
            return [one.result() for one in sent]


@pytest.fixture
def desk(services: Services, worker_id: str) -> Iterator[Desk]:
    """A reception that lasts all of today and one tomorrow, since what one request commits others see."""
    url = services.clone(f"reception_at_once_{worker_id}")
    config = {"WTF_CSRF_ENABLED": False, "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "k", "FIELD_KEY": "k"}
    app = create_app(config)
    today = local_day(now())
    dawn = start_of(today)
    with app.app_context(), transaction():
        session = db.session()
        tiny = make_street(session)
        leader = make_actor(session, tiny.street, Role.STREET_LEADER)
        worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
        whole = {"opens": time(0, 0), "closes": time(23, 59), "capacity": 1}
        held = make_reception(session, tiny.street.id, leader, now=dawn, day=today, **whole)
        booking = make_booking(session, held, leader, 1, now=dawn)
        coming = make_reception(session, tiny.street.id, leader, now=dawn, day=today + timedelta(days=1))
        days = {"first_day": today, "last_day": today}
        round_ = make_screening(session, tiny.street, leader, now=dawn, **days)
        found = Desk(app, leader.get_id(), worker.get_id(), coming.id, booking.id, round_.id, tiny.a1.code)
    yield found
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("is_committed", [True, False], ids=["the first commits", "the first gives up"])
def test_a_slot_that_another_transaction_is_taking_is_waited_for(desk: Desk, is_committed: bool) -> None:
    has_taken, may_end = Event(), Event()

    def take(*, waits: bool) -> str:
        with desk.app.app_context():
            session = db.session()
            user = session.get_one(User, int(desk.leader.partition(".")[0]))
            leader = actor_on(session, user, local_day(now()))
            day = session.get_one(Reception, desk.reception, with_for_update={"read": True})
            try:
                make_booking(session, day, leader, 3, now=now())
            except Conflict:
                session.rollback()
                return "refused"
            if not waits:
                has_taken.set()
                may_end.wait()
            (session.commit if waits or is_committed else session.rollback)()
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(take, waits=False)
        has_taken.wait()
        second = pool.submit(take, waits=True)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        may_end.set()
        assert first.result() == "taken"
        assert second.result() == ("refused" if is_committed else "taken")
    with desk.app.app_context():
        taken = select(func.count()).where(Booking.reception_id == desk.reception, Booking.slot == 3)
        assert db.session.scalar(taken) == 1


def test_of_many_visitors_one_gets_the_slot_and_the_others_are_told(desk: Desk) -> None:
    forms = [{**FORM, "key": f"k{number}"} for number in range(TOGETHER)]

    answers = desk.at_once(desk.leader, f"/receptions/{desk.reception}/book", forms)

    assert Counter(status for status, _location in answers) == {302: 1, 409: TOGETHER - 1}
    with desk.app.app_context():
        taken = select(func.count()).where(Booking.reception_id == desk.reception)
        assert db.session.scalar(taken) == 1


def test_one_booking_form_sent_at_once_takes_one_slot(desk: Desk) -> None:
    forms = [{**FORM, "key": "k"}] * TOGETHER

    answers = desk.at_once(desk.leader, f"/receptions/{desk.reception}/book", forms)

    assert [status for status, _location in answers] == [302] * TOGETHER
    with desk.app.app_context():
        taken = select(func.count()).where(Booking.reception_id == desk.reception)
        assert db.session.scalar(taken) == 1


def test_one_plan_sent_at_once_makes_one_day(desk: Desk) -> None:
    day = local_day(now()) + timedelta(days=7)
    leader = desk.leader.partition(".")[0]
    form = {"leader": leader, "kind": "at_office", "place": "一楼", "day": day.isoformat(), "key": "k"}
    forms = [{**form, "opens": "09:00", "closes": "12:00", "capacity": "6"}] * TOGETHER

    answers = desk.at_once(desk.leader, "/receptions/new", forms)

    assert [status for status, _location in answers] == [302] * TOGETHER
    assert len({location for _status, location in answers}) == 1


def test_an_outcome_sent_at_once_makes_one_case_and_every_answer_leads_to_the_booking(desk: Desk) -> None:
    form = {"version": "1", "kind": "petition", "body": "工资拖欠三个月。", "promise": "三日内答复"}

    answers = desk.at_once(desk.leader, f"/bookings/{desk.booking}/register", [form] * TOGETHER)

    assert answers == [(302, f"/bookings/{desk.booking}")] * TOGETHER
    with desk.app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 1
        acts = db.session.scalars(
            select(ReceptionEvent.act).where(ReceptionEvent.booking_id == desk.booking)
        ).all()
        assert acts == ["book", "register"]


def test_one_finding_sent_at_once_makes_one_case(desk: Desk) -> None:
    form = {"key": "k", "body": "某餐馆拖欠工资。", "address": "迎春路11号"}

    path = f"/screenings/{desk.screening}/grids/{desk.grid}/report"
    answers = desk.at_once(desk.worker, path, [form] * TOGETHER)

    assert [status for status, _location in answers] == [302] * TOGETHER
    with desk.app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 1
        assert db.session.scalar(select(func.count(ScreeningFinding.id))) == 1


def test_one_round_sent_at_once_is_opened_once(desk: Desk) -> None:
    day = local_day(now()).isoformat()
    form = {"title": "欠薪", "instruction": "逐户核实。", "unit": desk.grid[:9], "key": "k"}
    forms = [{**form, "first_day": day, "last_day": day}] * TOGETHER

    answers = desk.at_once(desk.leader, "/screenings/new", forms)

    assert [status for status, _location in answers] == [302] * TOGETHER
    assert len({location for _status, location in answers}) == 1
