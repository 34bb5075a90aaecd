"""Random walks of one case: lawful and unlawful verbs of random people, time jumps and sweeps."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI, local_day
from app.core.db import db
from app.core.errors import AppError, Conflict
from grid.models import Unit
from grid.vocabulary import Tier
from mediation import service
from mediation.models import Mediation
from mediation.vocabulary import AgreementForm, StartedBy
from petitions.actions.fields import Asked, Field, Widget, fields_of
from petitions.actions.table import ACTIONS, act, offered
from petitions.history import record
from petitions.models import Case, CaseEnding, CaseEvent
from petitions.office import load_office
from petitions.policies import TIERS, cell_of
from petitions.policy_changes import Terms, change
from petitions.tenures import tenures
from petitions.verify import verify
from petitions.vocabulary import CaseKind, CaseState, Channel, DivertRoute, Ending, ServiceMethod, Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor

HOURS = st.sampled_from([0, 0, 0, 1, 5, 30, 100])
# The last is the street's leader, whose reach covers every holder.
WHO = st.sampled_from([5, 5, 4, 3, 2, 1, 0])
# Few walks go on after these; `do_anything` tries them too.
FINAL = {Verb.DIVERT, Verb.VOID, Verb.FORWARD, Verb.DECLINE, Verb.WITHDRAW, Verb.ARCHIVE}
# The only verbs by which the first clock may end at another moment, each with its own article.
MOVING = {
    Verb.ACCEPT,
    Verb.NOTIFY_ROUTE,
    Verb.REFUSE_OBJECTION,
    Verb.ASSIGN_WITH_REPORT,
    Verb.RECALL,
    Verb.APPROVE_EXTENSION,
    Verb.RESUME,
}
IN_2026 = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ANYTHING = {
    "reason": "因为",
    "ending": Ending.SOLVED,
    "route": DivertRoute.ARBITRATION,
    "service": ServiceMethod.MAIL,
    "urgency": "urgent",
    "risk": "larger",
    "opinion": "explained",
    "result": "maintained",
    "decision": "1号",
    "recipient": "区局",
    "served_on": "2020-06-01",
    "until": "2020-06-20",
    "contacted": "no",
}
PLACED = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


def _open(session: Session, case: Case, actor: Actor, now: Any) -> object:
    sides = [service.Side("张三", is_applicant=True), service.Side("李四")]
    started_by, office = StartedBy.APPLICATION, load_office(session)
    return service.open_mediation(
        session, case, office, mediator="王", started_by=started_by, sides=sides, actor=actor, now=now
    )


def _agree(session: Session, case: Case, actor: Actor, now: Any) -> object:
    return service.agree(session, case, service.Terms(AgreementForm.ORAL, "和解"), actor=actor, now=now)


def _hold(session: Session, case: Case, actor: Actor, now: Any) -> object:
    return service.hold_session(session, case, held_at=now, place="调解室", text="谈了", actor=actor, now=now)


def _fail(session: Session, case: Case, actor: Actor, now: Any) -> object:
    return service.fail(session, case, reason="谈不拢", actor=actor, now=now)


MEDIATION: tuple[Callable[..., object], ...] = (_open, _hold, _agree, _fail)


def _written(field: Field, now: datetime) -> st.SearchStrategy[str]:
    """What somebody writes into a field: mostly what it asks for."""
    if field.options:
        return st.sampled_from([value for value, _ in field.options])
    days = st.integers(-3, 20).map(lambda days: (local_day(now) + timedelta(days=days)).isoformat())
    ways = {Widget.DAY: days, Widget.CHECK: st.sampled_from(["", "1"])}
    return ways.get(field.widget, st.sampled_from(["因为", "因为", " "]))


class Walk(RuleBasedStateMachine):
    """One case of the tiny street, from its registration to wherever chance leads it."""

    def __init__(self, session: Session, street_id: int, people: list[Actor], codes: list[str]) -> None:
        super().__init__()
        self.session, self.street_id, self.people, self.codes = session, street_id, people, codes
        self.now, self.key = MORNING, 0
        self.walk = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's own connection

    def teardown(self) -> None:
        self.session.rollback()
        self.walk.rollback()
        self.session.expunge_all()

    @initialize(
        kind=st.sampled_from(CaseKind),
        is_placed=st.booleans(),
        begins=st.sampled_from([MORNING, IN_2026]),
        channel=st.sampled_from([Channel.VISIT, Channel.TRANSFERRED]),
    )
    def register(self, kind: CaseKind, is_placed: bool, begins: datetime, channel: Channel) -> None:
        self.now = begins
        given = {**(PLACED if is_placed else {}), "received_at": begins, "now": begins, "channel": channel}
        case = make_case(self.session, self.street_id, kind=kind, **given)
        self.key, self.due_at, self.seen = case.id, case.due_at, case.event_count
        self.session.commit()

    @rule(verb=st.sampled_from(sorted(ACTIONS)), who=WHO, unit=st.integers(0, 5), hours=HOURS)
    def do_anything(self, verb: Verb, who: int, unit: int, hours: int) -> None:
        self._do(verb, self.people[who], {**ANYTHING, "unit": self.codes[unit]}, hours)

    @rule(data=st.data(), hours=HOURS)
    def do_what_the_page_offers(self, data: st.DataObject, hours: int) -> None:
        case, office = self._case(), load_office(self.session, [self.street_id])
        offers = [
            (person, edge)
            for person in self.people
            for edge in offered(case, office, person, self.now)
            if edge.verb not in FINAL
        ]
        if not offers:
            return
        person, edge = data.draw(st.sampled_from(offers))
        asked = Asked(case, office, person, self.now)
        form = {field.name: data.draw(_written(field, self.now)) for field in fields_of(edge, asked)}
        self._do(edge.verb, person, form, hours)

    @rule(verb=st.sampled_from(MEDIATION), who=WHO, hours=HOURS)
    def mediate(self, verb: Callable[..., object], who: int, hours: int) -> None:
        self._try(lambda case, actor: verb(self.session, case, actor, self.now), self.people[who], hours)

    @rule(limit=st.sampled_from([None, 0, 2, 13, 39]), tier=st.sampled_from(TIERS), hours=HOURS)
    def change_the_policy(self, limit: int | None, tier: Tier, hours: int) -> None:
        self.now += timedelta(hours=hours)
        case = self._case()
        cell, terms = (self.street_id, case.kind, case.urgency, tier), Terms(limit_hours=limit)
        seen = case.event_count
        try:
            change(self.session, cell, terms, reason="改", actor=OPERATOR, now=self.now)
        except Conflict:
            return
        assert self._case().event_count == seen

    @rule(hours=HOURS)
    def pass_time_and_sweep(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        assert sweep(self.now)["skipped"] == 0
        assert sweep(self.now)["escalated"] == 0

    @invariant()
    def holds(self) -> None:
        if not self.key:
            return
        case = self._case()
        holder = self.session.get_one(Unit, case.holder_id)
        assert case.holder_tier is holder.tier
        runs = case.ended_at is None and case.suspended_at is None
        limit = load_office(self.session).policies.by_id(cell_of(case), case.policy_id)
        has_clock = runs and limit is not None and limit.limit_hours is not None
        assert (case.tier_due_at is not None) == has_clock
        self._demand_whole_life(case)
        assert (case.state is CaseState.TO_MEDIATION) == (self._running() is not None)
        self._demand_lawful_deadline(case)
        assert verify(self.session).first_bad is None

    def _demand_whole_life(self, case: Case) -> None:
        """Every moment from the registration on was with one holder, or the case stood ended."""
        events = self.session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        ).all()
        spans = tenures((event.at, event.verb, event.changes) for event in events)
        held = sum((span.length(self.now) for span in spans), timedelta())
        rows = self.session.scalars(select(CaseEnding).where(CaseEnding.case_id == case.id))
        ended = sum(((row.reopened_at or self.now) - row.ended_at for row in rows), timedelta())
        assert held + ended == self.now - case.registered_at

    def _demand_lawful_deadline(self, case: Case) -> None:
        new = select(CaseEvent.verb).where(CaseEvent.case_id == case.id, CaseEvent.seq > self.seen)
        verbs = set(self.session.scalars(new))
        if case.due_at != self.due_at:
            assert verbs & MOVING
        self.due_at, self.seen = case.due_at, case.event_count

    def _do(self, verb: Verb, person: Actor, form: Mapping[str, str], hours: int) -> None:
        def write(case: Case, actor: Actor) -> None:
            office = load_office(self.session)
            done = act(case, office, verb, form, actor=actor, now=self.now)
            record(self.session, [done])

        self._try(write, person, hours)

    def _try(self, write: Callable[[Case, Actor], object], person: Actor, hours: int) -> None:
        """Do it as a page does: all of it, or nothing where a rule forbids it."""
        self.now += timedelta(hours=hours)
        try:
            with self.session.begin_nested():
                write(self._case(), person)
        except AppError:
            assert self._case().event_count == self.seen

    def _case(self) -> Case:
        return self.session.get_one(Case, self.key, populate_existing=True)

    def _running(self) -> Mediation | None:
        running = Mediation.case_id == self.key, Mediation.ended_at.is_(None)
        return self.session.scalars(select(Mediation).where(*running)).one_or_none()


def test_whatever_happens_in_whatever_order_the_case_stays_whole(session: Session, tiny: TinyStreet) -> None:
    people = [
        make_actor(session, unit, role)
        for unit, role in (
            (tiny.a1, Role.GRID_WORKER),
            (tiny.a2, Role.GRID_WORKER),
            (tiny.a, Role.COMMUNITY_LEAD),
            (tiny.b, Role.COMMUNITY_LEAD),
            (tiny.street, Role.HOTLINE_CLERK),
            (tiny.street, Role.STREET_LEADER),
        )
    ]
    units = [tiny.street, tiny.a, tiny.b, tiny.a1, tiny.a2, tiny.b1]
    codes, street_id = [unit.code for unit in units], tiny.street.id
    session.commit()
    run_state_machine_as_test(
        lambda: Walk(session, street_id, people, codes),
        settings=settings(max_examples=30, stateful_step_count=30, deadline=None),
    )
