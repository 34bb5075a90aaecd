"""A file that was brought in before is told by its checksum: when, by whom, with which counts."""

import pytest
from flask_babel import force_locale

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from petitions.importing import going
from petitions.importing.earlier import before_words, brought_in_before
from petitions.importing.undoing import undo
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import NOW, csv_file, order
from tests.petitions.importing.test_undoing import SOON
from tests.petitions.importing.trial import brought, hand_in, tried, went

ROWS = [order("1"), order("")]


def before(session, run, actor=OPERATOR):
    found = brought_in_before(session, run, actor)
    return found.run.id if found else None


def test_the_sentence_says_when_by_whom_what_became_of_it_and_the_counts(session, tiny):
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    brought(session, tiny.street.id, ROWS, actor=clerk)
    again = tried(session, tiny.street.id, ROWS)
    with force_locale("en"):
        told = before_words(brought_in_before(session, again, OPERATOR))
    assert told == (
        "The same file came in before, on 2020-06-02 08:30 by 测试员 (brought in):"
        " 2 rows, 1 new, 0 changed, 0 unchanged, 1 refused."
    )


def test_the_latest_import_before_is_told_to_a_trial_and_to_an_import(session, tiny):
    first = brought(session, tiny.street.id, ROWS)
    trial = tried(session, tiny.street.id, ROWS)
    second = brought(session, tiny.street.id, ROWS)
    third = hand_in(session, tiny.street.id, csv_file(ROWS), file_name="renamed.csv")
    assert [before(session, each) for each in (first, trial, second, third)] == [
        None,
        first.id,
        first.id,
        second.id,
    ]


def test_another_file_a_trial_and_what_did_nothing_are_not_told(session, tiny):
    brought(session, tiny.street.id, [order("2")])
    trial = tried(session, tiny.street.id, ROWS)
    assert before(session, trial) is None
    done = went(session, trial)
    assert before(session, done) is None
    waiting = going.let_go(session, tried(session, tiny.street.id, [order("3")]), actor=OPERATOR, now=NOW)
    going.call_off(session, waiting, actor=OPERATOR, now=NOW)
    assert before(session, tried(session, tiny.street.id, [order("3")])) is None


def test_one_that_was_undone_is_told_as_undone(session, tiny):
    done = brought(session, tiny.street.id, ROWS)
    undo(
        session,
        going.lock_run(session, done.id, OPERATOR),
        reason="传错了文件",
        actor=OPERATOR,
        clock=lambda: SOON,
    )
    again = tried(session, tiny.street.id, ROWS)
    with force_locale("en"):
        assert "(undone)" in before_words(brought_in_before(session, again, OPERATOR))


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_import_of_a_street_out_of_reach_is_not_told(session, tiny, dry_run):
    other = make_street(session, "440799002", "乙街道").street
    brought(session, other.id, ROWS)
    run = hand_in(session, tiny.street.id, csv_file(ROWS), dry_run=dry_run)
    assert before(session, run, make_actor(session, tiny.street, Role.HOTLINE_CLERK)) is None
    assert before(session, run) is not None
