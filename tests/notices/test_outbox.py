"""The outbox against real servers: once, signed, in order, and in working hours."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import SHANGHAI
from app.notices.models import Delivery, Receiver
from app.notices.timing import GATHERED, PAUSES
from app.notices.vocabulary import DeliveryState, ReceiverKind
from petitions.models import Case
from tests.factories.cases import MORNING
from tests.factories.notices import NUMBER, SECRET, make_webhook, write_notice
from tests.factories.street import TinyStreet
from tests.notices.conftest import Tick, states, told
from tests.receivers.process import Other

NIGHT = datetime(2020, 6, 1, 22, 0, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)

pytestmark = pytest.mark.process


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
