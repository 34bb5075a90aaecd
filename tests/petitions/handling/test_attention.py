"""What is written down and pressed for moves no deadline; urgency moves the holder's own, by its own rule."""

from datetime import date, datetime

import pytest

from app.auth.actor import SERVICE
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid
from grid.vocabulary import Tier
from petitions.handling import attention, terms
from petitions.office import load_office
from petitions.vocabulary import CaseKind, Urgency
from tests.factories.cases import MORNING
from tests.factories.policies import decide
from tests.petitions.handling.people import HOUR, Town


def test_a_note_moves_no_deadline(town: Town) -> None:
    case = town.order()
    before = (case.due_at, case.tier_due_at, case.tier_warn_at, case.tier_started_at)
    town.take(attention.note(case, text="去看过了", actor=town.worker, now=MORNING + 5 * HOUR))
    assert (case.due_at, case.tier_due_at, case.tier_warn_at, case.tier_started_at) == before


def test_a_number_typed_into_a_reason_enters_the_history_masked(town: Town) -> None:
    said = attention.note(town.order(), text="回电 100-4123-4567，约周三", actor=town.worker, now=MORNING)
    assert said.reason == "回电 100****4567，约周三"


def test_a_supervision_is_owed_a_report_and_stays_written(town: Town) -> None:
    case = town.order()
    with pytest.raises(Forbidden):
        attention.supervise(
            case, town.office, until=date(2020, 6, 5), reason="久拖", actor=town.lead, now=MORNING
        )
    with pytest.raises(Invalid):
        attention.supervise(
            case, town.office, until=date(2020, 5, 31), reason="久拖", actor=town.clerk, now=MORNING
        )
    town.take(
        attention.supervise(
            case, town.office, until=date(2020, 6, 5), reason="久拖", actor=town.clerk, now=MORNING
        )
    )
    assert case.supervision_due_at == datetime(2020, 6, 6, tzinfo=SHANGHAI)
    with pytest.raises(Conflict):
        attention.supervise(
            case, town.office, until=date(2020, 6, 9), reason="再督", actor=town.clerk, now=MORNING
        )
    town.take(attention.answer_supervision(case, reason="已修", actor=town.worker, now=MORNING + HOUR))
    assert (case.supervised_at, case.supervision_due_at) == (MORNING, None)
    with pytest.raises(Conflict):
        attention.answer_supervision(case, reason="已修", actor=town.worker, now=MORNING + HOUR)


def test_a_reminder_tells_the_holder(town: Town) -> None:
    told = attention.remind(town.order(), town.office, reason="催", actor=town.clerk, now=MORNING).tell
    assert [(one.unit_id, one.kind) for one in told] == [(town.tiny.a1.id, "reminded")]


def test_a_matter_that_becomes_urgent_has_the_shorter_limit_from_when_its_holder_took_it(town: Town) -> None:
    case, urgent = town.order(), town.order(urgency=Urgency.URGENT)
    due = case.due_at
    made = attention.set_urgency(
        case, town.office, urgency=Urgency.MAJOR, reason="有人受伤", actor=town.worker, now=MORNING + HOUR
    )
    town.take(made)
    assert (case.tier_due_at, case.tier_started_at) == (urgent.tier_due_at, MORNING)
    assert case.due_at == due
    assert [(one.unit_id, one.kind) for one in made.tell] == [(town.tiny.street.id, "urgent")]
    with pytest.raises(Invalid):
        attention.set_urgency(
            case, town.office, urgency=Urgency.MAJOR, reason="同", actor=town.worker, now=MORNING + HOUR
        )


def test_the_time_for_which_a_case_stood_still_is_not_charged_when_its_urgency_changes(town: Town) -> None:
    street, calendar = town.tiny.street.id, town.office.calendar
    decide(town.session, (street, CaseKind.HOTLINE, Urgency.URGENT, Tier.GRID), 10)
    office, case = load_office(town.session), town.signed_order()
    stop = MORNING + HOUR
    by = {"actor": town.clerk, "reason": "等配件"}
    town.take(terms.suspend(case, office, until=date(2020, 6, 3), now=stop, **by))
    again = case.suspended_until
    town.take(terms.resume(case, office, actor=SERVICE, now=again))

    town.take(attention.set_urgency(case, office, urgency=Urgency.URGENT, now=again, **by))

    stood = calendar.working_minutes_between(stop, again)
    assert stood > 0
    assert case.tier_due_at == calendar.add_working_minutes(MORNING, 10 * 60 + stood)


def test_a_leader_takes_charge_and_nobody_else_does(town: Town) -> None:
    case = town.order()
    with pytest.raises(Forbidden):
        attention.take_charge(case, town.office, reason="包案", actor=town.clerk, now=MORNING)
    town.take(attention.take_charge(case, town.office, reason="包案", actor=town.leader, now=MORNING))
    assert case.case_leader_id == town.leader.id
