"""A whole import is taken back, or nothing of it; an order so undone can come again, one made void cannot."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import delete, func, select

from app.auth.actor import OPERATOR, SERVICE, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from petitions.escalation import escalate
from petitions.handling import attention, closing
from petitions.history import record
from petitions.importing import going
from petitions.importing.undoing import undo
from petitions.models import Case, ImportSecret, Party
from petitions.models.imports import RunState
from petitions.office import load_office
from petitions.timeline import entries
from petitions.verify import verify
from petitions.vocabulary import CaseState, Ending
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import NOW, counts, order
from tests.petitions.importing.trial import brought, cases, events_of, tried

SOON = NOW + timedelta(days=3650)
"""After the tick, which goes by the clock of the database."""

CHANGES = {
    "工单标题": "改过的标题",
    "主要内容": "已经五天不亮。",
    "事发地": "甲街道迎春路4号",
    "问题分类名称": "路灯照明",
    "办理截止时间": "2020-06-12",
    "来电类别": "求助",
    "紧急程度": "特急",
    "市民称呼": "王小五",
    "联系电话": "10000000099",
}


def taken_back(session, run, actor=OPERATOR, reason="传错了文件"):
    return undo(
        session, going.lock_run(session, run.id, actor), reason=reason, actor=actor, clock=lambda: SOON
    )


def facts(case):
    """Everything a case says but the chain of its events."""
    return {
        column.name: getattr(case, column.name)
        for column in Case.__table__.columns
        if column.name not in ("event_count", "head_hash")
    }


def people(session):
    return [
        (party.name, party.phone, party.phone_hash, party.is_anonymous)
        for party in session.scalars(select(Party).execution_options(populate_existing=True))
    ]


def test_new_cases_become_void_and_the_orders_can_come_in_again_as_new(session, tiny):
    run = brought(session, tiny.street.id, [order("1"), order("2")])
    assert taken_back(session, run) == 2
    assert [(case.state, case.ending, case.source_number) for case in cases(session)] == [
        (CaseState.VOID, Ending.VOID, None)
    ] * 2
    assert events_of(session, cases(session)[0])[-1].reason == "传错了文件"
    session.refresh(run)
    assert run.state is RunState.UNDONE
    assert verify(session).ok

    trial = tried(session, tiny.street.id, [order("1")])
    assert (trial.created, trial.marked) == (1, {})
    again = brought(session, tiny.street.id, [order("1"), order("2")])
    assert counts(again) == (2, 2, 0, 0, 0)
    assert len(cases(session)) == 4
    assert verify(session).ok


def test_an_order_that_a_person_made_void_does_not_come_back(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    record(session, [closing.void(cases(session)[0], reason="重复", actor=OPERATOR, now=SOON)])
    assert counts(brought(session, tiny.street.id, [order("1")])) == (1, 0, 0, 1, 0)
    assert len(cases(session)) == 1


@pytest.mark.parametrize("changed", [*([heading] for heading in CHANGES), list(CHANGES)])
def test_a_changed_case_says_again_what_it_said_before(session, tiny, changed):
    brought(session, tiny.street.id, [order("1")])
    before, persons = facts(cases(session)[0]), people(session)
    run = brought(session, tiny.street.id, [order("1", **{heading: CHANGES[heading] for heading in changed})])
    assert counts(run) == (1, 0, 1, 0, 0)
    assert (facts(cases(session)[0]), people(session)) != (before, persons)
    assert taken_back(session, run) == 1
    assert (facts(cases(session)[0]), people(session)) == (before, persons)
    assert verify(session).ok


@pytest.mark.parametrize("old", [{"市民称呼": "匿名", "联系电话": ""}, {"市民称呼": "", "联系电话": ""}])
def test_a_reporter_is_again_unnamed_or_not_there(session, tiny, old):
    brought(session, tiny.street.id, [order("1", **old)])
    before = people(session)
    run = brought(session, tiny.street.id, [order("1", 市民称呼="王小五")])
    assert people(session) != before
    taken_back(session, run)
    assert people(session) == before
    assert verify(session).ok


def test_a_number_that_came_several_times_in_the_file_is_taken_back_as_a_whole(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    before = facts(cases(session)[0])
    rows = [
        order("1", 工单标题="二"),
        order("1", 工单标题="三", 主要内容="又改"),
        order("2"),
        order("2", 工单标题="改"),
        order("2"),
    ]
    run = brought(session, tiny.street.id, rows)
    assert counts(run) == (5, 1, 1, 1, 2)
    assert taken_back(session, run) == 2
    assert facts(cases(session)[0]) == before
    assert cases(session)[1].state is CaseState.VOID
    assert verify(session).ok


def test_nothing_is_undone_once_somebody_has_gone_on_and_the_cases_are_named(session, tiny):
    run = brought(session, tiny.street.id, [order("1"), order("2")])
    touched = cases(session)[1]
    record(session, [attention.note(touched, text="已联系", actor=OPERATOR, now=SOON)])
    with pytest.raises(Conflict, match=touched.number):
        taken_back(session, run)
    assert [case.ending for case in cases(session)] == [None, None]
    assert run.state is RunState.DONE


def test_what_the_clocks_did_by_themselves_is_no_touch(session, tiny):
    run = brought(session, tiny.street.id, [order("1")])
    office = load_office(session, [tiny.street.id])
    case = cases(session)[0]
    at = case.tier_due_at + timedelta(seconds=1)
    record(session, [escalate(case, office, actor=SERVICE, now=at)])
    assert taken_back(session, run) == 1
    assert cases(session)[0].state is CaseState.VOID
    assert verify(session).ok


def test_imports_are_undone_in_the_order_of_the_last_first(session, tiny):
    first = brought(session, tiny.street.id, [order("1")])
    second = brought(session, tiny.street.id, [order("1", 工单标题="改过")])
    with pytest.raises(Conflict):
        taken_back(session, first)
    assert taken_back(session, second) == 1
    assert taken_back(session, first) == 1
    assert verify(session).ok


def test_a_text_that_is_known_no_longer_refuses_the_undo_and_names_the_rows(session, tiny):
    brought(session, tiny.street.id, [order("1"), order("2")])
    run = brought(
        session, tiny.street.id, [order("3"), order("1", 工单标题="改过"), order("2", 问题分类名称="井盖")]
    )
    session.execute(delete(ImportSecret))
    with pytest.raises(Conflict, match="3"):
        taken_back(session, run)
    session.expire_all()


def test_what_the_events_themselves_know_is_restored_however_late(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    before = facts(cases(session)[0])
    run = brought(session, tiny.street.id, [order("1", 问题分类名称="井盖", 办理截止时间="2020-06-12")])
    session.execute(delete(ImportSecret))
    taken_back(session, run)
    assert facts(cases(session)[0]) == before


def test_only_what_has_come_in_is_undone_and_once_only(session, tiny):
    run = brought(session, tiny.street.id, [order("1")])
    taken_back(session, run)
    trial = tried(session, tiny.street.id, [order("1")])
    nothing = brought(session, tiny.street.id, [order("")])
    for each in (run, trial, nothing):
        with pytest.raises(Conflict):
            taken_back(session, each)


def test_an_undo_needs_a_reason_and_somebody_who_may_make_cases_void(session, tiny):
    run = brought(session, tiny.street.id, [order("1")])
    with pytest.raises(Invalid):
        taken_back(session, run, reason=" ")
    with pytest.raises(Forbidden):
        taken_back(session, run, make_actor(session, tiny.street, Role.COMMUNITY_LEAD))
    assert taken_back(session, run, make_actor(session, tiny.street, Role.HOTLINE_CLERK)) == 1
    assert session.scalar(select(func.count(Case.id)).where(Case.ending == Ending.VOID)) == 1


def test_an_order_that_a_later_import_has_found_here_is_not_taken_away(session, tiny):
    run = brought(session, tiny.street.id, [order("1")])
    later = brought(session, tiny.street.id, [order("1"), order("2")])
    tried(session, tiny.street.id, [order("1")])
    number = session.scalars(select(Case.number).where(Case.source_number == "1")).one()
    with pytest.raises(Conflict, match=number):
        taken_back(session, run)
    assert taken_back(session, later) == 1
    assert taken_back(session, run) == 1


def test_a_role_held_in_another_street_decides_nothing_here(session, tiny):
    other = make_street(session, code="440799002", name="乙街道")
    clerk, mediator = (
        make_actor(session, unit, role)
        for unit, role in ((other.street, Role.HOTLINE_CLERK), (tiny.street, Role.MEDIATOR))
    )
    both = Actor(
        id=clerk.id,
        name=clerk.name,
        roles=clerk.roles | mediator.roles,
        units=clerk.units | mediator.units,
        reach=clerk.reach | mediator.reach,
        held={**clerk.held, **mediator.held},
    )
    run = brought(session, tiny.street.id, [order("1")])
    trial = tried(session, tiny.street.id, [order("2")])
    with pytest.raises(Forbidden):
        taken_back(session, run, both)
    with pytest.raises(Forbidden):
        going.lock_run(session, trial.id, both)


def test_the_history_says_that_the_import_was_taken_back_and_not_that_word_came_from_upstream(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    run = brought(session, tiny.street.id, [order("1", 工单标题="改过"), order("2")])
    taken_back(session, run)
    tree = load_office(session, [tiny.street.id]).tree
    with force_locale("en"):
        told = [
            [str(entry.title) for entry in entries(events_of(session, case), tree)] for case in cases(session)
        ]
    assert told == [
        [f"Import {run.id} taken back", "Update from upstream", "Register"],
        [f"Void: import {run.id} taken back", "Register"],
    ]


def test_a_case_that_a_person_voids_says_nothing_of_an_import(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    record(session, [closing.void(cases(session)[0], reason="重复", actor=OPERATOR, now=SOON)])
    tree = load_office(session, [tiny.street.id]).tree
    with force_locale("en"):
        assert str(entries(events_of(session, cases(session)[0]), tree)[0].title) == "Void the case"
