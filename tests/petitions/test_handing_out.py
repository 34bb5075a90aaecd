"""A list is handed out in the columns of the file that it came in, masked, harmless, and written down."""

import csv
import io
import resource
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE, Actor
from app.auth.models import AccountEvent
from app.auth.vocabulary import AccountAct, Role
from petitions.filters import Filters, Standing
from petitions.handing_out import hand_out
from petitions.handling import answer, holding
from petitions.history import record
from petitions.importing.profile import shipped
from petitions.models import Case
from petitions.office import load_office
from petitions.tabular import FileForm, unapostrophed, write_table
from petitions.vocabulary import Ending
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, counts, csv_file, order
from tests.web.test_guards import make_admin

Login = Callable[[Actor], FlaskClient]
LATER = NOW + timedelta(hours=1)
EVERYTHING = Filters(Standing.ALL, LATER)

RECORD = {
    "工单编号": "4407200601090312001",
    "受理时间": "2020-06-01 09:03:12",
    "事发地址": "甲街道迎春路3号",
    "工单标题": "路灯不亮",
    "主要内容": "楼下的路灯已经三天不亮。",
    "坐标系": "GCJ-02",
    "经度": "113.065",
    "纬度": "22.605",
    "受理渠道": "微信",
    "工单类型": "投诉",
    "紧急程度": "紧急",
}
APP = {
    "事件编号": "77",
    "受理时间": "2020-06-01 09:03:12",
    "诉求来源": "网站",
    "工单类型": "求助",
    "事发地址": "甲街道迎春路3号",
    "市民诉求": "楼下的路灯不亮。",
    "所属社区": "甲社区",
}
RIVER = {
    "id": "9",
    "信息来源": "e福州app",
    "性质": "投诉",
    "时间_原样": "2020-06-01 09:03:12",
    "匿名": "1",
    "标题": "河水发臭",
    "诉求内容": "河水发臭三天。",
    "区": "甲区",
    "河流": "晋安河",
}
LEDGER = {"工单编号": "5", "诉求标题": "修灯", "市民诉求": "地址：甲路3号\n事项：路灯不亮。"}
FILES = {
    "wide": csv_file([order()]),
    "demo_export": csv_file([list(RECORD.values())], list(RECORD)),
    "app": csv_file([list(APP.values())], list(APP)),
    "fuzhou_river": csv_file([list(RIVER.values())], list(RIVER)),
    "town_ledger": csv_file([list(LEDGER.values())], list(LEDGER)),
}


def taken(session: Session, layout: str | None, form: FileForm, actor: Actor = OPERATOR) -> list[list[str]]:
    """What a person sees who opens the file."""
    return read(handed(session, layout, form, actor), form)


def handed(session: Session, layout: str | None, form: FileForm, actor: Actor = OPERATOR) -> bytes:
    stream = io.BytesIO()
    hand_out(session, stream, EVERYTHING, form=form, layout=layout, actor=actor)
    return stream.getvalue()


def read(content: bytes, form: FileForm) -> list[list[str]]:
    if form is FileForm.CSV:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def settled(session: Session) -> Case:
    """The only case, answered and ended by its grid."""
    case = session.scalars(select(Case).execution_options(populate_existing=True)).one()
    record(session, [holding.sign_for(case, actor=SERVICE, now=NOW)])
    record(session, [answer.submit(case, load_office(session), reason="灯已修好。", actor=SERVICE, now=NOW)])
    return case


def test_every_shipped_profile_is_tried_here() -> None:
    assert FILES.keys() <= shipped().keys()


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("layout", FILES)
def test_what_is_sent_back_is_read_again_as_the_same(
    session: Session, tiny: TinyStreet, layout: str, form: FileForm
) -> None:
    given, _ = bring_in(session, tiny.street.id, FILES[layout], profile=layout)
    assert counts(given) == (1, 1, 0, 0, 0)
    again, told = bring_in(session, tiny.street.id, handed(session, layout, form), profile=layout, now=LATER)
    assert counts(again) == (1, 0, 0, 1, 0)
    assert told[0].reason is None


def test_the_headings_are_the_file_s_own_and_the_answer_stands_behind_them(
    session: Session, tiny: TinyStreet
) -> None:
    bring_in(session, tiny.street.id, csv_file([order()]))
    settled(session)
    headings, row = taken(session, "wide", FileForm.XLSX)
    assert set(HEADINGS) <= set(headings)
    said = dict(zip(headings, row, strict=True))
    given = dict(zip(HEADINGS, order(), strict=True))
    assert {name: said[name] for name in HEADINGS if name not in ("受理渠道", "办理截止时间")} == {
        name: given[name] for name in HEADINGS if name not in ("受理渠道", "办理截止时间")
    }
    assert said["答复内容"] == "灯已修好。"
    assert said["回复时间"] == "2020-06-02 08:30:00"
    assert (said["办理结果"], said["办结时间"]) == ("", "")
    assert said["承办单位"] == tiny.a.name


def test_an_answer_that_was_sent_back_is_none_and_an_ending_is_told_in_the_upstream_s_language(
    session: Session, tiny: TinyStreet
) -> None:
    bring_in(session, tiny.street.id, csv_file([order()]))
    case, office = settled(session), load_office(session)
    record(session, [answer.send_back(case, office, reason="没修好", actor=SERVICE, now=LATER)])
    headings, row = taken(session, "wide", FileForm.CSV)
    assert dict(zip(headings, row, strict=True))["答复内容"] == ""
    record(session, [answer.submit(case, office, reason="换了灯。", actor=SERVICE, now=LATER)])
    record(session, [answer.approve(case, office, actor=SERVICE, now=LATER)])
    call = answer.CallBack(was_reached=True, is_solved=True)
    record(session, [answer.call_back(case, call, actor=SERVICE, now=LATER)])
    record(session, [answer.settle(case, ending=Ending.SOLVED, reason="已修好。", actor=SERVICE, now=LATER)])
    said = dict(zip(headings, taken(session, "wide", FileForm.CSV)[1], strict=True))
    assert (said["答复内容"], said["办结时间"]) == ("已修好。", "2020-06-02 09:30:00")
    assert said["办理结果"]
    assert not said["办理结果"].isascii()


def test_people_are_masked_for_who_may_not_read_them(session: Session, tiny: TinyStreet) -> None:
    bring_in(session, tiny.street.id, csv_file([order(主要内容="请打13800000001找我。")]))
    settled(session)
    # The grid still sees what it has answered; the community, which looks at it now, handles it.
    for place, role, clear in (
        (tiny.a1, Role.GRID_WORKER, False),
        (tiny.a, Role.COMMUNITY_LEAD, True),
        (tiny.street, Role.HOTLINE_CLERK, True),
    ):
        headings, *rows = taken(session, "wide", FileForm.CSV, make_actor(session, place, role))
        said = dict(zip(headings, rows[0], strict=True))
        assert (said["市民称呼"] == "李四") is clear
        assert (said["联系电话"] == "10000000001") is clear
        assert ("13800000001" in said["主要内容"]) is clear


def test_only_what_lies_in_the_actor_s_reach_and_came_from_the_source_is_written(
    session: Session, tiny: TinyStreet
) -> None:
    bring_in(session, tiny.street.id, FILES["wide"])
    bring_in(session, tiny.street.id, FILES["app"])
    assert len(taken(session, "wide", FileForm.CSV)) == 2
    assert len(taken(session, None, FileForm.CSV)) == 3
    elsewhere = make_actor(session, tiny.b1, Role.GRID_WORKER)
    assert len(taken(session, "wide", FileForm.CSV, elsewhere)) == 1


INJECTED = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1+1", "=cmd|'/c calc'!A1"]


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("title", INJECTED)
def test_a_formula_in_a_case_is_text_for_whoever_opens_the_file(
    session: Session, tiny: TinyStreet, title: str, form: FileForm
) -> None:
    bring_in(session, tiny.street.id, csv_file([order(工单标题=title)]))
    content = handed(session, "wide", form)
    headings, row = read(content, form)
    shown = row[headings.index("工单标题")]
    assert shown == (f"'{title}" if form is FileForm.CSV else title)
    again, _ = bring_in(session, tiny.street.id, content, profile="wide", now=LATER)
    assert counts(again) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("text", ["'=1", "'-1", "'x", "'", "", "=1"])
def test_only_an_apostrophe_before_a_formula_is_taken_off(text: str) -> None:
    assert unapostrophed(text) == (text[1:] if text in ("'=1", "'-1") else text)


def test_a_full_disk_is_told_by_an_error_of_the_system() -> None:
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        write_table(["一"], [["二"]] * 50_000, full, FileForm.CSV)


def test_every_file_taken_out_is_written_down_and_the_auditor_reads_it(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    bring_in(session, tiny.street.id, csv_file([order(), order("2")]))
    me = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    session.commit()
    client = login_as(me)
    for path in (
        "/cases/export.csv?standing=all&layout=wide&kind=hotline",
        "/cases/export.xlsx?standing=ended",
    ):
        with client.get(path) as answer_:
            assert answer_.status_code == 200
    first, second = session.scalars(select(AccountEvent).order_by(AccountEvent.id)).all()
    assert (first.act, first.actor_id) == (AccountAct.CASES_EXPORTED, me.id)
    assert first.detail == {
        "rows": 2,
        "form": "csv",
        "layout": "wide",
        "filter": {"standing": "all", "kind": "hotline"},
    }
    assert (second.detail["rows"], second.detail["layout"]) == (0, None)
    page = login_as(make_admin(session, Role.AUDIT_ADMIN)).get("/account-events")
    for text in ("导出了案件文件", "2行", "热线工单宽表", "全部", "热线工单", me.name):
        assert text in page.text


def test_a_layout_that_is_none_is_refused_and_nothing_is_written_down(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    assert client.get("/cases/export.csv?layout=nothing").status_code == 422
    assert not session.scalars(select(AccountEvent)).all()


def test_the_list_offers_the_layouts_in_which_files_have_come(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    bring_in(session, tiny.street.id, FILES["app"])
    session.commit()
    page = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK)).get("/cases?standing=all").text
    assert "layout=app" in page
    assert "layout=wide" not in page


@pytest.mark.parametrize("form", FileForm)
def test_a_full_disk_is_one_line_for_the_person_and_nothing_is_written_down(
    session: Session, tiny: TinyStreet, login_as: Login, form: FileForm
) -> None:
    bring_in(
        session, tiny.street.id, csv_file(order(str(number), 主要内容="长" * 900) for number in range(60))
    )
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    client.get("/cases")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        answer_ = client.get(f"/cases/export.{form}?standing=all&layout=wide")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer_.status_code == 507
    assert "磁盘已满" in answer_.text
    assert not session.scalars(select(AccountEvent)).all()
