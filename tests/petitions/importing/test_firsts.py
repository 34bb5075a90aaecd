"""A number that stands more than once in a file: the first row counts, a later one may only say the same."""

import io
from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.auth.actor import OPERATOR
from app.core.clock import local_day
from petitions.importing.chunk import Importer
from petitions.importing.export_file import open_export
from petitions.importing.leaving_out import leave_out
from petitions.importing.outcome import Verdict
from petitions.importing.requests import open_run, verdicts
from petitions.importing.run import run_import
from petitions.models import CaseEvent
from petitions.verify import verify
from tests.factories.street import make_street
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, counts, csv_file, order, xlsx_file
from tests.petitions.importing.trial import brought, cases, rows_of, tried, went

CHANGED = "改过"


@pytest.fixture(params=[1, 2, 1000])
def _any_chunk(request, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", request.param)


def both(session, street_id, rows):
    """The verdicts of a trial, and of the run that follows it."""
    content = csv_file(rows)
    _run, foretold = bring_in(session, street_id, content, dry_run=True)
    _run, told = bring_in(session, street_id, content)
    assert [(each.row, each.verdict) for each in foretold] == [(each.row, each.verdict) for each in told]
    # Of new orders the trial also tells which known ones they may repeat.
    assert [each.reason for each in foretold if each.verdict != "created"] == [
        each.reason for each in told if each.verdict != "created"
    ]
    return [each.verdict for each in told]


def events(session):
    return session.scalar(select(func.count(CaseEvent.id)))


@pytest.mark.usefixtures("_any_chunk")
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{}, {}], ["created", "unchanged"]),
        ([{}, {"工单标题": CHANGED}], ["created", "refused"]),
        ([{}, {"工单标题": CHANGED}, {}], ["created", "refused", "unchanged"]),
        ([{}, {}, {}, {"工单标题": CHANGED}], ["created", "unchanged", "unchanged", "refused"]),
        ([{}, {"工单标题": CHANGED}, {"工单标题": "又改"}], ["created", "refused", "refused"]),
        ([{}, {"联系电话": "10000000002"}], ["created", "refused"]),
        ([{}, {"联系电话": "100****0001"}], ["created", "unchanged"]),
        ([{"来电时间": "昨天"}, {"工单标题": CHANGED}, {}], ["refused", "created", "refused"]),
        ([{}, {"来电时间": "昨天"}, {"工单标题": CHANGED}], ["created", "refused", "refused"]),
    ],
)
def test_the_first_row_of_a_new_number_counts(session, tiny, rows, told):
    assert both(session, tiny.street.id, [order("1", **each) for each in rows]) == told
    assert len(cases(session)) == 1
    assert events(session) == 1


@pytest.mark.usefixtures("_any_chunk")
@pytest.mark.parametrize(
    ("rows", "told", "title"),
    [
        ([{}, {"工单标题": CHANGED}], ["unchanged", "refused"], "路灯不亮"),
        ([{"工单标题": CHANGED}, {}], ["changed", "refused"], CHANGED),
        ([{"工单标题": CHANGED}, {"工单标题": CHANGED}], ["changed", "unchanged"], CHANGED),
        ([{"工单标题": CHANGED}, {"工单标题": "又改"}], ["changed", "refused"], CHANGED),
        ([{"来电时间": ""}, {"工单标题": CHANGED}], ["refused", "changed"], CHANGED),
    ],
)
def test_the_first_row_of_a_known_number_counts(session, tiny, rows, told, title):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    assert both(session, tiny.street.id, [order("1", **each) for each in rows]) == told
    assert cases(session)[0].title == title


@pytest.mark.usefixtures("_any_chunk")
def test_the_same_file_again_is_unchanged_with_the_same_refusal_and_no_new_event(session, tiny):
    content = csv_file([order("1"), order("2"), order("1", 工单标题=CHANGED)])
    _run, first = bring_in(session, tiny.street.id, content)
    before = events(session)
    for dry_run in (True, False, False):
        again, told = bring_in(session, tiny.street.id, content, dry_run=dry_run)
        assert counts(again) == (3, 0, 0, 2, 1)
        assert told[2].reason == first[2].reason
    assert events(session) == before
    assert verify(session).ok


def test_the_reason_names_the_earlier_row_the_fields_and_no_value(session, tiny):
    rows = [order("1"), order("2"), order("1", 工单标题=CHANGED, 联系电话="10000000002")]
    with force_locale("en"):
        _run, told = bring_in(session, tiny.street.id, csv_file(rows))
    assert "Row 2 of this file" in told[2].reason
    assert "title, phone" in told[2].reason
    assert "leave row 2 out" in told[2].reason
    assert CHANGED not in told[2].reason
    assert "10000000002" not in told[2].reason
    assert told[2].number is None


@pytest.mark.usefixtures("_any_chunk")
def test_in_a_workbook_the_reason_names_the_sheet_and_the_row_there(session, tiny):
    sheets = {
        "一月": [HEADINGS, order("1")],
        "二月": [HEADINGS, order("2"), order("1", 工单标题=CHANGED)],
    }
    _run, told = bring_in(session, tiny.street.id, xlsx_file(sheets))
    assert [each.verdict for each in told] == ["created", "created", "refused"]
    assert "一月!2" in told[2].reason


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("broken_off_after", [1, 2, 3])
def test_the_first_row_is_known_to_the_turn_that_goes_on_with_the_file(
    session, tiny, monkeypatch, dry_run, broken_off_after
):
    monkeypatch.setattr("petitions.importing.run.CHUNK", 1)
    bring_in(session, tiny.street.id, csv_file([order("known")]))
    rows = [order("known"), order("new"), order("known", 工单标题=CHANGED), order("new", 工单标题=CHANGED)]
    export = open_export(io.BytesIO(csv_file(rows)), "orders", None)
    run = open_run(session, export, street_id=tiny.street.id, dry_run=dry_run, actor=OPERATOR, now=NOW)
    turn = run_import(session, run, export, actor=OPERATOR, clock=lambda: NOW)
    for _chunk in range(broken_off_after):
        next(turn)
    turn.close()
    for _chunk in run_import(session, run, export, actor=OPERATOR, clock=lambda: NOW):
        session.flush()
    assert counts(run) == (4, 1, 0, 1, 2)
    assert [each.verdict for each in session.execute(verdicts(run))] == [
        "unchanged",
        "created",
        "refused",
        "refused",
    ]


@pytest.mark.usefixtures("_any_chunk")
@pytest.mark.parametrize("known", [True, False])
def test_where_the_first_row_was_left_out_the_second_counts(session, tiny, known):
    if known:
        bring_in(session, tiny.street.id, csv_file([order("1")]))
    rows = [order("1"), order("1", 工单标题=CHANGED), order("1", 工单标题="又改")]
    run = tried(session, tiny.street.id, rows)
    leave_out(session, run, 2, is_out=True)
    done = went(session, run)
    assert [row.verdict for row in rows_of(session, done)] == [
        Verdict.REFUSED,
        Verdict.CHANGED if known else Verdict.CREATED,
        Verdict.REFUSED,
    ]
    assert "3" in rows_of(session, done)[2].reason
    assert cases(session)[0].title == CHANGED


def test_what_another_import_or_a_trial_has_done_is_no_first_row(session, tiny):
    brought(session, tiny.street.id, [order("1")])
    tried(session, tiny.street.id, [order("1")])
    assert counts(brought(session, tiny.street.id, [order("1", 工单标题=CHANGED)])) == (1, 0, 1, 0, 0)


def test_an_order_of_another_street_is_refused_each_time_without_a_word_of_it(session, tiny):
    other = make_street(session, "440799002", "乙街道")
    bring_in(session, other.street.id, csv_file([order("1")]))
    assert both(session, tiny.street.id, [order("1"), order("1", 工单标题=CHANGED)]) == ["refused"] * 2


def test_where_the_first_row_could_not_be_taken_by_a_fault_of_the_program_the_second_counts(
    session, tiny, monkeypatch
):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    change = Importer._change

    def failing(self, session, changes):
        if any(each.row == 2 for each in changes):
            raise ValueError
        return change(self, session, changes)

    monkeypatch.setattr(Importer, "_change", failing)
    rows = [order("1", 工单标题=CHANGED), order("1", 工单标题="又改")]
    _run, told = bring_in(session, tiny.street.id, csv_file(rows))
    assert [each.verdict for each in told] == ["refused", "changed"]


MASKED = [
    {},
    {"市民称呼": "李*"},
    {"市民称呼": "张**"},
    {"市民称呼": "匿名", "联系电话": ""},
    {"联系电话": "100****0001"},
    {"联系电话": "138****5678"},
    {"市民称呼": "", "联系电话": ""},
    {"主要内容": "楼下**已经三天不亮。"},
    {"主要内容": "楼上**已经三天不亮。"},
    {"办理截止时间": ""},
    {"来电时间": "2020-06-01 09:03:13", "受理渠道": ""},
    {"紧急程度": "", "来电类别": ""},
]


@pytest.mark.parametrize("first", MASKED)
def test_two_rows_of_a_trial_are_compared_as_in_the_run_that_follows_it(session, tiny, first):
    rows = [order(str(at), **each) for at, second in enumerate(MASKED) for each in (first, second)]
    with force_locale("en"):
        _run, foretold = bring_in(session, tiny.street.id, csv_file(rows), dry_run=True)
        _run, told = bring_in(session, tiny.street.id, csv_file(rows))
    assert [(each.verdict, each.reason) for each in foretold if each.verdict != "created"] == [
        (each.verdict, each.reason) for each in told if each.verdict != "created"
    ]
    assert len({each.verdict for each in told[1::2]} - {"unchanged", "refused"}) == 0


@pytest.mark.parametrize("community", ["", "甲社区", "乙社区"])
@pytest.mark.parametrize("before", ["", "甲社区"])
def test_a_community_is_held_against_the_one_where_the_first_row_lies(session, tiny, before, community):
    headings = ("事件编号", "受理时间", "诉求来源", "工单类型", "事发地址", "市民诉求", "所属社区")

    def row(named):
        named = named.replace("甲社区", tiny.a.name).replace("乙社区", tiny.b.name)
        return ("1", "2020-05-06 10:00:00", "电话", "投诉", "甲街道迎春路3号", "灯坏了", named)

    content = csv_file([row(before), row(community)], headings)
    _run, foretold = bring_in(session, tiny.street.id, content, dry_run=True)
    _run, told = bring_in(session, tiny.street.id, content)
    assert (foretold[1].verdict, foretold[1].reason) == (told[1].verdict, told[1].reason)
    assert foretold[1].verdict == "unchanged"


def test_a_deadline_that_is_the_one_counted_here_says_nothing_new(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("0", 办理截止时间="")]))
    due = local_day(cases(session)[0].due_at - timedelta(seconds=1)).isoformat()
    rows = [order("1", 办理截止时间=""), order("1", 办理截止时间=due)]
    assert both(session, tiny.street.id, rows)[1] == "unchanged"
