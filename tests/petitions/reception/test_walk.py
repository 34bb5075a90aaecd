"""Random walks over the life of bookings: whatever is tried, nothing is lost and nothing is doubled."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.db import db
from app.core.errors import AppError
from petitions.models import Case
from petitions.reception import bookings, days, outcomes, queries
from petitions.reception.models import Booking, Reception, ReceptionEvent
from petitions.reception.offers import offered
from petitions.reception.outcomes import SOURCE, Matter, Said
from petitions.reception.queries import Show
from petitions.reception.slots import is_over
from petitions.reception.states import BOOKING, DAY
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct
from petitions.verify import verify
from petitions.vocabulary import CaseKind
from tests.factories.cases import MORNING, make_case
from tests.factories.receptions import DAY as FIRST_DAY
from tests.factories.receptions import at, make_booking, make_reception
from tests.factories.street import TinyStreet, make_actor

SECOND_DAY = date(2020, 6, 10)
HOURS = st.sampled_from([0, 0, 0, 1, 1, 2, 14])
# The first two keep the receptions of the street, the others do not.
WHO = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
SLOTS = st.integers(0, 4)
SAID = Said("答复", "三日内结清", None)


class Walk(RuleBasedStateMachine):
    """Two days of three slots, one open case and two visitors, from the morning of the first day on."""

    def __init__(self, session: Session, street_id: int, people: list[Actor]) -> None:
        super().__init__()
        self.session, self.street_id, self.people = session, street_id, people
        self.now = MORNING
        self.days: list[int] = []
        self.booked: list[int] = []
        self.walk = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's own connection

    def teardown(self) -> None:
        self.session.rollback()
        self.walk.rollback()
        self.session.expunge_all()

    @initialize()
    def plan(self) -> None:
        leader = self.people[0]
        for day in (FIRST_DAY, SECOND_DAY):
            self.days.append(make_reception(self.session, self.street_id, leader, day=day, capacity=3).id)
        self.case = make_case(self.session, self.street_id).id
        self.booked = [make_booking(self.session, self._day(0), leader, slot).id for slot in (1, 2)]
        self.now = at(8)
        self.session.commit()

    @rule(which=st.integers(0, 1), slot=SLOTS, who=WHO, hours=HOURS)
    def book(self, which: int, slot: int, who: int, hours: int) -> None:
        actor = self.people[who]

        def verb() -> None:
            made = make_booking(self.session, self._day(which), actor, slot, now=self.now)
            self.booked.append(made.id)

        self._try(verb, hours)

    @rule(data=st.data(), act=st.sampled_from(sorted({act for _state, act in BOOKING})), who=WHO, hours=HOURS)
    def do_anything(self, data: st.DataObject, act: ReceptionAct, who: int, hours: int) -> None:
        if self.booked:
            key = data.draw(st.sampled_from(self.booked))
            self._try(lambda: self._do(key, act, self.people[who], data), hours)

    @rule(data=st.data(), hours=HOURS)
    def do_what_the_page_offers(self, data: st.DataObject, hours: int) -> None:
        self.now += timedelta(hours=hours)
        if not self.booked:
            return
        key = data.draw(st.sampled_from(self.booked))
        booking, day = queries.get_booking(self.session, self.people[1], key)
        offers = offered(booking, day, self.now)
        if offers:
            act = data.draw(st.sampled_from(offers))
            self._try(lambda: self._do(key, act, self.people[1], data), 0)

    @rule(which=st.integers(0, 1), who=WHO, hours=HOURS)
    def cancel(self, which: int, who: int, hours: int) -> None:
        actor = self.people[who]
        self._try(
            lambda: days.cancel(self.session, self._day(which), reason="开会", actor=actor, now=self.now),
            hours,
        )

    @invariant()
    def holds(self) -> None:
        rows = self.session.scalars(select(Booking).execution_options(populate_existing=True)).all()
        assert sorted(row.id for row in rows) == sorted(self.booked)
        seats = Counter((row.reception_id, row.slot) for row in rows if row.state != "withdrawn")
        assert set(seats.values()) <= {1}
        for row in rows:
            self._demand_history(row)
        made = select(func.count()).select_from(Case).where(Case.source == SOURCE)
        registered = sum(row.state is BookingState.REGISTERED for row in rows)
        assert self.session.scalar(made) == registered
        self._demand_duties()
        assert verify(self.session).first_bad is None

    def _demand_history(self, booking: Booking) -> None:
        """The events of a booking are as many as it counts, and lead from the first state to its own."""
        query = select(ReceptionEvent.act).where(ReceptionEvent.booking_id == booking.id)
        first, *rest = self.session.scalars(query.order_by(ReceptionEvent.id))
        assert (first, len(rest) + 1) == (ReceptionAct.BOOK, booking.event_count)
        state = BookingState.BOOKED
        for act in rest:
            state = BookingState(BOOKING[state, act])
        assert state is booking.state

    def _demand_duties(self) -> None:
        """What is owed, untold and promised is counted as a person would count it."""
        by_id = {day.id: day for day in self.session.scalars(select(Reception))}
        seen = {Show.OWED: 0, Show.UNTOLD: 0, Show.PROMISED: 0}
        for row in self.session.scalars(select(Booking)):
            day = by_id[row.reception_id]
            is_open = row.state is BookingState.BOOKED
            is_published = day.state is DayState.PUBLISHED
            seen[Show.OWED] += is_open and is_published and is_over(day.starts_at, self.now)
            seen[Show.UNTOLD] += is_open and day.state is DayState.CANCELLED
            seen[Show.PROMISED] += row.promise is not None and row.kept_at is None
        assert queries.count_duties(self.session, self.people[0], self.now) == seen
        for nobody in self.people[2:]:
            assert set(queries.count_duties(self.session, nobody, self.now).values()) == {0}

    def _do(self, key: int, act: ReceptionAct, actor: Actor, data: st.DataObject) -> None:
        session, now = self.session, self.now
        booking, day = queries.get_booking(session, self.people[0], key, lock=True)
        case = session.get_one(Case, self.case)
        matter = Matter(CaseKind.PETITION, "工资拖欠三个月。")
        which, slot = data.draw(st.integers(0, 1)), data.draw(SLOTS)
        verbs: dict[ReceptionAct, Callable[[], object]] = {
            ReceptionAct.ANSWER: lambda: outcomes.answer(session, booking, day, SAID, actor=actor, now=now),
            ReceptionAct.REGISTER: lambda: outcomes.become_case(
                session, booking, day, matter, SAID, actor=actor, now=now
            ),
            ReceptionAct.LINK: lambda: outcomes.link(session, booking, day, case, SAID, actor=actor, now=now),
            ReceptionAct.NOTE_ABSENT: lambda: outcomes.note_absent(
                session, booking, day, actor=actor, now=now
            ),
            ReceptionAct.REOPEN: lambda: outcomes.reopen(session, booking, day, actor=actor, now=now),
            ReceptionAct.KEEP_PROMISE: lambda: outcomes.keep_promise(
                session, booking, day, actor=actor, now=now
            ),
            ReceptionAct.TELL: lambda: bookings.tell(session, booking, day, actor=actor, now=now),
            ReceptionAct.MOVE: lambda: bookings.move(
                session, booking, day, self._day(which), slot, actor=actor, now=now
            ),
            ReceptionAct.WITHDRAW: lambda: bookings.withdraw(
                session, booking, day, reason="不来了", actor=actor, now=now
            ),
        }
        verbs[act]()

    def _try(self, verb: Callable[[], None], hours: int) -> None:
        """Do it as a page does: all of it, or nothing where a rule forbids it."""
        self.now += timedelta(hours=hours)
        before = self.session.scalar(select(func.count()).select_from(ReceptionEvent))
        try:
            with self.session.begin_nested():
                verb()
        except AppError:
            assert self.session.scalar(select(func.count()).select_from(ReceptionEvent)) == before

    def _day(self, which: int) -> Reception:
        return self.session.get_one(Reception, self.days[which], populate_existing=True)


def test_whatever_happens_to_bookings_nothing_is_lost_or_doubled(session: Session, tiny: TinyStreet) -> None:
    people = [
        make_actor(session, unit, role)
        for unit, role in (
            (tiny.street, Role.STREET_LEADER),
            (tiny.street, Role.HOTLINE_CLERK),
            (tiny.a, Role.COMMUNITY_LEAD),
            (tiny.a1, Role.GRID_WORKER),
        )
    ]
    street_id = tiny.street.id
    session.commit()
    run_state_machine_as_test(
        lambda: Walk(session, street_id, people),
        settings=settings(max_examples=20, stateful_step_count=30, deadline=None),
    )


def test_every_act_stands_in_a_table() -> None:
    listed = {act for _state, act in (*DAY, *BOOKING)}

    assert listed == set(ReceptionAct) - {ReceptionAct.PLAN, ReceptionAct.BOOK}
