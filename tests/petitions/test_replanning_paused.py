"""A pause and a change of policy, in either order: the time a case stood still counts for nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.calendar import WorkingCalendar
from petitions.handling import holding, terms
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.policies import TierPolicy
from petitions.rules.tier_limits import TierLimits
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.escalate import sweep
from tests.factories import policies
from tests.factories.cases import MORNING, make_case
from tests.factories.policies import grid_cell
from tests.factories.street import IN_A1, TinyStreet

HOUR = timedelta(hours=1)
START = MORNING.astimezone(UTC)
SHIPPED = TierLimits.shipped().get("hotline", "normal", "grid").limit_hours
NEXT_MONDAY = MORNING + timedelta(days=7)

Decide = Callable[..., TierPolicy]


@pytest.fixture
def decide(session: Session, tiny: TinyStreet) -> Decide:
    """Change the limit of ordinary orders at a grid."""
    return partial(policies.decide, session, grid_cell(tiny))


@pytest.fixture
def paused(session: Session, tiny: TinyStreet) -> Case:
    """An order whose grid worked on it for two hours on Monday and then had it suspended until Sunday."""
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    until = date(2020, 6, 7)
    still = terms.suspend(
        case, load_office(session), until=until, reason="等材料", actor=SERVICE, now=MORNING + 2 * HOUR
    )
    record(session, [still])
    session.commit()
    return case


def due_after(hours: int) -> datetime:
    """When so many working hours from next Monday's opening have passed."""
    return WorkingCalendar.shipped().add_working_minutes(NEXT_MONDAY, hours * 60)


def swept(session: Session, case: Case, at: datetime) -> dict[str, Any]:
    found = sweep(at)
    session.refresh(case)
    return found


def test_a_paused_case_stays_paused_and_has_what_is_left_of_the_new_limit(
    session: Session, paused: Case, decide: Decide
) -> None:
    version = decide(26, at=MORNING + 24 * HOUR)
    assert swept(session, paused, MORNING + 25 * HOUR)["replanned"] == 1
    assert (paused.tier_due_at, paused.tier_warn_at) == (None, None)
    assert (paused.policy_id, paused.tier_left) == (version.id, 24 * 60)
    assert swept(session, paused, MORNING + 25 * HOUR)["replanned"] == 0
    assert swept(session, paused, NEXT_MONDAY)["resumed"] == 1
    assert paused.tier_due_at == due_after(24)


def test_a_limit_that_had_passed_before_the_pause_lifts_the_case_once_it_goes_on(
    session: Session, tiny: TinyStreet, paused: Case, decide: Decide
) -> None:
    decide(1, at=MORNING + 24 * HOUR)
    assert swept(session, paused, MORNING + 25 * HOUR)["escalated"] == 0
    assert paused.tier_left == 0
    assert swept(session, paused, NEXT_MONDAY)["escalated"] == 1
    assert paused.holder_id == tiny.a.id


def test_changed_after_the_pause_the_limit_is_counted_without_it(
    session: Session, paused: Case, decide: Decide
) -> None:
    assert swept(session, paused, NEXT_MONDAY)["resumed"] == 1
    assert paused.tier_due_at == due_after(SHIPPED - 2)
    decide(26, at=NEXT_MONDAY + HOUR)
    assert swept(session, paused, NEXT_MONDAY + HOUR)["replanned"] == 1
    assert paused.tier_due_at == due_after(24)
    assert paused.tier_started_at == START
    assert verify(session).ok


def test_switched_off_and_on_again_around_a_pause_nothing_is_lost(
    session: Session, paused: Case, decide: Decide
) -> None:
    decide(None, at=MORNING + 24 * HOUR)
    swept(session, paused, MORNING + 25 * HOUR)
    assert paused.tier_left is None
    assert swept(session, paused, NEXT_MONDAY)["resumed"] == 1
    assert paused.tier_due_at is None
    decide(13, at=NEXT_MONDAY + HOUR)
    assert swept(session, paused, NEXT_MONDAY + HOUR)["replanned"] == 1
    assert paused.tier_due_at == due_after(11)


def test_switched_on_while_it_is_paused_it_has_what_it_had_not_used(
    session: Session, paused: Case, decide: Decide
) -> None:
    decide(None, at=MORNING + 24 * HOUR)
    swept(session, paused, MORNING + 25 * HOUR)
    decide(13, at=MORNING + 26 * HOUR)
    swept(session, paused, MORNING + 27 * HOUR)
    assert paused.tier_left == 11 * 60
    events = session.scalars(select(CaseEvent.detail).where(CaseEvent.verb == Verb.REPLAN)).all()
    assert [detail["hours"] for detail in events] == [[SHIPPED, None], [None, 13]]
    assert verify(session).ok
