"""Mail to people: one digest each in their own language, and nothing to whoever has left or turned it off."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.notices.couriers import Couriers
from app.notices.models import Delivery
from app.notices.receivers import set_mailbox
from app.notices.vocabulary import DeliveryState
from tasks.deliver_notices import deliver
from tests.factories.notices import NUMBER, make_mailbox, write_notice
from tests.factories.street import TinyStreet, make_actor
from tests.receivers.process import Other

EVENING = datetime(2020, 6, 1, 20, 0, tzinfo=SHANGHAI)
OPENING = datetime(2020, 6, 2, 9, 0, tzinfo=SHANGHAI)
OTHER = "440799001-H2020-000124"
CALENDAR = WorkingCalendar.shipped()
Tick = Callable[[datetime], dict[str, int]]

pytestmark = pytest.mark.process


@pytest.fixture
def tick(session: Session, couriers: Couriers) -> Tick:
    """One tick at a moment."""
    return lambda now: deliver(couriers, CALENDAR, lambda: now)


def person(session: Session, tiny: TinyStreet, role: Role, language: str) -> Actor:
    """Somebody of community A who gets mail in that language."""
    made = make_actor(session, tiny.a, role)
    assert made.id is not None
    make_mailbox(session, made.id, f"{role}@example.test", language=language)
    return made


def test_each_person_gets_one_letter_in_the_own_language_with_all_cases(
    session: Session, tiny: TinyStreet, smtp: Other, tick: Tick
) -> None:
    person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    person(session, tiny, Role.MEDIATOR, "en")
    write_notice(session, tiny.a, at=EVENING)
    write_notice(session, tiny.a, at=EVENING + timedelta(hours=1), number=OTHER, kind="warning")

    assert tick(OPENING - timedelta(microseconds=1))["dealt"] == 0
    assert tick(OPENING)["dealt"] == 4
    letters = {letter["to"][0]: letter for letter in smtp.taken}

    assert len(smtp.taken) == 2
    chinese, english = letters["community_lead@example.test"], letters["mediator@example.test"]
    assert chinese["headers"]["subject"] == "定纷提醒：2件案件有新情况"
    assert english["headers"]["subject"] == "From Dingfen: news of 2 cases"
    for letter, first, second in (
        (chinese, "东湖社区办理时限已过", "东湖社区的办理时限即将届满"),
        (english, "The limit of 东湖社区 has passed", "The limit of 东湖社区 ends soon"),
    ):
        lines = letter["text"].splitlines()
        assert lines.index(NUMBER) < lines.index(OTHER)
        assert first in lines[lines.index(NUMBER) + 1]
        assert "2020-06-01 20:00" in lines[lines.index(NUMBER) + 1]
        assert second in lines[lines.index(OTHER) + 1]


def states(session: Session) -> set[DeliveryState]:
    session.expire_all()
    return set(session.scalars(select(Delivery.state)))


def test_what_waits_for_a_person_who_leaves_the_unit_is_withdrawn(
    session: Session, tiny: TinyStreet, smtp: Other, tick: Tick
) -> None:
    person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    write_notice(session, tiny.a, at=EVENING)
    tick(EVENING)
    session.execute(text("UPDATE postings SET days = daterange('2019-01-01', '2020-06-02')"))
    tick(OPENING)
    assert smtp.taken == []
    assert states(session) == {DeliveryState.WITHDRAWN}


def test_a_closed_account_is_not_written_to(
    session: Session, tiny: TinyStreet, smtp: Other, tick: Tick
) -> None:
    lead = person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    write_notice(session, tiny.a, at=EVENING)
    tick(EVENING)
    session.get_one(User, lead.id).is_active = False
    session.commit()
    tick(OPENING)
    assert smtp.taken == []
    assert states(session) == {DeliveryState.WITHDRAWN}


def test_what_waited_when_mail_was_turned_off_does_not_come_when_it_is_turned_on_again(
    session: Session, tiny: TinyStreet, smtp: Other, tick: Tick
) -> None:
    lead = person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    write_notice(session, tiny.a, at=EVENING)
    tick(EVENING)
    for is_on in (False, True):
        set_mailbox(session, address="new@example.test", language="zh", is_on=is_on, actor=lead, now=EVENING)
    fresh = write_notice(session, tiny.a, at=EVENING, number=OTHER)
    tick(OPENING)
    [letter] = smtp.taken
    assert letter["to"] == ["new@example.test"]
    assert OTHER in letter["text"]
    assert NUMBER not in letter["text"]
    sent = session.scalars(select(Delivery.notice_id).where(Delivery.state == DeliveryState.SENT))
    assert list(sent) == [fresh.id]


@pytest.mark.parametrize(
    ("answer", "state"), [("451 later", DeliveryState.WAITING), ("550 no", DeliveryState.PARKED)]
)
def test_one_mailbox_that_is_refused_keeps_no_other_from_its_letter(
    session: Session, tiny: TinyStreet, smtp: Other, tick: Tick, answer: str, state: DeliveryState
) -> None:
    person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    write_notice(session, tiny.a, at=EVENING, urgent=True)
    smtp.behave(rcpt=answer)
    tick(EVENING)
    assert states(session) == {state}
    smtp.behave()
    person(session, tiny, Role.MEDIATOR, "en")
    write_notice(session, tiny.a, at=EVENING, urgent=True, number=OTHER)
    tick(EVENING)
    assert "mediator@example.test" in [letter["to"][0] for letter in smtp.taken]


def test_in_a_year_without_a_calendar_only_the_urgent_goes(
    session: Session, tiny: TinyStreet, smtp: Other, couriers: Couriers
) -> None:
    person(session, tiny, Role.COMMUNITY_LEAD, "zh")
    moment = datetime(2099, 6, 1, 10, 0, tzinfo=SHANGHAI)
    write_notice(session, tiny.a, at=moment - timedelta(hours=1))
    write_notice(session, tiny.a, at=moment - timedelta(hours=1), urgent=True, number=OTHER)
    deliver(couriers, CALENDAR, lambda: moment)
    [letter] = smtp.taken
    assert OTHER in letter["text"]
    assert NUMBER not in letter["text"]
