"""A list goes back as its source writes it: its columns, dates and words; what was not kept is blank."""

import io
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from app.auth.actor import OPERATOR, SERVICE
from app.core.clock import SHANGHAI
from petitions.handling import answer, holding
from petitions.history import record
from petitions.importing.export_file import open_export
from petitions.importing.picking import define, likely
from petitions.importing.profile import build, shipped
from petitions.importing.profiles import save_profile
from petitions.importing.requests import open_run, verdicts
from petitions.importing.run import run_import
from petitions.models import Case
from petitions.office import load_office
from petitions.returns import returned_columns
from petitions.tabular import FileForm
from tests.petitions.importing.files import csv_file
from tests.petitions.importing.test_picking import looked_at
from tests.petitions.test_handing_out import taken

NOW = datetime(2020, 12, 2, 8, 30, tzinfo=SHANGHAI)
HEADINGS = ("序号", "受理号", "科室", "登记日期", "处置时限", "处理状态", "诉求描述", "反映渠道")
ROWS = [
    ("1", "HX-1", "城管科", "25/11/2020 9:03", "30/11/2020", "承办中", "路灯三天不亮。", "来电"),
    ("2", "HX-2", "环卫科", "26/11/2020 9:03", "1/12/2020", "办毕", "垃圾三天没清。", "来电"),
]
WORDS = {"status": {"承办中": "open", "办毕": "ended", "再办": "open"}}
ROLES = {1: "number", 3: "received_at", 4: "due_on", 5: "status", 6: "body", 7: "channel"}


def kept(session, street, rows, **said):
    sight = looked_at(csv_file(rows, HEADINGS), "orders.csv")
    picks = replace(likely(sight, "某区", None), roles=ROLES, order="day", words=WORDS, **said)
    return save_profile(
        session, street_id=street.id, name="某区", definition=define(sight, picks), actor=OPERATOR, now=NOW
    )


def bring(session, street, profile, content):
    export = open_export(io.BytesIO(content), "orders.csv", profile.code, {profile.code: profile})
    run = open_run(session, export, street_id=street.id, dry_run=False, actor=OPERATOR, now=NOW)
    for _step in run_import(session, run, export, actor=OPERATOR, clock=lambda: NOW):
        session.flush()
    return list(session.execute(verdicts(run)))


def test_columns_dates_and_words_are_those_of_the_source_and_what_was_not_read_is_blank(session, tiny):
    profile = kept(session, tiny.street, ROWS)
    bring(session, tiny.street, profile, csv_file(ROWS[:1], HEADINGS))
    headings, row = taken(session, profile.code, FileForm.CSV)
    assert headings[:7] == list(HEADINGS[1:])
    assert headings[7:] == ["承办单位", "回复时间", "答复内容", "办理结果", "办结时间"]
    assert row[:7] == ["HX-1", "", "25/11/2020 09:03", "30/11/2020", "承办中", "路灯三天不亮。", "来电"]
    case = session.scalars(select(Case)).one()
    record(session, [holding.sign_for(case, actor=SERVICE, now=NOW)])
    record(session, [answer.submit(case, load_office(session), reason="灯已修好。", actor=SERVICE, now=NOW)])
    answered = dict(zip(*taken(session, profile.code, FileForm.CSV), strict=True))
    assert answered["答复内容"] == "灯已修好。"
    assert answered["回复时间"] == "02/12/2020 08:30"


def test_what_is_sent_back_is_read_again_as_the_same(session, tiny):
    profile = kept(session, tiny.street, ROWS)
    bring(session, tiny.street, profile, csv_file(ROWS, HEADINGS))
    headings, *rows = taken(session, profile.code, FileForm.CSV)
    told = bring(session, tiny.street, profile, csv_file(rows, headings))
    assert [(each.verdict, each.reason) for each in told] == [("unchanged", None)] * 2


def test_a_deadline_with_an_hour_keeps_it_below_dates_without_one(session, tiny):
    profile = kept(session, tiny.street, ROWS)
    late = [*ROWS[0][:4], "30/11/2020 17:30", *ROWS[0][5:]]
    wide = replace(profile, dates=(*profile.dates, "%d/%m/%Y %H:%M"))
    bring(session, tiny.street, wide, csv_file([late], HEADINGS))
    _headings, row = taken(session, profile.code, FileForm.CSV)
    assert row[3] == "2020-11-30 17:30:00"


@pytest.mark.parametrize(
    ("states", "written"),
    [(["承办中", "再办"], "ours"), (["承办中", "承办中"], "承办中"), (["办毕", ""], "ours")],
)
def test_a_status_is_written_in_the_upstream_s_word_where_there_is_one_for_it(session, tiny, states, written):
    rows = [[*row[:5], state, *row[6:]] for row, state in zip(ROWS, states, strict=True)]
    profile = kept(session, tiny.street, rows)
    bring(session, tiny.street, profile, csv_file(ROWS[:1], HEADINGS))
    _headings, row = taken(session, profile.code, FileForm.CSV)
    assert (row[4] == written) or (written == "ours" and row[4] not in {"", *WORDS["status"]})


def test_of_a_layout_that_was_written_by_hand_the_only_own_word_for_a_status_is_taken():
    said = {"source": "d", "kind": "hotline", "channel": "hotline", "required": ["number"]}
    said |= {"columns": {"number": ["号"], "body": ["文"], "status": ["态"]}}
    one = build("d", {**said, "words": {"status": {"承办": "open", "办毕": "ended", "归档": "ended"}}})
    assert (one.status_word("open"), one.status_word("ended")) == ("承办", "办毕")
    two = build("d", {**said, "words": {"status": {"承办": "open", "再办": "open"}}})
    assert (two.status_word("open"), two.status_word("ended")) == ("", "")


def test_a_layout_without_headings_has_its_roles_first_and_ours_behind():
    found = returned_columns(shipped()["wide"])
    assert found[0] == ("工单编号", "number")
    assert ("工单状态", "status") in found
    assert [role for _heading, role in found][-5:] == ["holder", "answered_at", "reply", "ending", "ended_at"]
    own = {role: choices for role, choices in shipped()["wide"].columns.items() if role != "status"}
    assert ("工单状态", "state") in returned_columns(replace(shipped()["wide"], columns=own))


def test_an_answer_stands_in_the_source_s_own_column_for_it_and_an_address_in_its_first():
    profile = shipped()["wide"]
    columns = {**profile.columns, "address": ("路", "门牌")}
    found = returned_columns(
        replace(profile, columns=columns, headings=("答复内容", "路", "门牌", "备注", "备注"))
    )
    assert found[:5] == [("答复内容", "reply"), ("路", "address"), ("门牌", ""), ("备注", ""), ("备注", "")]
    assert [heading for heading, _role in found].count("答复内容") == 1
