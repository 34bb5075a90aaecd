"""Re-planning a street's open cases: in due order, past those that cannot be, and how many are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE
from petitions.handling import attention, closing
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.policies import Cell
from petitions.register import register
from petitions.replanning import Forecast, _stale, count_replanned, forecast, lock_stale
from petitions.rules.tier_limits import TierLimits
from tasks.escalate import sweep
from tasks.replan import replan_stale
from tests.factories.cases import MORNING, an_intake, make_case
from tests.factories.policies import decide, grid_cell
from tests.factories.street import IN_A1, IN_A2, TinyStreet

HOUR = timedelta(hours=1)


@pytest.fixture
def cell(tiny: TinyStreet) -> Cell:
    return grid_cell(tiny)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order that a grid has had since Monday morning."""
    return make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")


def test_what_falls_due_first_is_taken_first_a_chunk_at_a_time(
    session: Session, tiny: TinyStreet, cell: Cell
) -> None:
    made = [
        make_case(
            session,
            tiny.street.id,
            received_at=MORNING - n * HOUR * 24 * 7,
            now=MORNING - n * HOUR * 24 * 7,
            lon=IN_A2[0],
            lat=IN_A2[1],
            datum="wgs84",
        )
        for n in range(3)
    ]
    decide(session, cell, 5, at=MORNING + HOUR)
    taken = lock_stale(session, MORNING + HOUR, 2)
    assert [case.id for case in taken] == [made[2].id, made[1].id]
    left = lock_stale(session, MORNING + HOUR, 2, failed=[made[2].id, made[1].id])
    assert [case.id for case in left] == [made[0].id]


def test_a_case_that_cannot_be_replanned_does_not_stop_the_others(
    session: Session, case: Case, cell: Cell, tiny: TinyStreet, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_case(session, tiny.street.id, lon=IN_A2[0], lat=IN_A2[1], datum="wgs84")
    session.execute(
        text(f"ALTER TABLE cases ADD CONSTRAINT stays CHECK (id <> {case.id} OR policy_id IS NULL)")
    )
    decide(session, cell, 5)
    assert replan_stale(MORNING + HOUR) == (1, 1)
    session.refresh(other)
    assert other.policy_id is not None
    assert f"case {case.id} stays where it is" in caplog.text


def test_a_case_on_which_somebody_has_acted_since_the_tick_began_waits_for_the_next(
    session: Session, case: Case, cell: Cell
) -> None:
    record(session, [attention.note(case, text="去看过了", actor=SERVICE, now=MORNING + 2 * HOUR)])
    session.commit()
    decide(session, cell, 5)
    assert replan_stale(MORNING + HOUR)[0] == 0
    assert replan_stale(MORNING + 2 * HOUR)[0] == 1


def test_what_will_be_replanned_is_told_before_and_how_many_were_after(
    session: Session, tiny: TinyStreet, cell: Cell, case: Case
) -> None:
    make_case(session, tiny.street.id, lon=IN_A2[0], lat=IN_A2[1], datum="wgs84", now=MORNING + HOUR)
    make_case(session, tiny.street.id, address="不知何处")
    now, office = MORNING + 2 * HOUR, load_office(session)
    shipped = TierLimits.shipped().get("hotline", "normal", "grid")
    told = [
        forecast(session, office, cell, replace(shipped, limit_hours=hours), now)
        for hours in (None, 5, 2, 1, 0)
    ]
    assert told == [Forecast(2, 0), Forecast(2, 0), Forecast(2, 1), Forecast(2, 2), Forecast(2, 2)]
    assert case.event_count == 1
    version = decide(session, cell, 2, at=now)
    replan_stale(now)
    assert count_replanned(session, [version.id]) == {version.id: 2}
    assert sweep(now)["escalated"] == 1


def test_the_question_what_is_stale_is_answered_by_the_index(
    session: Session, tiny: TinyStreet, cell: Cell
) -> None:
    decide(session, cell, 5)
    # The planner knows that most cases have ended only where some have.
    made = register(session, [an_intake()] * 200, street_id=cell[0], actor=SERVICE, now=MORNING)
    cases = [session.get_one(Case, one.case_id) for one in made]
    record(session, [closing.void(case, reason="重复录入", actor=OPERATOR, now=MORNING) for case in cases])
    session.execute(text("ANALYZE cases"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    query = _stale(MORNING + HOUR).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.scalars(text(f"EXPLAIN {query}")))
    assert "ix_cases_open_cell" in plan
