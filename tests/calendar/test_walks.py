"""Random years, corrections, local days and cases: no end of a clock moves without an event."""

from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.calendar.service import decide_day
from app.core.calendar import DayKind
from app.core.calendar_store import calendar_at, load_calendar
from app.core.clock import SHANGHAI, local_day
from app.core.db import db
from app.core.errors import AppError
from petitions import clocks
from petitions.differing import differing
from petitions.models import Case, CaseEvent
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.start_clocks import start_waiting
from tests.factories.cases import make_case
from tests.factories.notice import NOTICE, YEAR, load_notice
from tests.factories.street import IN_A1, TinyStreet

START = datetime(2026, 12, 7, 9, tzinfo=SHANGHAI)
PLACED = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
CORRECTIONS = st.sampled_from(
    [
        f"{YEAR}年元旦：1月1日至5日放假，共5天。",
        f"{YEAR}年元旦：1月1日放假。1月3日（周日）上班。",
        f"{YEAR}年元旦：2026年12月31日至{YEAR}年1月2日放假，共3天。",
        "2026年国庆节：10月1日至3日放假，共3天。12月19日（周六）上班。",
    ]
)


class Walk(RuleBasedStateMachine):
    """A street at the end of a year whose successor is missing."""

    def __init__(self, session: Session, street_id: int) -> None:
        super().__init__()
        self.session, self.street_id = session, street_id
        self.now = START
        self.ends: dict[int, tuple[datetime | None, datetime | None, int]] = {}
        self.walk = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's own connection

    def teardown(self) -> None:
        self.session.rollback()
        self.walk.rollback()
        self.session.expunge_all()

    @rule(hours=st.sampled_from([1, 30, 100]), is_placed=st.booleans())
    def register(self, hours: int, is_placed: bool) -> None:
        self._pass(hours)
        given = PLACED if is_placed else {}
        case = make_case(self.session, self.street_id, received_at=self.now, now=self.now, **given)
        self.session.commit()
        calendar = load_calendar(self.session)
        intake = clocks.Intake(case.kind, case.order_type, self.now, self.now, None)
        assert case.due_at == clocks.start(intake, calendar)["due_at"]
        self.ends[case.id] = (case.due_at, case.tier_due_at, case.event_count)

    @rule(hours=st.sampled_from([1, 30]))
    def load(self, hours: int) -> None:
        self._try(hours, NOTICE)

    @rule(hours=st.sampled_from([1, 30]), text=CORRECTIONS)
    def correct(self, hours: int, text: str) -> None:
        self._try(hours, f"{text} 国办发〔2026〕9号")

    @rule(days=st.integers(-5, 40), kind=st.sampled_from([*DayKind, None]))
    def decide(self, days: int, kind: DayKind | None) -> None:
        self._pass(1)
        day = local_day(self.now) + timedelta(days=days)
        try:
            with self.session.begin_nested():
                decide_day(self.session, day, kind, reason="台风", actor=OPERATOR, now=self.now)
        except AppError:
            return
        if kind:
            assert load_calendar(self.session).is_working_day(day) is (kind is DayKind.WORKDAY)

    @rule(hours=st.sampled_from([0, 1]))
    def tick(self, hours: int) -> None:
        self._pass(hours)
        start_waiting(self.now)
        self.session.expire_all()
        years = load_calendar(self.session).years
        for case in self.session.scalars(select(Case)):
            assert case.due_missing_year not in years
            assert case.tier_missing_year not in years
            self._demand_event(case)

    @invariant()
    def no_end_moves_without_an_event(self) -> None:
        self.session.expire_all()
        for case in self.session.scalars(select(Case)):
            assert (case.due_at, case.tier_due_at, case.event_count) == self.ends[case.id]
            assert (case.due_at is None) == (case.due_missing_year is not None)
        assert verify(self.session).ok

    @rule()
    def look(self) -> None:
        listed = differing(self.session, OPERATOR, 1000)
        assert all(row.ends_at != row.would_end_at for row in listed)
        kept, told = load_calendar(self.session), calendar_at(self.session, self.now)
        assert kept.years == told.years
        days = [date.fromordinal(date(2026, 12, 1).toordinal() + offset) for offset in range(31)]
        assert [kept.is_working_day(day) for day in days] == [told.is_working_day(day) for day in days]

    def _demand_event(self, case: Case) -> None:
        due_at, tier_due_at, count = self.ends[case.id]
        if (case.due_at, case.tier_due_at) != (due_at, tier_due_at):
            last = self.session.scalars(
                select(CaseEvent.verb).where(CaseEvent.case_id == case.id, CaseEvent.seq == case.event_count)
            ).one()
            assert (last, case.event_count) == (Verb.START_CLOCK, count + 1)
            # What had an end before has the same one still.
            assert due_at in (None, case.due_at)
            assert tier_due_at in (None, case.tier_due_at)
        self.ends[case.id] = (case.due_at, case.tier_due_at, case.event_count)

    def _try(self, hours: int, text: str) -> None:
        self._pass(hours)
        try:
            with self.session.begin_nested():
                load_notice(self.session, self.now, text, reason="a second notice")
        except AppError:
            return

    def _pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours, minutes=1)


def test_random_walks_of_the_calendar(session: Session, tiny: TinyStreet) -> None:
    street_id = tiny.street.id
    session.commit()
    run_state_machine_as_test(
        lambda: Walk(session, street_id),
        settings=settings(max_examples=25, stateful_step_count=20, deadline=None),
    )
