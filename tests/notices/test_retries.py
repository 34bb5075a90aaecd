"""The outbox when the other side fails: tried again, parked, sent again by hand, and nobody else waits."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.vocabulary import Role
from app.notices.models import Delivery, Receiver
from app.notices.parked import list_parked, send_again
from app.notices.timing import PAUSES, SERVER_PAUSE
from app.notices.vocabulary import DeliveryState, Fault, ReceiverKind
from tests.factories.cases import MORNING
from tests.factories.notices import make_mailbox, make_webhook, write_notice
from tests.factories.street import TinyStreet, make_actor
from tests.notices.conftest import Tick, states, told
from tests.receivers.process import Other
from tests.web.test_guards import make_admin

MOMENT = timedelta(microseconds=1)

pytestmark = pytest.mark.process


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


def test_by_night_an_urgent_notice_without_words_takes_nothing_ordinary_out(
    session: Session, tiny: TinyStreet, robot: Receiver, hook: Other, tick: Tick, cases: list[int]
) -> None:
    night = MORNING + timedelta(hours=13)
    write_notice(session, tiny.a, case_id=cases[0], at=night)
    write_notice(session, tiny.a, case_id=cases[0], at=night, urgent=True, number=None)
    tick(night)
    assert told(hook) == []
    assert states(session) == [DeliveryState.WAITING, DeliveryState.PARKED]
