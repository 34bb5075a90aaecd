"""A file is tried, and goes when a person says so: what the trial tells, and what becomes of the file."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select, text

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, NotFound
from petitions.importing import going
from petitions.importing.differences import field_changes
from petitions.importing.leaving_out import leave_out, rest_of
from petitions.importing.listing import list_rows, list_runs
from petitions.importing.outcome import Verdict
from petitions.importing.pieces import size_kept
from petitions.importing.requests import request_import
from petitions.importing.secrets import differences_of
from petitions.models import Case, ImportPiece, ImportRun, ImportSecret
from petitions.models.imports import Mark, RunState
from petitions.verify import verify
from tasks.imports import forget_due, run_waiting
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import NOW, bring_in, counts, csv_file, order
from tests.petitions.importing.trial import brought, cases, rows_of, tried, went

CLEAR = ("王小五", "10000000099", "改过的标题", "新的内容")


def test_a_trial_changes_nothing_and_keeps_the_file_until_it_goes(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("2")])
    assert (run.state, counts(run)) == (RunState.TRIED, (2, 2, 0, 0, 0))
    assert cases(session) == []
    assert size_kept(session, run.id) > 0
    done = went(session, run)
    session.refresh(run)
    assert (run.state, done.state, done.rehearsal_id) == (RunState.GONE, RunState.DONE, run.id)
    assert counts(done) == (2, 2, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(ImportPiece)) == 0
    assert verify(session).ok


def test_a_file_goes_once_only(session, tiny):
    run = tried(session, tiny.street.id, [order("1")])
    went(session, run)
    with pytest.raises(Conflict):
        went(session, run)
    assert len(cases(session)) == 1


def test_what_has_not_been_tried_or_is_kept_no_longer_does_not_go(session, tiny):
    dropped = tried(session, tiny.street.id, [order("1")])
    going.drop(session, dropped, actor=OPERATOR, now=NOW)
    assert size_kept(session, dropped.id) == 0
    done = brought(session, tiny.street.id, [order("2")])
    for run in (dropped, done):
        with pytest.raises(Conflict):
            went(session, run)
    with pytest.raises(Conflict):
        going.drop(session, dropped, actor=OPERATOR, now=NOW)


def test_going_compares_anew_what_has_changed_meanwhile(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("2")])
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    assert counts(went(session, run)) == (2, 1, 0, 1, 0)


def test_rows_that_are_left_out_are_refused_with_their_reason_and_the_sum_holds(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    run = tried(session, tiny.street.id, [order("1", 工单标题="改过"), order("2"), order("3"), order("")])
    for row in (2, 3):
        leave_out(session, run, row, is_out=True)
    leave_out(session, run, 3, is_out=False)
    assert rest_of(session, run).left_out == 1
    done = went(session, run, make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    assert counts(done) == (4, 2, 0, 0, 2)
    first, last = (rows_of(session, done)[at] for at in (0, 3))
    assert (first.marks, last.marks) == ([Mark.LEFT_OUT], [])
    assert "测试员" in (first.reason or "")
    assert cases(session)[0].title == "路灯不亮"


def test_only_rows_that_are_not_refused_can_be_left_out_and_only_while_the_file_waits(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("2"), order("3")]))
    rows = [order("1"), order("2"), order("3", 工单标题="改过"), order("")]
    run = tried(session, tiny.street.id, rows)
    for row in (2, 3, 4):
        leave_out(session, run, row, is_out=True)
    assert rest_of(session, run).left_out == 3
    for row in (5, 6):
        with pytest.raises(NotFound):
            leave_out(session, run, row, is_out=True)
    went(session, run)
    session.refresh(run)
    with pytest.raises(Conflict):
        leave_out(session, run, 2, is_out=True)


def test_a_change_is_told_field_by_field_and_nothing_of_it_lies_in_clear(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    new = dict(zip(("市民称呼", "联系电话", "工单标题", "主要内容"), CLEAR, strict=True))
    run = tried(session, tiny.street.id, [order("1", 办理截止时间="2020-06-12", 来电类别="求助", **new)])
    difference = differences_of(session, run, [2])[2]
    with force_locale("en"):
        told = {each.label: (each.old, each.new) for each in field_changes(difference, is_clear=True)}
        hidden = {each.label: (each.old, each.new) for each in field_changes(difference, is_clear=False)}
    assert told["name"] == ("李四", "王小五")
    assert told["phone"] == ("10000000001", "10000000099")
    assert told["deadline"] == ("2020-06-10", "2020-06-12")
    assert (
        told["type of order"] == ("complaint", "request for help") or told["type of order"][0] != "complaint"
    )
    assert hidden["name"] == ("李*", "王**")
    assert hidden["phone"] == ("100****0001", "100****0099")
    beside = "FROM import_rows JOIN import_secrets USING (run_id, row)"
    lies = text(f"SELECT string_agg(import_rows::text || import_secrets::text, '') {beside}")
    stored = session.scalars(lies).one()
    assert not any(word in stored or word.encode().hex() in stored for word in CLEAR)


def test_only_who_handles_the_case_reads_people_on_the_page_of_a_trial(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    run = tried(session, tiny.street.id, [order("1", 市民称呼="王小五")], actor=clerk)
    shown = list_rows(session, run, clerk, None, 1).items[0]
    assert [each.new for each in shown.changes] == ["王小五"]
    elsewhere = make_actor(session, make_street(session, "440799002", "乙街道").street, Role.HOTLINE_CLERK)
    masked = list_rows(session, run, elsewhere, None, 1).items[0]
    assert ([each.new for each in masked.changes], masked.number) == (["王**"], None)


def test_an_order_without_a_place_is_marked_before_and_after(session, tiny):
    rows = [
        order("1", 事发地="查无此处"),
        order("2", 事发地="甲街道迎春路3号", 工单标题="井盖", 主要内容="缺井盖"),
    ]
    run = tried(session, tiny.street.id, rows)
    done = went(session, run)
    for each in (run, done):
        assert [Mark.DESK in row.marks for row in rows_of(session, each)] == [True, False]
        assert each.marked["desk"] == 1


def test_cancelling_ends_a_run_and_keeps_what_is_done(session, tiny):
    run = tried(session, tiny.street.id, [order("1")])
    with pytest.raises(Conflict):
        going.call_off(session, run, actor=OPERATOR, now=NOW)
    waiting = going.let_go(session, run, actor=OPERATOR, now=NOW)
    going.call_off(session, waiting, actor=OPERATOR, now=NOW)
    assert run_waiting() == 0
    assert (waiting.state, size_kept(session, waiting.id), cases(session)) == (RunState.CANCELLED, 0, [])
    with pytest.raises(Conflict):
        going.let_go(session, waiting, actor=OPERATOR, now=NOW)


def test_a_file_is_forgotten_after_its_days_and_what_was_sealed_of_its_rows(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    run = tried(session, tiny.street.id, [order("1", 工单标题="改过"), order("")])
    assert run.kept_until is not None
    assert session.scalar(select(func.count()).select_from(ImportSecret)) == 2
    later = tried(session, tiny.street.id, [order("2")])
    run.kept_until = session.scalar(select(func.now())) - timedelta(seconds=1)
    session.flush()
    # The import of before has had its days as well.
    assert forget_due() == 2
    session.refresh(run)
    session.refresh(later)
    assert (run.state, later.state) == (RunState.DROPPED, RunState.TRIED)
    assert set(session.scalars(select(ImportSecret.run_id))) == {later.id}
    assert [row.verdict for row in rows_of(session, run)] == [Verdict.CHANGED, Verdict.REFUSED]
    assert (size_kept(session, run.id), size_kept(session, later.id) > 0) == (0, True)
    assert forget_due() == 0


@pytest.mark.parametrize(("age", "state"), [(8, RunState.CANCELLED), (6, RunState.ASKING)])
def test_a_file_whose_columns_nobody_explains_is_forgotten_after_the_same_days(session, tiny, age, state):
    asked_at = session.scalar(select(func.now())) - timedelta(days=age)
    run = request_import(
        session,
        street_id=tiny.street.id,
        file_name="unknown.csv",
        content="甲,乙\n1,2\n".encode(),
        profile=None,
        dry_run=True,
        actor=OPERATOR,
        now=asked_at,
        may_ask=True,
    )
    assert run_waiting() == 0
    assert forget_due() == (state is RunState.CANCELLED)
    session.refresh(run)
    assert (run.state, size_kept(session, run.id) == 0) == (state, state is RunState.CANCELLED)


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.MEDIATOR, Role.COMMUNITY_LEAD])
def test_only_some_roles_decide_about_an_import(session, tiny, role):
    run = tried(session, tiny.street.id, [order("1")])
    with pytest.raises(Forbidden):
        going.lock_run(session, run.id, make_actor(session, tiny.street, role))


def test_nobody_decides_about_or_lists_the_import_of_another_street(session, tiny):
    run = tried(session, tiny.street.id, [order("1")])
    other = make_actor(session, make_street(session, "440799002", "乙街道").street, Role.STREET_LEADER)
    with pytest.raises(NotFound):
        going.lock_run(session, run.id, other)
    assert list_runs(session, other, None, 1).total == 0


def test_runs_are_narrowed_by_their_state(session, tiny):
    waiting = tried(session, tiny.street.id, [order("1")])
    done = brought(session, tiny.street.id, [order("2")])
    for state, expected in ((RunState.TRIED, [waiting.id]), (RunState.DONE, [done.id]), (RunState.OPEN, [])):
        assert [each.run.id for each in list_runs(session, OPERATOR, state, 1).items] == expected
    assert list_runs(session, OPERATOR, None, 1).total == 2
    assert session.scalar(select(func.count(ImportRun.id))) == 2
    assert session.scalar(select(func.count(Case.id))) == 1
