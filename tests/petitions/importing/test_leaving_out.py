"""Rows left out of a trial: what goes with them, what is looked at anew, and the same file once more."""

import pytest
from flask_babel import force_locale

from app.auth.actor import OPERATOR
from petitions.importing import going, mending
from petitions.importing.leaving_out import Rest, has_hanging, leave_out, rest_of
from petitions.models.imports import Mark
from tests.factories.street import make_street
from tests.petitions.importing.files import NOW, counts, csv_file, order
from tests.petitions.importing.trial import brought, cases, hand_in, rows_of, tried, went

RIGHT = "第二行才对"


@pytest.fixture(params=[1, 2, 1000])
def _any_chunk(request, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", request.param)


def verdicts(session, run):
    return [row.verdict for row in rows_of(session, run)]


def out_of(session, run, *rows):
    for row in rows:
        leave_out(session, run, row, is_out=True)


@pytest.mark.usefixtures("_any_chunk")
def test_a_row_that_says_the_same_as_one_left_out_goes_with_it(session, tiny):
    rows = [order("1"), order("1", 工单标题=RIGHT), order("1"), order("1", 工单标题=RIGHT)]
    run = tried(session, tiny.street.id, rows)
    assert verdicts(session, run) == ["created", "refused", "unchanged", "refused"]
    out_of(session, run, 2)
    with force_locale("en"):
        done = went(session, run)
    assert verdicts(session, done) == ["refused", "created", "refused", "unchanged"]
    told = rows_of(session, done)
    assert told[2].marks == [Mark.LEFT_OUT]
    assert "row 2" in told[2].reason
    assert (told[2].first_row, told[3].first_row) == (2, 3)
    assert cases(session)[0].title == RIGHT


def test_what_went_with_a_row_left_out_is_not_handed_out_to_be_mended(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("1")])
    out_of(session, run, 2)
    done = went(session, run)
    assert counts(done) == (2, 0, 0, 0, 2)
    assert not mending.has_rows_to_mend(done)
    assert cases(session) == []


@pytest.mark.parametrize(
    ("later", "is_out"),
    [
        ({}, True),
        ({"联系电话": "100****0001"}, True),
        ({"问题分类名称": ""}, True),
        ({"工单标题": RIGHT}, False),
        ({"联系电话": "10000000002"}, False),
    ],
)
def test_only_what_says_nothing_else_goes_with_the_row_left_out(session, tiny, later, is_out):
    run = tried(session, tiny.street.id, [order("1"), order("1", **later)])
    out_of(session, run, 2)
    assert verdicts(session, went(session, run)) == ["refused", "refused" if is_out else "created"]


def test_what_the_trial_calls_the_same_beside_what_is_kept_goes_with_it_too(session, tiny):
    brought(session, tiny.street.id, [order("1", 问题分类名称="市政设施")])
    rows = [order("1", 工单标题=RIGHT, 问题分类名称=""), order("1", 工单标题=RIGHT, 问题分类名称="市政设施")]
    run = tried(session, tiny.street.id, rows)
    assert verdicts(session, run) == ["changed", "unchanged"]
    out_of(session, run, 2)
    assert rest_of(session, run).with_them == 1
    assert verdicts(session, went(session, run)) == ["refused", "refused"]
    assert cases(session)[0].title == "路灯不亮"


def test_another_order_is_never_left_out_with_it(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("2")])
    out_of(session, run, 2)
    assert verdicts(session, went(session, run)) == ["refused", "created"]


def test_the_counts_follow_what_is_chosen(session, tiny):
    brought(session, tiny.street.id, [order("known")])
    rows = [
        order("1"),
        order("1"),
        order("1", 工单标题=RIGHT),
        order("known", 工单标题=RIGHT),
        order("known"),
        order("2"),
        order("3", 来电时间="昨天"),
    ]
    run = tried(session, tiny.street.id, rows)
    assert rest_of(session, run) == Rest(0, 0, 0, created=2, changed=1, unchanged=1, refused=3)
    out_of(session, run, 2)
    assert rest_of(session, run) == Rest(1, 1, 1, created=1, changed=1, unchanged=0, refused=2)
    out_of(session, run, 5, 7)
    assert rest_of(session, run) == Rest(3, 1, 2, created=0, changed=0, unchanged=0, refused=1)
    done = went(session, run)
    assert counts(done) == (7, 1, 0, 1, 5)


def test_a_row_that_was_left_out_itself_is_not_counted_with_its_first(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("1")])
    out_of(session, run, 2, 3)
    assert rest_of(session, run) == Rest(2, 0, 0, created=0, changed=0, unchanged=0, refused=0)


def test_a_row_tells_whether_others_hang_on_it(session, tiny):
    run = tried(session, tiny.street.id, [order("1"), order("2"), order("1")])
    assert [has_hanging(session, run, row) for row in (2, 3, 4)] == [True, False, False]


def test_the_same_file_once_more_is_left_the_same_rows_out_of(session, tiny):
    rows = [order("1"), order("1", 工单标题=RIGHT), order("2")]
    first = tried(session, tiny.street.id, rows)
    out_of(session, first, 2)
    went(session, first)
    again = tried(session, tiny.street.id, rows)
    assert rest_of(session, again).left_out == 1
    assert counts(went(session, again)) == (3, 0, 0, 2, 1)
    assert cases(session)[0].title == RIGHT
    third = tried(session, tiny.street.id, rows)
    assert rest_of(session, third).left_out == 1
    leave_out(session, third, 2, is_out=False)
    going.drop(session, third, actor=OPERATOR, now=NOW)
    assert rest_of(session, tried(session, tiny.street.id, rows)).left_out == 0


def test_another_file_or_another_street_is_left_nothing_out_of(session, tiny):
    first = tried(session, tiny.street.id, [order("1")])
    out_of(session, first, 2)
    went(session, first)
    assert rest_of(session, tried(session, tiny.street.id, [order("1", 工单标题=RIGHT)])).left_out == 0

    other = make_street(session, "440799002", "乙街道")
    assert rest_of(session, tried(session, other.street.id, [order("1")])).left_out == 0


def test_a_row_that_cannot_be_taken_now_is_refused_and_not_left_out(session, tiny):
    content = csv_file([order("1")])
    first = hand_in(session, tiny.street.id, content)
    out_of(session, first, 2)
    went(session, first)

    other = make_street(session, "440799002", "乙街道")
    brought(session, other.street.id, [order("1")])
    again = hand_in(session, tiny.street.id, content)
    assert verdicts(session, again) == ["refused"]
    assert rest_of(session, again).left_out == 0
