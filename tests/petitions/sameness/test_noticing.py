"""What an import brings is compared with what was there before, without anybody opening a case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from petitions.handling import closing
from petitions.history import record
from petitions.models import Case, CaseLikeness, ImportComparison
from petitions.models.imports import RunState
from petitions.rules.sameness import Likeness
from petitions.sameness import repeating
from petitions.sameness.noticing import (
    AT_ONCE,
    Alike,
    alike_of,
    claim_comparison,
    compare_next,
    count_alike,
    is_compared,
    list_alike,
    reasons_of,
)
from tests.factories.cases import make_case
from tests.factories.street import make_actor
from tests.petitions.importing.files import NOW, bring_in, csv_file, order


@pytest.fixture
def old(session, tiny):
    """An earlier order with the title, text and place of those in the files, by another caller."""
    return make_case(session, tiny.street.id, title="路灯不亮", address="甲街道迎春路3号", source_number="0")


def bring(session, tiny, rows):
    return bring_in(session, tiny.street.id, csv_file(rows))[0]


def compare_all(session):
    gone, idle = 0, set()
    while comparison := claim_comparison(session, idle):
        count = compare_next(session, comparison, NOW)
        gone += count
        if not count:
            idle.add(comparison.run_id)
    return gone


def new_cases(session):
    query = select(Case).where(Case.source_number != "0").order_by(Case.source_number)
    return session.scalars(query).all()


def test_an_order_like_an_old_one_is_noticed_and_counted(session, tiny, old):
    run = bring(session, tiny, [order("1"), order("2", 工单标题="噪音", 主要内容="半夜施工。", 事发地="")])
    assert not is_compared(session, run)
    assert compare_all(session) == 2
    alike, other = new_cases(session)
    found = session.scalars(select(CaseLikeness)).all()
    assert [(each.case_id, each.other_id) for each in found] == [(alike.id, old.id)]
    told = alike_of(session, OPERATOR, [alike.id, other.id])
    assert told == {alike.id: Alike(1, found[0].is_likely, same_person=False)}
    assert count_alike(session, OPERATOR, run.id) == (1, 0)
    assert is_compared(session, run)


def test_rows_of_one_file_are_compared_with_those_above_and_one_caller_is_told(session, tiny):
    run = bring(session, tiny, [order("1"), order("2", 来电时间="2020-06-01 10:00:00")])
    compare_all(session)
    first, second = new_cases(session)
    assert list(alike_of(session, OPERATOR, [first.id, second.id])) == [second.id]
    assert count_alike(session, OPERATOR, run.id) == (1, 1)
    own, earlier, likeness = list_alike(session, OPERATOR, 1, run_id=run.id).items[0]
    assert (own.id, earlier.id, likeness.same_person) == (second.id, first.id, True)


def test_the_reasons_are_kept_and_add_up_and_the_likeliest_pair_comes_first(session, tiny, old):
    rows = [order("1", 联系电话="13900000001", 工单标题="路灯全坏了"), order("2", 联系电话="13900000002")]
    run = bring(session, tiny, rows)
    compare_all(session)
    listed = list_alike(session, OPERATOR, 1, run_id=run.id).items
    likely = [likeness.is_likely for _own, _old, likeness in listed]
    assert likely == sorted(likely, reverse=True)
    for _own, _old, likeness in listed:
        parts = reasons_of(likeness)
        assert {part.likeness for part in parts} >= {Likeness.ADDRESS, Likeness.BODY}
        assert sum(part.share for part in parts) == pytest.approx(likeness.score, abs=1e-3)


def test_more_rows_than_one_transaction_takes_are_gone_through_once(session, tiny):
    rows = [order(str(number), 工单标题=f"事{number}", 联系电话="") for number in range(AT_ONCE + 1)]
    run = bring(session, tiny, rows)
    comparison = claim_comparison(session)
    assert [compare_next(session, comparison, NOW) for _ in range(3)] == [AT_ONCE, 1, 0]
    assert session.get(ImportComparison, run.id).finished_at == NOW
    assert claim_comparison(session) is None


def test_an_import_that_still_runs_is_compared_as_far_as_it_is(session, tiny, old):
    run = bring(session, tiny, [order("1")])
    run.finished_at, run.state = None, RunState.OPEN
    session.flush()
    comparison = claim_comparison(session)
    assert [compare_next(session, comparison, NOW) for _ in range(2)] == [1, 0]
    assert (comparison.finished_at, claim_comparison(session, {run.id})) == (None, None)


def test_known_orders_dry_runs_and_ended_cases_are_not_compared(session, tiny, old):
    bring_in(session, tiny.street.id, csv_file([order("1")]), dry_run=True)
    assert claim_comparison(session) is None
    bring(session, tiny, [order("1")])
    compare_all(session)
    bring(session, tiny, [order("1")])
    assert compare_all(session) == 0
    assert len(session.scalars(select(CaseLikeness)).all()) == 1


def test_what_a_person_has_decided_is_told_no_more(session, tiny, old):
    run = bring(session, tiny, [order("1")])
    compare_all(session)
    (case,) = new_cases(session)
    later = NOW + timedelta(hours=1)
    record(session, repeating.dismiss(case, old, reason="两盏灯", actor=OPERATOR, now=later))
    assert alike_of(session, OPERATOR, [case.id]) == {}
    assert count_alike(session, OPERATOR, run.id) == (0, 0)
    assert list_alike(session, OPERATOR, 1).total == 0


def test_whoever_does_not_see_the_earlier_case_is_told_nothing_of_it(session, tiny):
    """The old one lies in grid A1, the new one in A2, for the lead of neither but of the other grid."""
    phone = {"联系电话": "10000000009"}
    bring(session, tiny, [order("1", 事发地="甲街道迎春路3号", **phone)])
    bring(session, tiny, [order("2", 事发地="甲街道迎春路4号", 来电时间="2020-06-01 11:00:00", **phone)])
    compare_all(session)
    first, second = new_cases(session)
    assert (first.grid_id, second.grid_id) == (tiny.a1.id, tiny.a2.id)
    assert list(alike_of(session, OPERATOR, [second.id])) == [second.id]
    worker = make_actor(session, tiny.a2, Role.GRID_WORKER)
    assert alike_of(session, worker, [second.id]) == {}
    assert list_alike(session, worker, 1).total == 0


def test_what_was_registered_by_mistake_is_no_earlier_matter(session, tiny, old):
    record(session, [closing.void(old, reason="写错了", actor=OPERATOR, now=NOW)])
    bring(session, tiny, [order("1")])
    compare_all(session)
    assert session.scalars(select(CaseLikeness)).all() == []
