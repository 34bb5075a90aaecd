"""Helpers: asked with a limit of their own, seeing the case, answering the lead, reminded once."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from petitions.handling import helping
from petitions.models import Case
from petitions.queries import get_case, is_visible
from petitions.verify import verify
from tasks.escalate import sweep
from tests.factories.cases import MORNING
from tests.factories.street import make_street
from tests.petitions.handling.people import HOUR, Town

UNTIL = date(2020, 6, 1)
ENDS = datetime(2020, 6, 2, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)


def asked(town: Town, case: Case, unit_id: int) -> Case:
    town.take(
        helping.ask_help(
            case, town.office, unit_id=unit_id, until=UNTIL, reason="查线路", actor=town.clerk, now=MORNING
        )
    )
    return case


def test_a_helper_of_another_community_sees_the_case_and_answers_its_lead(town: Town) -> None:
    case = town.signed_order()
    with pytest.raises(NotFound):
        get_case(town.session, town.other_lead, case.number)
    clocks = (case.due_at, case.tier_due_at, case.holder_id)
    asked(town, case, town.tiny.b.id)
    assert get_case(town.session, town.other_lead, case.number) is case
    assert is_visible(case, town.other_lead)
    given = helping.give_help(case, town.office, reason="已查", actor=town.other_lead, now=MORNING + HOUR)
    town.take(given)
    assert [(told.unit_id, told.kind) for told in given.tell] == [(town.tiny.a1.id, "help_given")]
    assert case.assists[0]["answered_at"]
    assert case.assist_due_at is None
    assert (case.due_at, case.tier_due_at, case.holder_id) == clocks
    assert verify(town.session).ok


def test_who_was_not_asked_has_nothing_to_answer(town: Town) -> None:
    case = asked(town, town.signed_order(), town.tiny.b.id)
    with pytest.raises(Conflict):
        helping.give_help(case, town.office, reason="查了", actor=town.other_worker, now=MORNING)


def test_nobody_is_asked_twice_before_they_have_answered(town: Town) -> None:
    case = asked(town, town.signed_order(), town.tiny.b.id)
    with pytest.raises(Conflict):
        asked(town, case, town.tiny.b.id)
    town.take(helping.give_help(case, town.office, reason="查了", actor=town.other_lead, now=MORNING))
    asked(town, case, town.tiny.b.id)
    assert len(case.assists) == 2
    assert case.assist_ids == [town.tiny.b.id]


def test_the_holder_itself_and_another_street_are_not_asked(town: Town) -> None:
    elsewhere = make_street(town.session, "440799002", "乙街道")
    case = town.signed_order()
    for unit_id in (town.tiny.a1.id, elsewhere.a.id):
        with pytest.raises(Invalid):
            asked(town, case, unit_id)


def test_a_late_helper_and_the_lead_are_told_once(town: Town) -> None:
    case = asked(town, town.signed_order(), town.tiny.b.id)
    town.session.commit()
    assert sweep(ENDS - MOMENT)["reminded"] == 0
    assert sweep(ENDS)["reminded"] == 1
    assert sweep(ENDS + HOUR)["reminded"] == 0
    town.session.refresh(case)
    assert case.assists[0]["is_reminded"]
    # It is still owed: answering late is possible.
    assert helping.give_help(case, town.office, reason="查了", actor=town.other_lead, now=ENDS + HOUR)


def test_only_the_service_reminds(town: Town) -> None:
    case = asked(town, town.signed_order(), town.tiny.b.id)
    with pytest.raises(Forbidden):
        helping.remind_helper(case, town.office, actor=town.leader, now=ENDS)
