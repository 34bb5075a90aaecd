"""Several matters in one order: told by the trial, split when the file goes as a person chose, and undone."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.auth.actor import OPERATOR, SERVICE
from app.auth.vocabulary import Role
from app.core.errors import Conflict, NotFound
from petitions.escalation import escalate
from petitions.handling import attention
from petitions.history import record
from petitions.importing import going
from petitions.importing.leaving_out import leave_out
from petitions.importing.listing import count_of, list_rows
from petitions.importing.said import matters_in
from petitions.importing.splits import choose_split, count_splits
from petitions.intake import Intake
from petitions.models import ImportSplit
from petitions.models.imports import Mark
from petitions.office import load_office
from petitions.sameness.following import carry_out
from petitions.sameness.parts import Part
from petitions.sameness.splitting import split
from petitions.verify import verify
from petitions.vocabulary import CaseKind, CaseState, Channel, Ending, Verb
from tasks.imports import run_waiting
from tests.factories.street import make_actor
from tests.petitions.importing.files import NOW, bring_in, counts, csv_file, order
from tests.petitions.importing.test_undoing import SOON, taken_back
from tests.petitions.importing.trial import brought, cases, events_of, rows_of, tried, went
from tests.petitions.sameness.family import hold

TWO = "地址一：甲街道迎春路3号 事项一：路灯不亮。 地址二：甲街道迎春路12号 事项二：井盖破损13800138000。"
FAR = f"事项一：路灯不亮。 事项二：井盖破损。 地址二：{'远' * 301}"


def two(number="1", body=TWO):
    return order(number, 主要内容=body)


def chosen(session, street_id, rows, *splits):
    """A trial of the rows, of which these are to be split."""
    run = tried(session, street_id, rows)
    for row in splits or (2,):
        choose_split(session, run, row, is_split=True)
    return run


def test_an_order_with_several_matters_is_marked_with_its_parts_masked_and_one_with_one_is_not(session, tiny):
    run = tried(session, tiny.street.id, [two("1"), order("2")])
    assert [Mark.SEVERAL in row.marks for row in rows_of(session, run)] == [True, False]
    shown = list_rows(session, run, OPERATOR, Mark.SEVERAL, 1)
    assert (count_of(run, Mark.SEVERAL), shown.total) == (1, 1)
    assert [(part.text, part.address) for part in shown.items[0].said.matters] == [
        ("路灯不亮。", "甲街道迎春路3号"),
        ("井盖破损138****8000。", "甲街道迎春路12号"),
    ]


@pytest.mark.parametrize("kind", CaseKind)
def test_only_an_order_of_the_hotline_can_be_split(kind):
    intake = Intake(kind, Channel.PHONE, "路灯不亮", TWO, NOW)
    assert len(matters_in(intake)) == (2 if kind is CaseKind.HOTLINE else 0)


def test_a_chosen_order_becomes_its_parts_each_at_its_address_and_stays_the_one_that_came_in(session, tiny):
    with force_locale("en"):
        run = chosen(session, tiny.street.id, [two(), two("2")])
        assert count_splits(session, run) == 1
        done = went(session, run)
    assert counts(done) == (2, 2, 0, 0, 0)
    first, second = rows_of(session, done)
    order_, other, lamp, lid = cases(session)
    assert (first.case_id, order_.part_count, other.part_count) == (order_.id, 2, 0)
    assert [(part.number, part.parent_id, part.body, part.address) for part in (lamp, lid)] == [
        (f"{order_.number}-1", order_.id, "路灯不亮。", "甲街道迎春路3号"),
        (f"{order_.number}-2", order_.id, "井盖破损13800138000。", "甲街道迎春路12号"),
    ]
    assert f"Split into 2 cases: {lamp.number}, {lid.number}." in (first.reason or "")
    assert "Split" not in (second.reason or "")
    cut = events_of(session, order_)[-1]
    assert (cut.verb, cut.reason, cut.detail["import"]) == (Verb.SPLIT, "split_on_import", done.id)
    assert verify(session).ok


@pytest.mark.parametrize(("role", "is_split"), [(Role.HOTLINE_CLERK, True), (Role.GRID_WORKER, False)])
def test_an_order_is_split_in_the_name_of_who_lets_the_file_go_if_they_may_split_today(
    session, tiny, role, is_split
):
    run = chosen(session, tiny.street.id, [two()])
    waiting = going.let_go(session, going.lock_run(session, run.id, OPERATOR), actor=OPERATOR, now=NOW)
    waiting.requested_by = make_actor(session, tiny.street, role).id
    session.flush()
    with force_locale("en"):
        run_waiting()
    order_ = cases(session)[0]
    told = rows_of(session, waiting)[0].reason or ""
    assert (order_.part_count == 2) is is_split
    assert ("Not split: Your role does not include this action." in told) is not is_split
    assert events_of(session, order_)[-1].actor_name == "测试员"
    assert verify(session).ok


def test_a_choice_can_be_taken_back_and_a_row_that_is_left_out_is_not_split(session, tiny):
    run = chosen(session, tiny.street.id, [two("1"), two("2")], 2, 3)
    choose_split(session, run, 2, is_split=False)
    leave_out(session, run, 3, is_out=True)
    assert count_splits(session, run) == 0
    assert counts(went(session, run)) == (2, 1, 0, 0, 1)
    assert [case.part_count for case in cases(session)] == [0]


@pytest.mark.parametrize("row", [3, 4, 5, 6])
def test_only_a_new_order_with_several_matters_is_chosen(session, tiny, row):
    bring_in(session, tiny.street.id, csv_file([order("3")]))
    run = tried(session, tiny.street.id, [two("1"), order("2"), two("3"), two("")])
    choose_split(session, run, 2, is_split=True)
    with pytest.raises(NotFound):
        choose_split(session, run, row, is_split=True)


def test_nothing_is_chosen_once_the_file_has_gone(session, tiny):
    run = tried(session, tiny.street.id, [two()])
    went(session, run)
    session.refresh(run)
    with pytest.raises(Conflict):
        choose_split(session, run, 2, is_split=True)
    assert session.scalar(select(func.count()).select_from(ImportSplit)) == 0


def test_an_order_whose_split_is_refused_is_created_as_it_is_and_the_others_are_split(session, tiny):
    with force_locale("en"):
        run = chosen(session, tiny.street.id, [two("1", FAR), two("2")], 2, 3)
        done = went(session, run)
    assert counts(done) == (2, 2, 0, 0, 0)
    first, second = rows_of(session, done)
    assert first.reason is not None
    assert first.reason.endswith("Not split: This is longer than 300 characters.")
    assert "Split into 2 cases" in (second.reason or "")
    assert [case.part_count for case in cases(session)[:2]] == [0, 2]
    assert verify(session).ok


def test_an_order_that_has_come_in_meanwhile_is_not_split(session, tiny):
    with force_locale("en"):
        run = chosen(session, tiny.street.id, [two()])
        bring_in(session, tiny.street.id, csv_file([two()]))
        done = went(session, run)
    assert counts(done) == (1, 0, 0, 1, 0)
    assert "Not split: The order was here already" in (rows_of(session, done)[0].reason or "")
    assert len(cases(session)) == 1


def test_a_later_file_with_the_number_of_a_split_order_changes_it_and_its_parts_stay(session, tiny):
    later = order("1", 主要内容=TWO, 办理截止时间="2020-06-12")
    done = went(session, chosen(session, tiny.street.id, [two(), later]))
    assert counts(done) == (2, 1, 0, 0, 1)
    changed = brought(session, tiny.street.id, [later])
    assert counts(changed) == (1, 0, 1, 0, 0)
    order_, *parts = cases(session)
    assert [part.due_at for part in parts] == [order_.due_at] * 2
    assert verify(session).ok
    assert taken_back(session, changed) == 1
    assert taken_back(session, done) == 1
    assert {case.ending for case in cases(session)} == {Ending.VOID}
    assert verify(session).ok


def test_undoing_makes_the_parts_void_and_the_order_can_be_split_again(session, tiny):
    done = went(session, chosen(session, tiny.street.id, [two(), order("2")]))
    assert taken_back(session, done) == 2
    assert [(case.state, case.source_number) for case in cases(session)] == [(CaseState.VOID, None)] * 4
    hold(session)
    again = went(session, chosen(session, tiny.street.id, [two()]))
    assert counts(again) == (1, 1, 0, 0, 0)
    assert len(cases(session)) == 7
    assert verify(session).ok


def test_what_the_clocks_did_with_a_part_is_no_touch(session, tiny):
    done = went(session, chosen(session, tiny.street.id, [two()]))
    part = cases(session)[1]
    office = load_office(session, [tiny.street.id])
    record(session, [escalate(part, office, actor=SERVICE, now=part.tier_due_at + timedelta(seconds=1))])
    assert taken_back(session, done) == 1


def test_nothing_is_undone_once_somebody_has_gone_on_with_a_part_which_is_named(session, tiny):
    done = went(session, chosen(session, tiny.street.id, [two(), order("2")]))
    part = next(case for case in cases(session) if case.parent_id)
    carry_out(session, [attention.note(part, text="已联系", actor=OPERATOR, now=SOON)])
    with pytest.raises(Conflict, match=part.number):
        taken_back(session, done)
    assert {case.ending for case in cases(session)} == {None}


def test_nothing_is_undone_once_somebody_has_split_an_order_by_hand(session, tiny):
    done = brought(session, tiny.street.id, [two()])
    order_ = cases(session)[0]
    office = load_office(session, [tiny.street.id])
    parts = [Part("路灯不亮。"), Part("井盖破损。")]
    split(session, order_, office, parts, reason="两件事", actor=OPERATOR, now=SOON)
    with pytest.raises(Conflict, match=order_.number):
        taken_back(session, done)


def test_a_file_that_goes_without_a_trial_splits_nothing(session, tiny):
    done = brought(session, tiny.street.id, [two()])
    assert (done.marked, len(cases(session))) == ({"several": 1}, 1)
    assert rows_of(session, done)[0].marks == [Mark.SEVERAL]
