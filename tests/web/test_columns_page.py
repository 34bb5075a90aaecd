"""The page of columns asks what nobody can guess, shows how rows would be read, and keeps what was said."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case, ImportProfile, ImportRun
from petitions.models.imports import RunState
from tasks.imports import run_waiting
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.web.parts import faults
from tests.web.test_imports_page import hand_in

Login = Callable[[Actor], FlaskClient]

FILE = "清单\n受理号,反映渠道,标题,诉求描述,电话\nHX-1,市长信箱,路灯不亮,三天不亮。,10000000001\n".encode(
    "gb18030"
)
SAID = {
    "row": "2",
    "name": "某区清单",
    "kind": "hotline",
    "channel": "hotline",
    "role-0": "number",
    "role-1": "channel",
    "role-2": "title",
    "role-3": "body",
    "role-4": "phone",
    "word:channel:市长信箱": "web",
}


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's hotline clerk."""
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


@pytest.fixture
def run(clerk: FlaskClient, session: Session, tiny: TinyStreet) -> ImportRun:
    """An unknown file, handed in."""
    assert hand_in(clerk, tiny.street.id, FILE, how="go")[0] == 302
    return session.scalars(select(ImportRun)).one()


def test_an_unknown_file_leads_to_its_columns_and_what_is_open_is_asked(
    clerk: FlaskClient, run: ImportRun
) -> None:
    page = clerk.get(f"/imports/{run.id}/columns").text

    assert faults(page) == []
    assert all(text in page for text in ("受理号", "市长信箱", "还需您说明", "系统还不认识这个文件的模板"))
    assert f"/imports/{run.id}/columns" in clerk.get("/imports").text


def test_as_soon_as_everything_is_said_the_first_rows_are_shown(clerk: FlaskClient, run: ImportRun) -> None:
    part = clerk.post(f"/imports/{run.id}/columns/look", data=SAID).text

    assert "前1行中，1行可以读入，0行不能" in part
    assert "还需您说明" not in part


def test_what_was_said_is_kept_and_the_file_comes_in(
    clerk: FlaskClient, run: ImportRun, session: Session, tiny: TinyStreet
) -> None:
    answer = clerk.post(f"/imports/{run.id}/columns", data=SAID)
    assert answer.location.endswith(f"/imports/{run.id}")
    assert run_waiting() == 1

    session.commit()
    case = session.scalars(select(Case)).one()
    assert (case.title, case.channel, case.source) == ("路灯不亮", "web", "某区清单")
    again = hand_in(clerk, tiny.street.id, FILE.replace(b"HX-1", b"HX-2"))
    assert again[0] == 302
    assert run_waiting() == 1
    assert clerk.get(f"/imports/{run.id}/columns").status_code == 409


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role-0": ""}, "请选出工单编号所在的列"),
        ({"role-2": "body"}, "这几列都选了它"),
        ({"word:channel:市长信箱": "?"}, "请说明这些词的含义"),
        ({"word:channel:市长信箱": "pigeon"}, "words.channel.市长信箱"),
        ({"name": ""}, "请给模板起个名称"),
        ({"name": "wide"}, "系统自带的模板已用这个名称"),
        ({"name": "7"}, "名称不能只是数字"),
        ({"kind": "letter"}, "kind"),
        ({"row": "99"}, "第99行是空的"),
        ({"role-0": "colour"}, "请选出工单编号所在的列"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_kept(
    clerk: FlaskClient, run: ImportRun, session: Session, given: dict[str, str], told: str
) -> None:
    answer = clerk.post(f"/imports/{run.id}/columns", data={**SAID, **given})

    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(select(ImportProfile)).all() == []
    assert run.state is RunState.ASKING


def test_a_column_left_out_though_it_holds_something_is_named_and_marked(
    clerk: FlaskClient, run: ImportRun
) -> None:
    whole = clerk.post(f"/imports/{run.id}/columns/look", data=SAID).text
    assert "已选用5列" in whole
    assert "is-left" not in whole

    part = clerk.post(f"/imports/{run.id}/columns/look", data={**SAID, "role-4": ""}).text
    assert "已选用4列" in part
    assert 'href="#role-4">电话</a> <span class="meta">1行中有1行填写' in part
    assert part.count("is-left") == 1


def test_rows_are_shown_while_questions_are_open(clerk: FlaskClient, run: ImportRun) -> None:
    part = clerk.post(
        f"/imports/{run.id}/columns/look", data={**SAID, "role-0": "", "word:channel:市长信箱": "?"}
    ).text
    assert "还需您说明" in part
    assert '<div class="is-open"><dt>渠道</dt><dd>市长信箱' in part
    assert "<dt>标题</dt><dd>路灯不亮" in part


def test_a_layout_that_reads_no_row_is_not_kept_and_the_commonest_reason_is_told(
    clerk: FlaskClient, run: ImportRun, session: Session
) -> None:
    said = {**SAID, "role-4": "", "role-2": "received_at"}
    answer = clerk.post(f"/imports/{run.id}/columns", data=said)

    assert answer.status_code == 422
    assert "所看的1行没有一行能读入，因此未保存" in answer.text
    assert "如第3行：标题列：“路灯不亮”不是能识别的日期" in answer.text
    assert session.scalars(select(ImportProfile)).all() == []
    assert run.state is RunState.ASKING
    assert '<div id="refused"><div class="alert' in answer.text
    again = clerk.post(f"/imports/{run.id}/columns/look", data=said).text
    assert '<div id="refused" hx-swap-oob="true"></div>' in again
    assert clerk.post(f"/imports/{run.id}/columns", data={**said, "role-2": "title"}).status_code == 302


def test_a_layout_that_refuses_some_rows_is_kept_and_says_how_many_and_why(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    rows = b"no,date,text\n1,25.2.2020,a\n2,2.25.2020,b\n3,26.2.2020,c\n4,27.2.2020,d\n"
    hand_in(clerk, tiny.street.id, rows.replace(b".", b"/"), how="go")
    run = session.scalars(select(ImportRun)).one()
    said = {"row": "1", "name": "甲", "kind": "hotline", "channel": "hotline", "order": "day"}
    said |= {"role-0": "number", "role-1": "received_at", "role-2": "body"}
    assert clerk.post(f"/imports/{run.id}/columns", data=said).status_code == 302
    page = clerk.get(f"/imports/{run.id}").text
    assert "所看的4行中，有1行将被拒收" in page
    assert "是按“日/月/年”读的，25不是月份" in page


def test_nobody_of_another_street_or_without_the_right_sees_the_file(
    run: ImportRun, session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    stranger = login_as(make_actor(session, other.street, Role.HOTLINE_CLERK))
    session.commit()

    for path in (f"/imports/{run.id}/columns", f"/imports/{run.id}/columns/look"):
        send = stranger.post if path.endswith("look") else stranger.get
        assert send(path).status_code == 404
    assert login_as(worker).get(f"/imports/{run.id}/columns").status_code == 403


def test_a_layout_goes_out_as_a_file_comes_in_elsewhere_and_is_offered_no_longer(
    clerk: FlaskClient, run: ImportRun, session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    clerk.post(f"/imports/{run.id}/columns", data=SAID)
    key = session.scalars(select(ImportProfile.id)).one()
    out = clerk.get(f"/imports/layouts/{key}.json")
    assert out.json is not None
    assert out.json["name"] == "某区清单"
    # A server sends headers in Latin-1 and nothing else.
    assert out.headers["Content-Disposition"].encode("latin-1")

    assert clerk.post(f"/imports/layouts/{key}/retire").status_code == 302
    assert "不再提供选用" in clerk.get("/imports/layouts").text

    other = make_street(session, code="440799002", name="乙街道")
    there = login_as(make_actor(session, other.street, Role.HOTLINE_CLERK))
    session.commit()
    assert there.get(f"/imports/layouts/{key}.json").status_code == 404
    data = {"street": str(other.street.id), "file": (io.BytesIO(out.data), "清单.json")}
    assert there.post("/imports/layouts", data=data).status_code == 302
    page = there.get("/imports/layouts").text
    assert faults(page) == []
    assert "某区清单" in page


@pytest.mark.parametrize("content", [b"", b"{", b'{"source": "a"}', b"PK\x03\x04"])
def test_a_file_that_is_no_layout_is_refused_in_words(
    clerk: FlaskClient, tiny: TinyStreet, content: bytes
) -> None:
    data = {"street": str(tiny.street.id), "name": "甲", "file": (io.BytesIO(content), "a.json")}
    answer = clerk.post("/imports/layouts", data=data)

    assert answer.status_code == 422
    assert "模板" in answer.text


def test_the_program_s_layouts_go_out_but_not_the_one_that_writes_into_the_past(clerk: FlaskClient) -> None:
    wide = clerk.get("/imports/layouts/wide.json").json
    assert wide is not None
    assert wide["name"] == "热线工单宽表"
    assert clerk.get("/imports/layouts/demo_export.json").status_code == 404
    assert clerk.get("/imports/layouts/nothing.json").status_code == 404
