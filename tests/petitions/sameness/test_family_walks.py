"""Random walks of several cases that are merged, separated, linked and split while all else goes on."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import AppError
from grid.vocabulary import Tier
from mediation.indicators import figures
from petitions.actions.fields import Asked, Field, Widget, fields_of
from petitions.actions.table import act, offered
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.period import Period
from petitions.policy_changes import Terms, change
from petitions.sameness.deciding import DECISIONS, Why, decide
from petitions.sameness.following import carry_out
from petitions.sameness.pairing import lock_pair
from petitions.sameness.parts import Part
from petitions.sameness.splitting import split
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Ending, Urgency, Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor
from tests.petitions.sameness.family import end, settle

HOURS = st.sampled_from([0, 0, 1, 5, 30])
KINDS = (CaseKind.DISPUTE, CaseKind.DISPUTE, CaseKind.HOTLINE, CaseKind.HOTLINE, CaseKind.PETITION)
WHICH = st.integers(0, 7)
# The last is the street's leader, whose reach covers every holder.
WHO = st.sampled_from([2, 2, 1, 0])
PLACED = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


def _written(field: Field, now: datetime) -> st.SearchStrategy[str]:
    """What somebody writes into a field: mostly what it asks for."""
    if field.options:
        return st.sampled_from([value for value, _ in field.options])
    if field.widget is Widget.DAY:
        return st.integers(0, 20).map(lambda days: (local_day(now) + timedelta(days=days)).isoformat())
    return st.just("1" if field.widget is Widget.CHECK else "因为")


def answer(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """Bring an order to its end as solved."""
    end(session, case, actor, Ending.SOLVED, now)


class Family(RuleBasedStateMachine):
    """A few matters of one grid, and what people decide about them."""

    def __init__(self, session: Session, street_id: int, people: list[Actor]) -> None:
        super().__init__()
        self.session, self.street_id, self.people = session, street_id, people
        self.now, self.came = MORNING, 0
        self.walk = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's own connection

    def teardown(self) -> None:
        self.session.rollback()
        self.walk.rollback()
        self.session.expunge_all()

    @initialize()
    def register(self) -> None:
        for kind in KINDS:
            make_case(self.session, self.street_id, kind=kind, received_at=self.now, now=self.now, **PLACED)
            self.now += timedelta(minutes=1)
        self.came = len(KINDS)
        self.session.commit()

    @rule(verb=st.sampled_from(sorted(DECISIONS)), one=WHICH, other=WHICH, who=WHO, hours=HOURS)
    def decide_about_two(self, verb: Verb, one: int, other: int, who: int, hours: int) -> None:
        actor, number = self.people[who], self._case(other).number

        def write(case: Case) -> None:
            pair = lock_pair(self.session, actor, case.number, verb, number)
            office = load_office(self.session)
            decide(self.session, pair, office, verb, Why("因为"), actor=actor, now=self.now)

        self._try(write, one, hours)

    @rule(one=WHICH, hours=HOURS)
    def merge_two_of_a_kind(self, one: int, hours: int) -> None:
        case = self._case(one)
        same = [
            key for key, other in enumerate(self._cases()) if other.kind is case.kind and other is not case
        ]
        for other in same[:1]:
            self.decide_about_two(Verb.MERGE, one, other, 2, hours)

    @rule(hours=HOURS)
    def separate_one(self, hours: int) -> None:
        merged = [key for key, case in enumerate(self._cases()) if case.master_id]
        for one in merged[:1]:
            self.decide_about_two(Verb.UNMERGE, one, 0, 2, hours)

    @rule(one=WHICH, hours=HOURS)
    def bring_one_to_an_end(self, one: int, hours: int) -> None:
        ways = {CaseKind.DISPUTE: settle, CaseKind.HOTLINE: answer}
        way = ways.get(self._case(one).kind, settle)
        self._try(lambda case: way(self.session, case, self.people[2], self.now), one, hours)

    @rule(one=WHICH, who=WHO, count=st.integers(2, 3))
    def split_one(self, one: int, who: int, count: int) -> None:
        parts = [Part(f"第{number}件事") for number in range(count)]

        def write(case: Case) -> None:
            actor, office = self.people[who], load_office(self.session)
            split(self.session, case, office, parts, reason="因为", actor=actor, now=self.now)

        self._try(write, one, 0)

    @rule(data=st.data(), one=WHICH, who=WHO, hours=HOURS)
    def do_what_the_page_offers(self, data: st.DataObject, one: int, who: int, hours: int) -> None:
        case, office, actor = self._case(one), load_office(self.session), self.people[who]
        edges = offered(case, office, actor, self.now)
        if not edges:
            return
        edge = data.draw(st.sampled_from(edges))
        asked = Asked(case, office, actor, self.now)
        form = {field.name: data.draw(_written(field, self.now)) for field in fields_of(edge, asked)}
        self._try(lambda it: self._act(it, edge.verb, form, actor), one, hours)

    @rule(
        limit=st.integers(1, 20),
        tier=st.sampled_from([Tier.GRID, Tier.COMMUNITY]),
        kind=st.sampled_from(KINDS),
    )
    def change_the_policy(self, limit: int, tier: Tier, kind: CaseKind) -> None:
        cell, terms = (self.street_id, kind, Urgency.NORMAL, tier), Terms(limit_hours=limit)
        with suppress(AppError):
            change(self.session, cell, terms, reason="改", actor=OPERATOR, now=self.now)

    @rule(hours=HOURS)
    def pass_time_and_sweep(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        assert sweep(self.now)["skipped"] == 0

    @invariant()
    def holds(self) -> None:
        self.session.flush()
        self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        self.session.expire_all()
        for case in self.session.scalars(select(Case)):
            waits = case.master_id is not None or case.part_count > 0
            runs = case.ended_at is None and case.suspended_at is None and not waits
            assert (case.tier_due_at is not None) == (runs and case.holder_id != self.street_id)
        counts = figures(self.session, OPERATOR, Period.year(2020), self.now + timedelta(days=1)).counts
        assert counts.received + counts.excluded_total == self.came
        assert verify(self.session).first_bad is None

    def _act(self, case: Case, verb: Verb, form: Mapping[str, str], actor: Actor) -> None:
        office = load_office(self.session)
        carry_out(self.session, [act(case, office, verb, form, actor=actor, now=self.now)])

    def _try(self, write: Callable[[Case], None], which: int, hours: int) -> None:
        """Do it as a page does: all of it, or nothing where a rule forbids it."""
        self.now += timedelta(hours=hours)
        case, before = self._case(which), self._events()
        try:
            with self.session.begin_nested():
                write(case)
        except AppError:
            self.session.expire_all()
            assert self._events() == before

    def _events(self) -> int:
        return len(self.session.scalars(select(CaseEvent.id)).all())

    def _cases(self) -> Sequence[Case]:
        """All there are by now, their parts included."""
        query = select(Case).order_by(Case.id).execution_options(populate_existing=True)
        return self.session.scalars(query).all()

    def _case(self, which: int) -> Case:
        cases = self._cases()
        return cases[which % len(cases)]


def test_whatever_is_merged_separated_linked_and_split_all_stay_whole_and_count_once(
    session: Session, tiny: TinyStreet
) -> None:
    people = [
        make_actor(session, tiny.a1, Role.GRID_WORKER),
        make_actor(session, tiny.a, Role.COMMUNITY_LEAD),
        make_actor(session, tiny.street, Role.STREET_LEADER),
    ]
    street_id = tiny.street.id
    session.commit()
    run_state_machine_as_test(
        lambda: Family(session, street_id, people),
        settings=settings(max_examples=25, stateful_step_count=30, deadline=None),
    )
