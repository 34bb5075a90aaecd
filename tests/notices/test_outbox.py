"""The outbox against real servers: once, in order, in working hours, tried again, parked and sent again."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.vocabulary import Role
from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.notices.couriers import Couriers
from app.notices.models import Delivery, Receiver
from app.notices.parked import list_parked, send_again
from app.notices.timing import GATHERED, PAUSES, SERVER_PAUSE
from app.notices.vocabulary import DeliveryState, Fault, ReceiverKind
from petitions.models import Case
from tasks.deliver_notices import deliver
from tests.factories.cases import MORNING, make_case
from tests.factories.notices import NUMBER, SECRET, make_mailbox, make_webhook, write_notice
from tests.factories.street import TinyStreet, make_actor
from tests.receivers.process import Other
from tests.web.test_guards import make_admin

NIGHT = datetime(2020, 6, 1, 22, 0, tzinfo=SHANGHAI)
CALENDAR = WorkingCalendar.shipped()
MOMENT = timedelta(microseconds=1)
Tick = Callable[..., dict[str, int]]

pytestmark = pytest.mark.process


@pytest.fixture
def tick(session: Session, couriers: Couriers) -> Tick:
    """One tick at a moment."""
    return lambda now, **given: deliver(couriers, CALENDAR, lambda: now, **given)


@pytest.fixture
def robot(session: Session, tiny: TinyStreet, hook: Other) -> Receiver:
    """The webhook of community A, which tells by their signature what is ours."""
    hook.behave(secret=SECRET)
    return make_webhook(session, tiny.a, f"http://127.0.0.1:{hook.port}/")


@pytest.fixture
def cases(session: Session, tiny: TinyStreet) -> list[int]:
    """Two cases, whose own notices the street's desk has."""
    return [make_case(session, tiny.street.id, now=MORNING).id for _ in range(2)]


def told(hook: Other) -> list[list[int]]:
    """The notices of each message that has arrived."""
    return [[each["id"] for each in json.loads(taken["body"])["notices"]] for taken in hook.taken]


def states(session: Session) -> list[DeliveryState]:
    session.expire_all()
    return list(session.scalars(select(Delivery.state).order_by(Delivery.notice_id, Delivery.id)))


def test_a_notice_is_delivered_once_however_often_the_tick_comes(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick
) -> None:
    notice = write_notice(session, tiny.a, urgent=True)
    assert tick(MORNING) == {"planned": 1, "dealt": 1}
    assert tick(MORNING) == {"planned": 0, "dealt": 0}
    assert tick(MORNING + timedelta(days=1))["dealt"] == 0
    assert told(hook) == [[notice.id]]
    assert states(session) == [DeliveryState.SENT]


@pytest.mark.parametrize("kind", [ReceiverKind.DINGTALK, ReceiverKind.SIGNED_JSON])
def test_what_is_signed_with_another_secret_is_refused_by_the_receiver_and_parked(
    session: Session, tiny: TinyStreet, hook: Other, tick: Tick, kind: ReceiverKind
) -> None:
    url = f"http://127.0.0.1:{hook.port}/robot/send?access_token=t"
    hook.behave(secret=SECRET)
    right = make_webhook(session, tiny.a, url, kind)
    wrong = make_webhook(session, tiny.b, url, kind, secret="another-secret-0123")
    for unit in (tiny.a, tiny.b):
        write_notice(session, unit, urgent=True)
    tick(MORNING)
    found = dict(session.execute(select(Delivery.receiver_id, Delivery.state)).all())
    assert found == {right.id: DeliveryState.SENT, wrong.id: DeliveryState.PARKED}


def test_wecom_takes_the_text_and_names_no_person(
    session: Session, tiny: TinyStreet, hook: Other, tick: Tick
) -> None:
    make_webhook(session, tiny.a, f"http://127.0.0.1:{hook.port}/send?key=k", ReceiverKind.WECOM, secret=None)
    write_notice(session, tiny.a, urgent=True, reporter="张三丰", phone="13800138000")
    tick(MORNING)
    [taken] = hook.taken
    assert taken["path"] == "/send?key=k"
    said = json.loads(taken["body"])
    assert said["msgtype"] == "text"
    assert NUMBER in said["text"]["content"]
    assert "张三丰" not in taken["body"]
    assert "13800138000" not in taken["body"]


def test_the_night_and_days_off_are_quiet_and_the_morning_brings_one_digest(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick
) -> None:
    friday = datetime(2020, 6, 5, 17, 20, tzinfo=SHANGHAI)
    ids = [write_notice(session, tiny.a, at=friday + timedelta(hours=hours)).id for hours in (0, 3, 20, 50)]
    monday = datetime(2020, 6, 8, 9, 0, tzinfo=SHANGHAI)
    for quiet in (friday + GATHERED, friday + timedelta(hours=20), monday - MOMENT):
        assert tick(quiet)["dealt"] == 0
    assert tick(monday)["dealt"] == 4
    assert told(hook) == [ids]


def test_a_notice_of_working_hours_is_gathered_for_a_while_and_goes_with_the_others(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick
) -> None:
    first = write_notice(session, tiny.a, at=MORNING)
    second = write_notice(session, tiny.a, at=MORNING + GATHERED - MOMENT)
    assert tick(MORNING + GATHERED - MOMENT)["dealt"] == 0
    assert tick(MORNING + GATHERED)["dealt"] == 2
    assert told(hook) == [[first.id, second.id]]


def test_an_urgent_notice_goes_by_night_with_what_waits_before_it_in_its_case(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick, cases: list[int]
) -> None:
    before = write_notice(session, tiny.a, case_id=cases[0], at=NIGHT)
    other = write_notice(session, tiny.a, case_id=cases[1], at=NIGHT)
    urgent = write_notice(session, tiny.a, case_id=cases[0], at=NIGHT, urgent=True)
    tick(NIGHT)
    assert told(hook) == [[before.id, urgent.id]]
    tick(NIGHT + timedelta(hours=11))
    assert told(hook) == [[before.id, urgent.id], [other.id]]


def test_a_later_notice_of_a_case_waits_for_the_earlier_and_other_cases_do_not(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick, cases: list[int]
) -> None:
    hook.behave(status=503)
    first = write_notice(session, tiny.a, case_id=cases[0], at=MORNING - GATHERED)
    tick(MORNING)
    hook.behave()
    second = write_notice(session, tiny.a, case_id=cases[0], at=MORNING - GATHERED)
    other = write_notice(session, tiny.a, case_id=cases[1], at=MORNING - GATHERED)
    tick(MORNING + PAUSES[0] - MOMENT)
    tick(MORNING + PAUSES[0])
    assert told(hook) == [[first.id], [other.id], [first.id, second.id]]


@pytest.mark.parametrize(
    ("behaviour", "fault", "code"),
    [
        ({"status": 503}, Fault.BUSY, "503"),
        ({"hang": True}, Fault.TIMED_OUT, None),
        ({"answer": '{"errcode":45009}'}, Fault.BUSY, "45009"),
        ({"cut": True}, Fault.UNEXPECTED, "200"),
    ],
)
def test_a_failing_receiver_is_tried_with_growing_pauses_until_the_last_try(
    session: Session,
    tiny: TinyStreet,
    hook: Other,
    tick: Tick,
    behaviour: dict[str, object],
    fault: Fault,
    code: str | None,
) -> None:
    make_webhook(session, tiny.a, f"http://127.0.0.1:{hook.port}/?key=k", ReceiverKind.WECOM, secret=None)
    write_notice(session, tiny.a, urgent=True)
    hook.behave(**behaviour)
    now = MORNING
    for tries, pause in enumerate(PAUSES, start=1):
        tick(now)
        session.expire_all()
        [delivery] = session.scalars(select(Delivery))
        assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, tries)
        assert (delivery.fault, delivery.fault_code) == (fault, code)
        assert delivery.next_at == now + pause
        assert tick(now + pause - MOMENT)["dealt"] == 0
        now += pause
    tick(now)
    session.expire_all()
    [delivery] = session.scalars(select(Delivery))
    assert (delivery.state, delivery.attempts) == (DeliveryState.PARKED, len(PAUSES) + 1)
    assert tick(now + timedelta(days=30))["dealt"] == 0
    assert len(hook.taken) == len(PAUSES) + 1


def test_a_parked_notice_holds_up_nothing_and_is_sent_again_by_hand(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick, cases: list[int]
) -> None:
    hook.behave(status=404)
    parked = write_notice(session, tiny.a, case_id=cases[0], urgent=True)
    tick(MORNING)
    hook.behave()
    later = write_notice(session, tiny.a, case_id=cases[0], urgent=True)
    tick(MORNING)
    assert states(session) == [DeliveryState.PARKED, DeliveryState.SENT]

    admin = make_admin(session, Role.SYSTEM_ADMIN)
    [(delivery, receiver, _person)] = list_parked(session, 1, actor=admin).items
    assert (delivery.fault, delivery.fault_code, receiver.id) == (Fault.REFUSED, "404", robot.id)
    assert send_again(session, delivery.id, actor=admin, now=MORNING) == 1
    assert send_again(session, delivery.id, actor=admin, now=MORNING) == 0
    tick(MORNING)
    assert told(hook) == [[parked.id], [later.id], [parked.id]]
    assert states(session) == [DeliveryState.SENT, DeliveryState.SENT]
    assert list_parked(session, 1, actor=admin).total == 0


def test_a_notice_without_words_is_parked_and_the_others_of_its_message_arrive(
    session: Session,
    tiny: TinyStreet,
    robot: Receiver,
    hook: Other,
    tick: Tick,
    cases: list[int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = write_notice(session, tiny.a, case_id=cases[0], urgent=True, number=None, title="家丑")
    sound = write_notice(session, tiny.a, case_id=cases[1], urgent=True)
    later = write_notice(session, tiny.a, case_id=cases[0], urgent=True)
    tick(MORNING)
    assert told(hook) == [[sound.id, later.id]]
    session.expire_all()
    kept = session.scalars(select(Delivery).where(Delivery.notice_id == broken.id)).one()
    assert (kept.state, kept.fault) == (DeliveryState.PARKED, Fault.UNRENDERABLE)
    assert "家丑" not in caplog.text


def test_the_log_of_a_failure_tells_neither_address_nor_key(
    session: Session, tiny: TinyStreet, hook: Other, tick: Tick, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"http://127.0.0.1:{hook.port}/send?key=top-secret-key"
    make_webhook(session, tiny.a, url, ReceiverKind.WECOM, secret=None)
    hook.behave(status=400)
    write_notice(session, tiny.a, urgent=True)
    tick(MORNING)
    assert "refused 400" in caplog.text
    assert "top-secret-key" not in caplog.text


def test_a_server_that_dies_in_the_middle_is_told_again_when_it_is_back(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick
) -> None:
    hook.behave(die=True)
    notice = write_notice(session, tiny.a, urgent=True)
    tick(MORNING)
    tick(MORNING + PAUSES[0])
    assert len(hook.taken) == 1
    hook.behave()
    hook.start()
    tick(MORNING + PAUSES[0] + PAUSES[1])
    assert told(hook) == [[notice.id], [notice.id]]
    assert states(session) == [DeliveryState.SENT]


def test_a_dead_server_costs_one_try_and_keeps_nobody_else_waiting(
    session: Session, tiny: TinyStreet, hook: Other, smtp: Other, tick: Tick
) -> None:
    hanging = {"server": "dead.test"}
    for unit in (tiny.street, tiny.a, tiny.a1, tiny.a2):
        make_webhook(session, unit, f"http://127.0.0.1:{hook.port}/{unit.code}", **hanging)
        write_notice(session, unit, urgent=True)
    hook.behave(hang=True)
    healthy = mailbox_with_a_notice(session, tiny)
    tick(MORNING)
    assert len(hook.taken) == 1
    assert [letter["to"] for letter in smtp.taken] == [[healthy]]
    tick(MORNING + SERVER_PAUSE - MOMENT)
    assert len(hook.taken) == 1
    hook.behave()
    tick(MORNING + SERVER_PAUSE)
    assert len(hook.taken) == 5
    assert set(states(session)) == {DeliveryState.SENT}


def mailbox_with_a_notice(session: Session, tiny: TinyStreet) -> str:
    """A person of community B who gets mail, and a notice for them that is younger than all others."""
    person = make_actor(session, tiny.b, Role.COMMUNITY_LEAD)
    assert person.id is not None
    make_mailbox(session, person.id, "healthy@example.test")
    write_notice(session, tiny.b, urgent=True)
    return "healthy@example.test"


def test_a_tick_ends_in_its_time_and_the_next_goes_on(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick
) -> None:
    write_notice(session, tiny.a, urgent=True)
    assert tick(MORNING, seconds=0.0) == {"planned": 1, "dealt": 0}
    assert tick(MORNING) == {"planned": 0, "dealt": 1}


def test_the_case_itself_is_never_touched(
    session: Session, tiny: TinyStreet, robot: Receiver, tick: Tick, cases: list[int]
) -> None:
    before = session.get_one(Case, cases[0]).event_count
    write_notice(session, tiny.a, case_id=cases[0], urgent=True)
    tick(MORNING)
    session.expire_all()
    assert session.get_one(Case, cases[0]).event_count == before
