"""A comparison that fails leaves out the cases at fault, or is given up and says so; no other waits."""

import pytest
from sqlalchemy import func, select, text

from app.auth.vocabulary import Role
from petitions.models import Case, CaseLikeness, ImportComparison
from petitions.models.imports import RunState
from petitions.sameness import noticing
from petitions.sameness.noticing import (
    MOST_FAILURES,
    ONE_COMPARER,
    Comparison,
    break_off_comparison,
    comparison_of,
)
from tasks.compare_imports import compare_waiting
from tests.factories.cases import make_case
from tests.factories.street import make_actor
from tests.petitions.importing.files import NOW, order
from tests.petitions.importing.trial import brought

A_CASE, NO_CASE, NO_COLUMN = "XX000", "57014", "42703"
"""What the database says of a row at fault, of a statement that was cancelled, and of one that is wrong."""


@pytest.fixture
def old(session, tiny):
    """An earlier order which all that come in are like."""
    return make_case(session, tiny.street.id, title="路灯不亮", address="甲街道迎春路3号", source_number="0")


@pytest.fixture
def strike(session):
    """Let what is noted of some cases fail with a code of the database's own."""

    def strike(cases, code):
        keys = ", ".join(str(case.id) for case in cases)
        session.execute(
            text(
                f"""CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.case_id IN ({keys}) THEN RAISE 'struck' USING ERRCODE = '{code}'; END IF;
                RETURN NEW; END $$;
                CREATE TRIGGER strike BEFORE INSERT ON case_likenesses
                FOR EACH ROW EXECUTE FUNCTION strike()"""
            )
        )
        session.commit()

    return strike


def new_cases(session, old):
    return session.scalars(select(Case).where(Case.id != old.id).order_by(Case.id)).all()


def noted(session):
    return set(session.scalars(select(CaseLikeness.case_id)))


def comparison(session, run):
    return session.get(ImportComparison, run.id, populate_existing=True)


def test_only_the_case_at_fault_is_left_out_and_counted_on_the_page(
    session, tiny, old, strike, login_as, caplog
):
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    run = brought(session, tiny.street.id, [order(str(number)) for number in range(1, 6)])
    cases = new_cases(session, old)
    strike([cases[2]], A_CASE)
    assert compare_waiting() == 5
    assert noted(session) == {case.id for case in cases} - {cases[2].id}
    assert comparison(session, run).skipped == 1
    assert comparison(session, run).finished_at is not None
    assert len(caplog.records) == 1
    assert "有1件未能比对" in login_as(clerk).get(f"/imports/{run.id}").text
    assert compare_waiting() == 0


@pytest.mark.parametrize("code", [NO_CASE, NO_COLUMN])
def test_one_that_always_fails_is_given_up_and_holds_no_other_up(
    session, tiny, old, strike, login_as, caplog, code
):
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    other = brought(session, tiny.street.id, [order("1")])
    run = brought(session, tiny.street.id, [order("2")])
    first, second = new_cases(session, old)
    strike([second], code)
    assert compare_waiting() == 1
    assert noted(session) == {first.id}
    assert comparison(session, other).finished_at is not None
    for turn in range(2, MOST_FAILURES + 1):
        assert comparison(session, run).finished_at is None
        compare_waiting()
        assert comparison(session, run).failures == turn
    assert comparison(session, run).finished_at is not None
    assert len(caplog.records) == MOST_FAILURES
    page = login_as(clerk).get(f"/imports/{run.id}").text
    assert "多次失败，已停止" in page
    assert compare_waiting() == 0
    assert len(caplog.records) == MOST_FAILURES


def test_a_failure_in_the_last_empty_step_or_after_another_worker_s_end_gives_nothing_up(session, tiny, old):
    run = brought(session, tiny.street.id, [order("1")])
    session.add(ImportComparison(run_id=run.id, reached=10, failures=1))
    session.commit()
    compare_waiting()
    assert comparison_of(session, run) == Comparison(is_over=True, is_given_up=False, skipped=0)
    break_off_comparison(session, run.id, NOW)
    assert comparison_of(session, run) == Comparison(is_over=True, is_given_up=False, skipped=0)


def test_while_rows_still_come_in_nothing_is_given_up(session, tiny, old):
    run = brought(session, tiny.street.id, [order("1")])
    run.state, run.finished_at = RunState.OPEN, None
    session.flush()
    for _time in range(MOST_FAILURES + 1):
        break_off_comparison(session, run.id, NOW)
    assert comparison(session, run).finished_at is None


def test_failures_with_a_chunk_done_between_them_do_not_add_up(session, tiny, old, strike):
    run = brought(session, tiny.street.id, [order("1")])
    strike(new_cases(session, old), NO_CASE)
    for _turn in range(MOST_FAILURES - 1):
        compare_waiting()
    session.execute(text("DROP TRIGGER strike ON case_likenesses"))
    session.commit()
    assert compare_waiting() == 1
    assert (comparison(session, run).failures, comparison(session, run).skipped) == (0, 0)
    assert len(noted(session)) == 1


def test_a_turn_ends_with_the_chunk_in_hand_and_the_next_goes_on(session, tiny, old, monkeypatch):
    monkeypatch.setattr(noticing, "AT_ONCE", 2)
    brought(session, tiny.street.id, [order(str(number)) for number in range(1, 6)])
    seconds = iter([0.0, 0.0, 4.9, 5.0])
    assert compare_waiting(lambda: next(seconds)) == 4
    assert compare_waiting() == 1


def test_one_worker_compares_at_a_time(session, tiny, old):
    brought(session, tiny.street.id, [order("1")])
    with session.get_bind().engine.connect() as other:
        other.execute(select(func.pg_advisory_xact_lock(ONE_COMPARER)))
        assert compare_waiting() == 0
    assert compare_waiting() == 1
