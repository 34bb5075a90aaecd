"""What the platform says of an order's state is shown where it is otherwise here, and never obeyed."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from app.auth.actor import OPERATOR
from petitions.handling import closing
from petitions.history import record
from tests.petitions.importing.files import NOW, bring_in, counts, csv_file
from tests.petitions.importing.trial import cases


@pytest.mark.parametrize(
    ("word", "ended", "told"),
    [
        ("办理中", True, True),
        ("办理中", False, False),
        ("已办结", True, False),
        ("已办结", False, True),
        ("没见过的词", True, False),
        ("", True, False),
    ],
)
def test_the_state_upstream_is_told_where_it_is_otherwise_and_never_obeyed(session, tiny, word, ended, told):
    headings = ("工单编号", "来电时间", "受理渠道", "工单标题", "主要内容", "工单状态")
    row = ("1", "2020-06-01 09:03:12", "电话", "路灯不亮", "楼下的路灯不亮。", word)
    bring_in(session, tiny.street.id, csv_file([row], headings))
    case = cases(session)[0]
    if ended:
        record(session, [closing.void(case, reason="重复", actor=OPERATOR, now=NOW + timedelta(hours=1))])
    before = (case.state, case.event_count)
    with force_locale("en"):
        run, verdicts = bring_in(session, tiny.street.id, csv_file([row], headings))
    assert counts(run) == (1, 0, 0, 1, 0)
    assert (word in (verdicts[0].reason or "") and word != "") is told
    assert run.marked == ({"status": 1} if told else {})
    assert (cases(session)[0].state, cases(session)[0].event_count) == before


@pytest.mark.parametrize(
    ("word", "told"), [("已办结", True), ("办理中", False), ("没见过的词", False), ("", False)]
)
@pytest.mark.parametrize("address", ["甲街道迎春路3号", "查无此处"])
def test_a_new_order_that_has_ended_upstream_begins_here_and_is_marked_before_and_after(
    session, tiny, word, told, address
):
    headings = ("工单编号", "来电时间", "受理渠道", "工单标题", "主要内容", "事发地", "工单状态")
    row = ("1", "2020-06-01 09:03:12", "电话", "路灯不亮", "楼下的路灯不亮。", address, word)
    content = csv_file([row, row], headings)
    with force_locale("en"):
        trial, foretold = bring_in(session, tiny.street.id, content, dry_run=True)
        run, verdicts = bring_in(session, tiny.street.id, content)
    assert counts(trial) == counts(run) == (2, 1, 0, 1, 0)
    assert [each.reason for each in foretold] == [each.reason for each in verdicts]
    assert [("The platform says" in (each.reason or "")) for each in verdicts] == [told, told]
    assert trial.marked.get("status", 0) == run.marked.get("status", 0) == (2 if told else 0)
    assert cases(session)[0].ending is None
