"""An import is undone by a tick that a person asked for: all or nothing, with the rights of that moment."""

import pytest
from sqlalchemy import select, text

from app.auth.actor import OPERATOR
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.db import database_now, transaction
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from grid.models import Posting
from petitions.cli import group
from petitions.handling import attention
from petitions.history import record
from petitions.importing.run import MOST_FAILURES
from petitions.importing.undoings import ask_undo, last_undoing
from petitions.models.imports import RunState
from petitions.verify import verify
from petitions.vocabulary import CaseState
from tasks.undo_imports import undo_waiting
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import order
from tests.petitions.importing.trial import brought, cases, events_of, tried


@pytest.fixture
def clerk(session, tiny):
    return make_actor(session, tiny.street, Role.HOTLINE_CLERK)


@pytest.fixture
def run(session, tiny):
    """An import of two new orders."""
    return brought(session, tiny.street.id, [order("1"), order("2")])


def ask(session, run, actor, reason="传错了文件"):
    with transaction():
        ask_undo(session, run.id, reason=reason, actor=actor, now=database_now(session))


def told(session, run):
    """Of the last wish: how many cases, why not, and by whom."""
    session.expire_all()
    wish, by = last_undoing(session, run)
    return wish.cases, wish.refused, by


def test_nothing_is_done_by_the_click_and_all_by_the_tick_in_the_name_of_who_asked(session, run, clerk):
    ask(session, run, clerk, "来电人13800001111说传错了")
    assert [case.state is CaseState.VOID for case in cases(session)] == [False, False]
    assert undo_waiting() == 1
    assert told(session, run) == (2, None, clerk.name)
    assert run.state is RunState.UNDONE
    assert {case.state for case in cases(session)} == {CaseState.VOID}
    last = events_of(session, cases(session)[0])[-1]
    assert last.actor_id == clerk.id
    assert "13800001111" not in last.reason + last_undoing(session, run)[0].reason
    assert undo_waiting() == 0
    assert verify(session).ok


def test_a_refusal_is_kept_with_the_cases_and_the_undo_can_be_asked_for_again(session, run, clerk):
    touched = cases(session)[1]
    record(session, [attention.note(touched, text="已联系", actor=OPERATOR, now=database_now(session))])
    session.commit()
    for _again in range(2):
        ask(session, run, clerk)
        assert undo_waiting() == 1
        count, refused, by = told(session, run)
        assert (count, by) == (None, clerk.name)
        assert touched.number in refused
    assert run.state is RunState.DONE
    assert [case.ending for case in cases(session)] == [None, None]


def test_it_is_asked_for_once_at_a_time(session, run, clerk):
    ask(session, run, clerk)
    with pytest.raises(Conflict):
        ask(session, run, OPERATOR)
    undo_waiting()
    with pytest.raises(Conflict):
        ask(session, run, clerk)


def test_who_may_not_gives_no_reason_or_has_nothing_to_undo_is_refused_at_the_click(
    session, tiny, run, clerk
):
    stranger = make_actor(session, make_street(session, "440799002", "乙街道").street, Role.HOTLINE_CLERK)
    with pytest.raises(NotFound):
        ask(session, run, stranger)
    with pytest.raises(Forbidden):
        ask(session, run, make_actor(session, tiny.street, Role.COMMUNITY_LEAD))
    with pytest.raises(Invalid):
        ask(session, run, clerk, " ")
    with pytest.raises(Conflict):
        ask(session, tried(session, tiny.street.id, [order("3")]), clerk)
    assert undo_waiting() == 0


def test_a_wish_that_nobody_works_on_is_carried_out_by_the_command(app, session, run, clerk):
    ask(session, run, clerk)
    told_by = app.test_cli_runner().invoke(group, ["undo", str(run.id), "--reason", "传错了"])
    assert told_by.exit_code == 0, told_by.output
    assert told(session, run)[0] == 2
    session.refresh(run)
    assert run.state is RunState.UNDONE


@pytest.mark.parametrize("loss", ["posting", "account"])
def test_whoever_may_not_any_more_when_it_is_done_undoes_nothing(session, run, clerk, loss):
    ask(session, run, clerk)
    if loss == "posting":
        session.delete(session.scalars(select(Posting).where(Posting.user_id == clerk.id)).one())
    else:
        session.get_one(User, clerk.id).is_active = False
    session.commit()
    assert undo_waiting() == 1
    count, refused, _by = told(session, run)
    assert count is None
    assert refused
    assert run.state is RunState.DONE
    assert [case.ending for case in cases(session)] == [None, None]


def test_one_that_always_fails_is_given_up_undoes_nothing_and_holds_nobody_up(session, tiny, run, clerk):
    other = brought(session, tiny.street.id, [order("3")])
    ask(session, run, clerk)
    session.execute(
        text(
            f"""CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.case_id = {cases(session)[1].id} THEN RAISE 'struck'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON case_events FOR EACH ROW EXECUTE FUNCTION fail()"""
        )
    )
    session.commit()
    ask(session, other, clerk)
    for turn in range(1, MOST_FAILURES):
        undo_waiting()
        assert told(session, run)[:2] == (None, None)
        assert last_undoing(session, run)[0].failures == turn
    assert told(session, other)[0] == 1
    undo_waiting()
    assert told(session, run)[1]
    assert undo_waiting() == 0
    assert (run.state, [case.ending for case in cases(session)][:2]) == (RunState.DONE, [None, None])
    assert verify(session).ok
