"""Random walks of the outbox: notices, time, servers that fail and come back, and hands that send again."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.db import db
from app.notices.models import Delivery, Notice
from app.notices.parked import send_again
from app.notices.timing import is_office_time
from app.notices.vocabulary import DeliveryState
from grid.models import Unit
from tests.factories.cases import MORNING
from tests.factories.notices import make_webhook, write_notice
from tests.factories.street import TinyStreet
from tests.notices.conftest import CALENDAR, Tick
from tests.receivers.process import Other

MINUTES = st.sampled_from([0, 1, 5, 30, 60, 240, 900])
ANSWERS = st.sampled_from([{}, {}, {"status": 503}, {"status": 404}])

pytestmark = pytest.mark.process


class Walk(RuleBasedStateMachine):
    """One unit with its webhook, some cases, and what chance makes of them."""

    def __init__(self, session: Session, unit_id: int, cases: list[int], hook: Other, tick: Tick) -> None:
        super().__init__()
        self.session, self.unit_id, self.cases, self.hook, self.tick = session, unit_id, cases, hook, tick
        self.now, self.arrived, self.ever_parked = MORNING, [], set()
        self.seen = len(hook.taken)
        self.walk = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's own connection

    def teardown(self) -> None:
        if not self.walk.is_active:
            return
        self._bring_everything()
        self.session.rollback()
        self.walk.rollback()
        self.session.expunge_all()

    @initialize()
    def listen(self) -> None:
        unit = self.session.get_one(Unit, self.unit_id)
        make_webhook(self.session, unit, f"http://127.0.0.1:{self.hook.port}/")
        self._behave({})

    @rule(case=st.integers(0, 2), urgent=st.booleans(), broken=st.sampled_from([False, False, False, True]))
    def tell(self, case: int, urgent: bool, broken: bool) -> None:
        unit = self.session.get_one(Unit, self.unit_id)
        said = {"number": None} if broken else {}
        write_notice(self.session, unit, case_id=self.cases[case], at=self.now, urgent=urgent, **said)
        self.session.commit()

    @rule(answer=ANSWERS)
    def answer_so(self, answer: dict[str, int]) -> None:
        self._behave(answer)

    @rule(minutes=MINUTES)
    def pass_time(self, minutes: int) -> None:
        self._pass(timedelta(minutes=minutes))

    @rule()
    def send_all_again(self) -> None:
        send_again(self.session, None, actor=OPERATOR, now=self.now)
        self.session.commit()

    @invariant()
    def nothing_arrives_twice(self) -> None:
        assert len(self.arrived) == len(set(self.arrived))

    def _behave(self, answer: dict[str, int]) -> None:
        self.answer = answer
        self.hook.behave(**answer)

    def _pass(self, time: timedelta) -> None:
        self.now += time
        self.tick(self.now)
        self.ever_parked |= set(self._notices(DeliveryState.PARKED))
        taken = self.hook.taken
        for message in taken[self.seen :]:
            self._look_at(json.loads(message["body"])["notices"])
        self.seen = len(taken)
        assert sorted(self._notices(DeliveryState.SENT)) == sorted(self.arrived)

    def _look_at(self, said: list[dict[str, object]]) -> None:
        """A message by night holds something urgent; nothing overtakes what is not parked."""
        assert is_office_time(self.now, CALENDAR) or any(each["urgent"] for each in said)
        if self.answer:
            return
        for each in said:
            notice = self.session.get_one(Notice, each["id"])
            self.arrived.append(notice.id)
            earlier = select(Notice.id).where(
                Notice.case_id == notice.case_id, Notice.unit_id == self.unit_id, Notice.id < notice.id
            )
            assert set(self.session.scalars(earlier)) <= set(self.arrived) | self.ever_parked

    def _notices(self, state: DeliveryState) -> list[int]:
        self.session.expire_all()
        return list(self.session.scalars(select(Delivery.notice_id).where(Delivery.state == state)))

    def _bring_everything(self) -> None:
        """In the end everything that has words has arrived, and the rest is parked."""
        self._behave({})
        self.send_all_again()
        while not is_office_time(self.now, CALENDAR):
            self.now += timedelta(hours=1)
        self._pass(timedelta(0))
        for _ in range(2):
            self.now = _next_opening(self.now + timedelta(days=1))
            self._pass(timedelta(0))
        told = select(Notice.id, Notice.params).where(Notice.unit_id == self.unit_id)
        worded = {key for key, params in self.session.execute(told) if "number" in params}
        assert set(self.arrived) == worded
        assert self._notices(DeliveryState.WAITING) == []


def _next_opening(moment: datetime) -> datetime:
    return CALENDAR.add_working_minutes(moment, 0)


def test_whatever_fails_everything_arrives_once_and_in_order(
    session: Session, tiny: TinyStreet, cases: list[int], hook: Other, tick: Callable[..., dict[str, int]]
) -> None:
    others = [*cases, cases[0]]
    unit_id = tiny.a.id
    session.commit()
    run_state_machine_as_test(
        lambda: Walk(session, unit_id, others, hook, tick),
        settings=settings(max_examples=20, stateful_step_count=20, deadline=None),
    )
