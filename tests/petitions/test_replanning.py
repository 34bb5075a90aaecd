"""A changed policy and the open cases: counted anew from when the tier began, by an event each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.policies import Cell, TierPolicy
from petitions.policy_changes import Terms, change
from petitions.rules.tier_limits import TierLimits, handed_down_hours
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Urgency, Verb
from tasks.escalate import sweep
from tasks.replan import replan_stale
from tests.factories import policies
from tests.factories.cases import MORNING, make_case
from tests.factories.policies import grid_cell
from tests.factories.street import IN_A1, TinyStreet

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
START = MORNING.astimezone(UTC)
SHIPPED = TierLimits.shipped().get("hotline", "normal", "grid")


def run_replanning(now: datetime) -> int:
    return replan_stale(now)[0]


Decide = Callable[..., TierPolicy]


@pytest.fixture
def cell(tiny: TinyStreet) -> Cell:
    return grid_cell(tiny)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order that a grid has had since Monday morning."""
    return make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")


@pytest.fixture
def decide(session: Session, cell: Cell) -> Decide:
    """Change the cell, from the morning or `at` on."""
    return partial(policies.decide, session, cell)


def events(session: Session, case: Case) -> list[CaseEvent]:
    query = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.verb == Verb.REPLAN)
    return list(session.scalars(query.order_by(CaseEvent.seq)))


def test_the_new_limit_is_counted_from_when_the_tier_began_and_the_event_says_before_and_after(
    session: Session, case: Case, decide: Decide
) -> None:
    before, statutory = case.tier_due_at, case.due_at
    version = decide(5, warn=1, at=MORNING + HOUR)
    assert run_replanning(MORNING + 2 * HOUR) == 1
    session.refresh(case)
    # Two hours of the five lie behind the break at noon, from 12:00 to 14:00.
    assert (case.tier_due_at, case.tier_warn_at) == (START + 7 * HOUR, START + 6 * HOUR)
    assert (case.due_at, case.tier_started_at, case.policy_id) == (statutory, START, version.id)
    (event,) = events(session, case)
    assert event.changes["tier_due_at"] == [
        at.astimezone(UTC).isoformat(timespec="microseconds") for at in (before, case.tier_due_at) if at
    ]
    assert event.detail == {"policy": version.id, "hours": [SHIPPED.limit_hours, 5]}
    assert (event.actor_name, event.reason) == ("service", "policy_changed")
    session.expire_all()
    assert verify(session).ok


def test_a_second_run_finds_nothing(session: Session, case: Case, decide: Decide) -> None:
    decide(5)
    assert [run_replanning(MORNING + HOUR), run_replanning(MORNING + HOUR)] == [1, 0]
    assert len(events(session, case)) == 1


def test_nothing_is_replanned_before_the_version_begins(session: Session, cell: Cell, case: Case) -> None:
    begins = MORNING + 3 * HOUR
    terms = Terms(limit_hours=5)
    change(session, cell, terms, reason="改", in_force_from=begins, actor=OPERATOR, now=MORNING)
    session.commit()
    assert run_replanning(begins - MOMENT) == 0
    assert run_replanning(begins) == 1


def test_a_limit_that_has_passed_already_is_lifted_by_the_sweep_that_replans(
    session: Session, tiny: TinyStreet, case: Case, decide: Decide
) -> None:
    now = MORNING + 3 * HOUR
    decide(2, at=now)
    found = sweep(now)
    assert (found["replanned"], found["escalated"]) == (1, 1)
    session.refresh(case)
    assert (case.holder_id, case.tier_started_at) == (tiny.a.id, now)
    assert verify(session).ok


def test_nothing_goes_up_by_a_limit_that_holds_no_more(
    session: Session, tiny: TinyStreet, case: Case, decide: Decide
) -> None:
    now = case.tier_due_at
    assert now is not None
    decide(26, at=now)
    found = sweep(now)
    assert (found["replanned"], found["escalated"]) == (1, 0)
    session.refresh(case)
    assert case.holder_id == tiny.a1.id


def test_ended_cases_are_left_alone(session: Session, case: Case, decide: Decide) -> None:
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    record(session, [closing.withdraw(case, reason="好", actor=SERVICE, now=MORNING)])
    session.commit()
    decide(5)
    before = (case.event_count, case.policy_id)
    assert run_replanning(MORNING + HOUR) == 0
    session.refresh(case)
    assert (case.event_count, case.policy_id) == before


def test_a_case_reopened_later_gets_the_limit_of_that_day(
    session: Session, case: Case, decide: Decide
) -> None:
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    record(session, [closing.withdraw(case, reason="好", actor=SERVICE, now=MORNING)])
    session.commit()
    version = decide(3)
    office = load_office(session)
    record(session, [closing.reopen(case, office, reason="又坏了", actor=SERVICE, now=MORNING + 24 * HOUR)])
    assert (case.policy_id, case.tier_due_at) == (version.id, START + 27 * HOUR)


def test_other_cells_are_left_alone(session: Session, tiny: TinyStreet, decide: Decide) -> None:
    placed = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
    for given in (
        {"kind": CaseKind.DISPUTE, **placed},
        {"urgency": Urgency.URGENT, **placed},
        {"address": "不知何处"},
    ):
        make_case(session, tiny.street.id, **given)
    decide(5)
    assert run_replanning(MORNING + HOUR) == 0


def test_switched_off_the_clock_stops_by_an_event_and_switched_on_it_runs_from_when_it_began(
    session: Session, case: Case, decide: Decide
) -> None:
    decide(None)
    assert run_replanning(MORNING + HOUR) == 1
    session.refresh(case)
    assert (case.tier_due_at, case.tier_warn_at, case.tier_missing_year) == (None, None, None)
    assert sweep(MORNING + 900 * HOUR)["due"] == 0
    decide(9, at=MORNING + 2 * HOUR)
    assert run_replanning(MORNING + 2 * HOUR) == 1
    session.refresh(case)
    assert case.tier_due_at is not None
    assert [event.detail["hours"] for event in events(session, case)] == [
        [SHIPPED.limit_hours, None],
        [None, 9],
    ]
    session.expire_all()
    assert verify(session).ok


@pytest.mark.parametrize(
    ("limit", "warn", "is_warned_again"),
    [
        # The new warning is still to come.
        (26, 4, True),
        # It would have come already, and the holder was told by the limit before.
        (26, 20, False),
    ],
)
def test_nobody_is_warned_twice_for_one_moment(
    session: Session, case: Case, decide: Decide, limit: int, warn: int, is_warned_again: bool
) -> None:
    now = case.tier_warn_at
    assert now is not None
    session.commit()
    assert sweep(now)["warned"] == 1
    decide(limit, warn, at=now)
    assert run_replanning(now) == 1
    assert sweep(now)["warned"] == 0
    session.refresh(case)
    assert (case.tier_warn_at is not None) == is_warned_again


def test_at_once_lifts_what_is_there_but_leaves_some_hours_to_what_was_handed_down(
    session: Session, tiny: TinyStreet, case: Case, decide: Decide
) -> None:
    office = load_office(session)
    given = make_case(session, tiny.street.id, address="不知何处")
    down = holding.hand_down(given, office, unit_id=tiny.a2.id, reason="归你", actor=SERVICE, now=MORNING)
    record(session, [down])
    session.commit()
    decide(0)
    assert run_replanning(MORNING + HOUR) == 2
    for one in (case, given):
        session.refresh(one)
    assert case.tier_due_at == START
    assert given.tier_due_at == START + timedelta(hours=handed_down_hours())
    assert sweep(MORNING + HOUR)["escalated"] == 1
