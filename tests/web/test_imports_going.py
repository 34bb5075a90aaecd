"""The pages of an import: tried first, rows left out, gone, cancelled, undone, mended; and who may not."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.db import database_now
from petitions.handling import attention
from petitions.history import record
from petitions.importing.export_file import open_export
from petitions.importing.pieces import open_kept
from petitions.importing.profiles import profile_of
from petitions.importing.run import run_import
from petitions.models import Case, ImportRun
from petitions.models.imports import RunState
from tasks.imports import run_waiting
from tasks.undo_imports import undo_waiting
from tests.factories.street import TinyStreet, make_actor, make_street
from tests.petitions.importing.files import bring_in, csv_file, order
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's hotline clerk."""
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


@pytest.fixture
def run(clerk: FlaskClient, session: Session, tiny: TinyStreet) -> ImportRun:
    """A file of sixty new orders, one of them without its number, that was tried."""
    rows = [order(str(number), 工单标题=f"路灯{number}") for number in range(60)]
    return handed_in(clerk, session, tiny, [*rows, order("")])


def handed_in(
    client: FlaskClient, session: Session, tiny: TinyStreet, rows: list[list[object]], **more: str
) -> ImportRun:
    file = (io.BytesIO(csv_file(rows)), "orders.csv")
    answer = client.post("/imports", data={"street": str(tiny.street.id), "file": file, **more})
    assert answer.status_code == 302
    run_waiting()
    return latest(session)


def latest(session: Session) -> ImportRun:
    newest = select(ImportRun).order_by(ImportRun.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one()


def test_a_file_is_tried_unless_it_is_to_go_at_once(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    assert handed_in(clerk, session, tiny, [order("1")]).state is RunState.TRIED
    assert handed_in(clerk, session, tiny, [order("1")], how="go").state is RunState.DONE


def test_the_trial_shows_its_rows_by_what_would_become_of_them(clerk: FlaskClient, run: ImportRun) -> None:
    page = clerk.get(f"/imports/{run.id}").text
    assert faults(page) == []
    assert "确认导入" in page
    for word, count in (("created", 60), ("refused", 1), ("alike", run.marked["alike"])):
        narrowed = clerk.get(f"/imports/{run.id}?verdict={word}&page=1").text
        assert narrowed.count('<td class="text-end num">') == min(count, 50)
        assert faults(narrowed) == []
    assert clerk.get(f"/imports/{run.id}?verdict=nonsense").status_code == 200


def test_the_choice_of_rows_survives_paging_and_is_what_goes(
    clerk: FlaskClient, session: Session, run: ImportRun
) -> None:
    for row in (2, 61):
        answer = clerk.post(f"/imports/{run.id}/rows/{row}", data={"out": "1"})
        assert answer.status_code == 200
    assert "剔除2行" in answer.text
    assert clerk.get(f"/imports/{run.id}").text.count(" checked") == 1
    assert clerk.get(f"/imports/{run.id}?page=2").text.count(" checked") == 1
    assert clerk.post(f"/imports/{run.id}/rows/2").status_code == 200

    assert clerk.post(f"/imports/{run.id}/go").status_code == 302
    assert clerk.post(f"/imports/{run.id}/go").status_code == 409
    run_waiting()
    done = latest(session)
    assert (done.created, done.refused, done.marked["left_out"]) == (59, 2, 1)
    page = clerk.get(f"/imports/{done.id}").text
    assert "撤销整次导入" in page
    assert f"/imports/{done.id}/refused" in page
    assert clerk.post(f"/imports/{run.id}/rows/3", data={"out": "1"}).status_code == 409


def test_a_trial_that_is_dropped_or_forgotten_says_so_and_goes_no_more(
    clerk: FlaskClient, run: ImportRun
) -> None:
    assert clerk.post(f"/imports/{run.id}/drop").status_code == 302
    assert "已试算并放弃" in clerk.get(f"/imports/{run.id}").text
    for act in ("go", "drop", "cancel"):
        answer = clerk.post(f"/imports/{run.id}/{act}")
        assert answer.status_code == 409
        assert "Traceback" not in answer.text


def test_a_waiting_import_is_cancelled_once(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, run: ImportRun
) -> None:
    clerk.post(f"/imports/{run.id}/go")
    waiting = latest(session)
    assert "取消" in clerk.get(f"/imports/{waiting.id}").text
    assert clerk.post(f"/imports/{waiting.id}/cancel").status_code == 302
    assert clerk.post(f"/imports/{waiting.id}/cancel").status_code == 409
    assert run_waiting() == 0
    assert session.scalars(select(Case)).all() == []


def test_a_file_is_being_read_until_its_rows_are_known_and_a_cancel_keeps_how_far_it_came(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petitions.importing.run.CHUNK", 2)
    file = (io.BytesIO(csv_file([order(str(number)) for number in range(5)])), "orders.csv")
    clerk.post("/imports", data={"street": str(tiny.street.id), "file": file})
    run = latest(session)
    waits = clerk.get(f"/imports/{run.id}/progress").text
    assert "在排队或读取中" in waits
    assert "行数" not in waits

    profile = profile_of(session, run)
    export = open_export(open_kept(session, run.id), run.file_name, profile.code, {profile.code: profile})
    steps = run_import(session, run, export, actor=OPERATOR, clock=lambda: database_now(session))
    next(steps)
    begun = clerk.get(f"/imports/{run.id}/progress").text
    assert "文件共6行，正在读取开头部分" in begun
    assert "行数" not in begun
    next(steps)
    assert "文件共6行（含表头），已到第3行" in clerk.get(f"/imports/{run.id}/progress").text

    clerk.post(f"/imports/{run.id}/cancel")
    assert next(steps, None) is None
    page = clerk.get(f"/imports/{run.id}").text
    assert "文件共6行（含表头），已到第3行" in page
    assert latest(session).rows == 2


def test_an_import_is_undone_with_a_reason_and_shown_so(
    clerk: FlaskClient, session: Session, run: ImportRun
) -> None:
    clerk.post(f"/imports/{run.id}/go")
    run_waiting()
    done = latest(session)
    assert clerk.post(f"/imports/{done.id}/undo").location.endswith(f"/imports/{done.id}")
    assert "请写明理由" in clerk.get(f"/imports/{done.id}").text
    assert clerk.post(f"/imports/{done.id}/undo", data={"reason": "传错了"}).status_code == 302
    page = clerk.get(f"/imports/{done.id}").text
    assert "正在撤销" in page
    assert "传错了" in page
    assert "撤销整次导入" not in page
    assert faults(page) == []
    assert "正在撤销" in clerk.get("/imports").text
    assert "HX-Refresh" not in clerk.get(f"/imports/{done.id}/undo").headers
    clerk.post(f"/imports/{done.id}/undo", data={"reason": "再来"})
    assert "已经在撤销中" in clerk.get(f"/imports/{done.id}").text
    assert undo_waiting() == 1
    assert clerk.get(f"/imports/{done.id}/undo").headers["HX-Refresh"] == "true"
    page = clerk.get(f"/imports/{done.id}").text
    assert "已撤销" in page
    assert "60件" in page
    assert "正在撤销" not in clerk.get("/imports").text
    void = session.scalars(select(Case)).first()
    assert void
    shown = clerk.get(f"/cases/{void.number}").text
    assert "本件已作废：不计时限" in shown
    assert "按期" not in shown
    clerk.post(f"/imports/{done.id}/undo", data={"reason": "再来"})
    assert "没有可以撤销的内容" in clerk.get(f"/imports/{done.id}").text
    assert {case.source_number for case in session.scalars(select(Case))} == {None}


def test_an_undo_that_is_refused_says_on_the_page_with_which_cases_somebody_has_gone_on(
    clerk: FlaskClient, session: Session, run: ImportRun
) -> None:
    clerk.post(f"/imports/{run.id}/go")
    run_waiting()
    done, touched = latest(session), session.scalars(select(Case).order_by(Case.id)).first()
    assert touched
    record(session, [attention.note(touched, text="已联系", actor=OPERATOR, now=database_now(session))])
    session.commit()
    clerk.post(f"/imports/{done.id}/undo", data={"reason": "传错了"})
    undo_waiting()
    page = clerk.get(f"/imports/{done.id}").text
    assert f'<a href="/cases/{touched.number}">{touched.number}</a>' in page
    assert "撤销整次导入" in page
    assert faults(page) == []
    assert latest(session).state is RunState.DONE


def test_refused_rows_are_taken_out_under_the_name_of_their_file(clerk: FlaskClient, run: ImportRun) -> None:
    with clerk.get(f"/imports/{run.id}/refused") as answer:
        assert answer.status_code == 200
        assert "orders-" in answer.headers["Content-Disposition"]
        assert len(answer.data.decode().splitlines()) == 2


@pytest.mark.parametrize("act", ["go", "drop", "cancel", "undo", "rows/2"])
def test_nobody_of_another_street_or_without_the_right_decides(
    session: Session, tiny: TinyStreet, login_as: Login, run: ImportRun, act: str
) -> None:
    stranger = make_actor(session, make_street(session, "440799002", "乙街道").street, Role.HOTLINE_CLERK)
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    session.commit()
    for who, status in ((stranger, 404), (worker, 403)):
        answer = login_as(who).post(f"/imports/{run.id}/{act}", data={"reason": "x", "out": "1"})
        assert answer.status_code == status
    assert login_as(stranger).get(f"/imports/{run.id}/refused").status_code == 404
    session.refresh(run)
    assert run.state is RunState.TRIED


def test_the_page_of_all_imports_is_narrowed_by_state(clerk: FlaskClient, run: ImportRun) -> None:
    assert run.sha256[:12] in clerk.get("/imports?state=tried").text
    for state in ("done", "undone"):
        page = clerk.get(f"/imports?state={state}").text
        assert run.sha256[:12] not in page
        assert faults(page) == []
    assert run.sha256[:12] in clerk.get("/imports?state=nonsense&page=7").text


def test_the_page_says_that_the_same_file_came_in_before_and_leads_there(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    first = handed_in(clerk, session, tiny, [order("1")], how="go")
    assert "同一文件曾于" not in clerk.get(f"/imports/{first.id}").text
    again = handed_in(clerk, session, tiny, [order("1")])
    page = clerk.get(f"/imports/{again.id}").text
    assert "同一文件曾于" in page
    assert f'href="/imports/{first.id}"' in page
    assert faults(page) == []


def test_the_import_of_a_street_out_of_reach_is_not_told_on_the_page(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    other = make_street(session, "440799002", "乙街道")
    bring_in(session, other.street.id, csv_file([order("1")]))
    session.commit()
    run = handed_in(clerk, session, tiny, [order("1")])
    assert "同一文件曾于" not in clerk.get(f"/imports/{run.id}").text


def test_the_first_of_two_rows_with_one_number_can_be_left_out_though_it_is_unchanged(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    handed_in(clerk, session, tiny, [order("1")], how="go")
    run = handed_in(clerk, session, tiny, [order("1"), order("1", 工单标题="改过")])
    page = clerk.get(f"/imports/{run.id}").text
    assert f'hx-post="/imports/{run.id}/rows/2"' in page
    assert f'hx-post="/imports/{run.id}/rows/3"' not in page
    assert clerk.post(f"/imports/{run.id}/rows/2", data={"out": "1"}).status_code == 200
    clerk.post(f"/imports/{run.id}/go")
    run_waiting()
    assert [
        case.title for case in session.scalars(select(Case).execution_options(populate_existing=True))
    ] == ["改过"]


def test_the_page_of_a_case_says_that_its_import_was_taken_back(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    run = handed_in(clerk, session, tiny, [order("1")], how="go")
    clerk.post(f"/imports/{run.id}/undo", data={"reason": "传错了文件"})
    undo_waiting()
    number = session.scalars(select(Case.number)).one()
    page = clerk.get(f"/cases/{number}").text
    assert f"撤销第{run.id}号导入" in page
    assert "上级平台更新" not in page
