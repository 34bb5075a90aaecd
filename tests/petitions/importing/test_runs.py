"""Importing again: what is known is compared, field by field, and never doubled."""

from datetime import date, timedelta
from itertools import count

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.auth.actor import SERVICE
from app.core.secrecy import vault
from petitions.clocks import UPSTREAM
from petitions.handling import closing
from petitions.history import record
from petitions.models import Case, CaseEvent, Party
from petitions.rules.deadlines import due_moment
from petitions.verify import verify
from petitions.vocabulary import CaseState, Ending, OrderType, Urgency, Verb
from tests.factories.cases import make_case
from tests.factories.street import make_street
from tests.petitions.importing.files import NOW, bring_in, counts, csv_file, order


def only_case(session):
    return session.scalars(select(Case).execution_options(populate_existing=True)).one()


def events(session):
    return session.scalars(select(CaseEvent).order_by(CaseEvent.seq)).all()


def test_an_order_becomes_a_routed_case_with_both_clocks_its_event_and_its_reporter(session, tiny):
    run, told = bring_in(session, tiny.street.id, csv_file([order()]))
    case = only_case(session)
    assert [tuple(each) for each in told] == [(2, None, "created", case.number, case.id, None)]
    assert case.holder_id == tiny.a1.id
    assert (case.due_at, case.due_rule) == (due_moment(date(2020, 6, 10)), UPSTREAM)
    assert case.tier_due_at is not None
    assert [event.verb for event in events(session)] == [Verb.REGISTER]
    assert session.scalars(select(Party)).one().phone_hash == vault().digest("10000000001")
    assert (run.started_at, run.finished_at) == (NOW, NOW)


def test_the_same_file_twice_changes_nothing(session, tiny):
    content = csv_file([order(str(number)) for number in range(5)])
    bring_in(session, tiny.street.id, content)
    again, told = bring_in(session, tiny.street.id, content)
    assert counts(again) == (5, 0, 0, 5, 0)
    assert all(each.number for each in told)
    assert session.scalar(select(func.count(CaseEvent.id))) == 5


@pytest.mark.parametrize(
    ("heading", "value", "column", "kept_as"),
    [
        ("工单标题", "路灯不亮(补)", "title", "路灯不亮(补)"),
        ("主要内容", "已经五天不亮。", "body", "已经五天不亮。"),
        ("事发地", "甲街道迎春路4号", "address", "甲街道迎春路4号"),
        ("问题分类名称", "路灯照明", "category", "路灯照明"),
        ("办理截止时间", "2020-06-12", "due_at", due_moment(date(2020, 6, 12))),
        ("来电类别", "求助", "order_type", OrderType.HELP),
        ("紧急程度", "特急", "urgency", Urgency.MAJOR),
    ],
)
def test_a_row_that_changed_since_is_one_recorded_change(session, tiny, heading, value, column, kept_as):
    bring_in(session, tiny.street.id, csv_file([order()]))
    holder = only_case(session).holder_id
    run, told = bring_in(session, tiny.street.id, csv_file([order(**{heading: value})]))
    case = only_case(session)
    assert counts(run) == (1, 0, 1, 0, 0)
    assert told[0].reason
    assert getattr(case, column) == kept_as
    assert case.holder_id == holder
    change = events(session)[-1]
    assert (change.verb, change.seq) == (Verb.UPDATE, 2)
    assert column in change.changes
    assert change.detail == {"import": run.id, "row": 2}
    assert verify(session).ok


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("来电时间", "2020-06-01 09:03:13", "moment of receipt"),
        ("受理渠道", "微信", "channel"),
    ],
)
def test_what_stands_since_the_registration_is_kept_and_the_verdict_says_that_the_file_differs(
    session, tiny, heading, value, told
):
    bring_in(session, tiny.street.id, csv_file([order()]))
    before = only_case(session)
    kept = (before.received_at, before.channel)
    with force_locale("en"):
        run, verdicts = bring_in(session, tiny.street.id, csv_file([order(**{heading: value})]))
    after = only_case(session)
    assert counts(run) == (1, 0, 0, 1, 0)
    assert told in verdicts[0].reason
    assert (after.received_at, after.channel) == kept


@pytest.mark.parametrize(
    ("given", "told"), [({"lon": "113.066"}, "point"), ({"datum": "WGS-84"}, "point"), ({}, None)]
)
def test_another_point_is_told_and_not_taken_over(session, tiny, given, told):
    headings = ("工单编号", "受理时间", "工单标题", "主要内容", "事发地址", "经度", "纬度", "坐标系")

    def bring(lon="113.065", datum="GCJ-02"):
        row = ("1", "2020-05-06 10:00:00", "修灯", "灯坏了", "迎春路3号", lon, "22.605", datum)
        return bring_in(session, tiny.street.id, csv_file([row], headings), profile="demo_export")

    with force_locale("en"):
        bring()
        run, verdicts = bring(**given)
    assert counts(run) == (1, 0, 0, 1, 0)
    assert verdicts[0].reason == (told and f"Kept, though the file says otherwise: {told}.")


@pytest.mark.parametrize(
    ("name", "told"), [("甲社区", None), ("甲", None), ("", None), ("乙社区", "community")]
)
def test_another_community_is_told_and_not_taken_over(session, tiny, name, told):
    headings = ("事件编号", "受理时间", "诉求来源", "工单类型", "事发地址", "市民诉求", "所属社区")

    def bring(community):
        row = ("1", "2020-05-06 10:00:00", "电话", "投诉", "迎春路3号", "灯坏了", community)
        return bring_in(session, tiny.street.id, csv_file([row], headings))

    with force_locale("en"):
        bring(tiny.a.name)
        run, verdicts = bring(name.replace("甲", tiny.a.name.removesuffix("社区")))
    assert counts(run) == (1, 0, 0, 1, 0)
    assert verdicts[0].reason == (told and f"Kept, though the file says otherwise: {told}.")


def test_the_deadline_of_an_ended_case_is_kept_and_told(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order()]))
    case = only_case(session)
    record(session, [closing.withdraw(case, reason="已修好", actor=SERVICE, now=NOW)])
    with force_locale("en"):
        run, verdicts = bring_in(session, tiny.street.id, csv_file([order(办理截止时间="2020-06-30")]))
    assert run.unchanged == 1
    assert "deadline" in verdicts[0].reason


def test_an_urgency_that_is_blank_now_stays_as_it_is(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(紧急程度="特急")]))
    run, _ = bring_in(session, tiny.street.id, csv_file([order(紧急程度="", 受理渠道="", 来电类别="")]))
    assert counts(run) == (1, 0, 0, 1, 0)
    assert only_case(session).urgency is Urgency.MAJOR


def test_a_column_that_is_blank_now_takes_nothing_away(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order()]))
    emptied = order(事发地="", 问题分类名称="", 办理截止时间="", 市民称呼="", 联系电话="")
    run, _ = bring_in(session, tiny.street.id, csv_file([emptied]))
    assert counts(run) == (1, 0, 0, 1, 0)


def test_a_masked_value_never_replaces_a_clear_one_and_the_verdict_says_so(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(主要内容="请打10000000001。")]))
    masked = order(主要内容="请打100****0001。", 市民称呼="李*", 联系电话="100****0001")
    run, told = bring_in(session, tiny.street.id, csv_file([masked]))
    assert counts(run) == (1, 0, 0, 1, 0)
    assert told[0].reason
    party = session.scalars(select(Party)).one()
    assert (party.name, party.phone) == ("李四", "10000000001")


def test_a_clear_phone_replaces_a_masked_one_and_stands_in_the_history_only_as_digests(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(联系电话="100****0001")]))
    run, _ = bring_in(session, tiny.street.id, csv_file([order(联系电话="10000000001")]))
    party = session.scalars(select(Party).execution_options(populate_existing=True)).one()
    assert counts(run) == (1, 0, 1, 0, 0)
    assert (party.phone, party.phone_hash) == ("10000000001", vault().digest("10000000001"))
    detail = events(session)[-1].detail
    assert "10000000001" not in str(detail)
    assert [str(value)[:5] for value in detail["phone"]] == ["hmac:", "hmac:"]


def test_a_reporter_named_later_is_added(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(市民称呼="", 联系电话="")]))
    assert session.scalar(select(func.count(Party.id))) == 0
    run, _ = bring_in(session, tiny.street.id, csv_file([order()]))
    assert run.changed == 1
    assert session.scalars(select(Party)).one().name == "李四"


def test_what_the_street_has_done_is_not_undone(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order()]))
    case = only_case(session)
    record(session, [closing.withdraw(case, reason="已修好", actor=SERVICE, now=NOW)])
    late = order(工单标题="已回访", 办理截止时间="2020-06-30")
    run, _ = bring_in(session, tiny.street.id, csv_file([late]))
    case = only_case(session)
    assert run.changed == 1
    assert (case.state, case.ending, case.title) == (CaseState.CLOSED, Ending.WITHDRAWN, "已回访")
    assert case.due_at == due_moment(date(2020, 6, 10))
    assert verify(session).ok


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_dry_run_gives_the_verdicts_of_the_run_and_writes_no_case(session, tiny, size, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", size)
    bring_in(session, tiny.street.id, csv_file([order("known")]))
    rows = [
        order("known", 工单标题="改过"),
        order("known"),
        order("new"),
        order("new", 联系电话="100****0001"),
        order("new", 工单标题="改过"),
        order("new", 工单标题="改过"),
        order("", 工单标题="没有编号"),
    ]
    before = session.scalar(select(func.count(CaseEvent.id)))
    rehearsed, foretold = bring_in(session, tiny.street.id, csv_file(rows), dry_run=True)
    assert session.scalar(select(func.count(CaseEvent.id))) == before
    done, told = bring_in(session, tiny.street.id, csv_file(rows))
    assert counts(rehearsed) == counts(done) == (7, 1, 1, 1, 4)
    assert [each.verdict for each in foretold] == [each.verdict for each in told]
    # Of new orders the dry run also tells which known ones they may repeat.
    assert [each.reason for each in foretold if each.verdict != "created"] == [
        each.reason for each in told if each.verdict != "created"
    ]


def test_an_order_of_another_street_is_refused_without_telling_its_case(session, tiny):
    other = make_street(session, "440799002", "乙街道")
    bring_in(session, other.street.id, csv_file([order()]))
    run, told = bring_in(session, tiny.street.id, csv_file([order(工单标题="改过")]))
    assert counts(run) == (1, 0, 0, 0, 1)
    assert (told[0].number, told[0].case_id) == (None, None)
    assert only_case(session).title == "路灯不亮"


def test_every_chunk_is_registered_at_its_own_moment(session, tiny, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", 2)
    ticks = count()
    run, _ = bring_in(
        session,
        tiny.street.id,
        csv_file([order(str(number)) for number in range(4)]),
        clock=lambda: NOW + timedelta(minutes=next(ticks)),
    )
    moments = session.scalars(select(Case.registered_at).order_by(Case.id)).all()
    assert run.started_at < moments[0] == moments[1] < moments[2] == moments[3] < run.finished_at


def test_a_thousand_at_once_leave_the_same_rows_as_one_by_one(session, tiny):
    other = make_street(session, "440799002", "乙街道")
    rows = [
        order(str(n), 事发地=f"迎春路{n % 90}号", 来电类别=("投诉", "求助", "咨询")[n % 3])
        for n in range(1000)
    ]
    bring_in(session, tiny.street.id, csv_file(rows))
    at_once = session.scalars(select(Case).order_by(Case.id)).all()
    one_by_one = [make_case(session, other.street.id, now=NOW, **_given(case)) for case in at_once]
    assert [_shape(case, tiny) for case in at_once] == [_shape(case, other) for case in one_by_one]


def _given(case):
    same = ("title", "body", "address", "order_type", "received_at", "category", "persons_present")
    return {name: getattr(case, name) for name in same} | {"upstream_due_at": due_moment(date(2020, 6, 10))}


def _shape(case, street):
    """What does not depend on the street's own keys: the number's end, where it lies by name, its clocks."""
    names = {getattr(street, name).id: name for name in ("street", "a", "b", "a1", "a2", "b1")}
    places = [names.get(unit) for unit in (case.street_id, case.community_id, case.grid_id, case.holder_id)]
    columns = Case.__table__.columns.keys()
    own = {"id", "number", "source", "source_number", "head_hash", "route_candidates", "point"}
    plain = [name for name in columns if name not in own and not name.endswith("_id")]
    return (case.number[9:], *places, *(getattr(case, name) for name in plain))
