"""What an upstream is told of what it sent, and the office of who sent it; nobody else is told anything."""

from sqlalchemy import select

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.clock import now
from petitions.models import CaseEvent, ImportRow
from petitions.upstreams import keeping
from tasks.imports import run_waiting
from tests.factories.street import make_actor, make_street
from tests.web.push.sending import ORDERS, PATH


def test_every_row_is_told_with_the_number_of_its_order_also_refused_or_only_tried(send):
    sent = [ORDERS[0], ORDERS[1] | {"来电时间": "昨天"}]
    for query in ("?dry_run=1", ""):
        (told,) = send(sent, path=PATH + query).json["runs"]
        run_waiting()
        shown = send(path=told["url"], method="GET").json["verdicts"]
        assert [row["verdict"] for row in shown] == ["created", "refused"]
        assert [row["order"] for row in shown] == [order["工单编号"] for order in sent]


def test_only_why_a_row_was_refused_is_told(session, send):
    send(ORDERS)
    run_waiting()
    changed, bad = ORDERS[0] | {"主要内容": "楼下的路灯又亮了。"}, ORDERS[1] | {"工单编号": ""}
    (told,) = send([changed, bad]).json["runs"]
    run_waiting()
    query = select(ImportRow.reason).where(ImportRow.run_id == told["id"])
    assert all(session.scalars(query))
    shown = send(path=told["url"], method="GET").json["verdicts"]
    assert [(row["verdict"], bool(row["case"]), bool(row["reason"])) for row in shown] == [
        ("changed", True, False),
        ("refused", False, True),
    ]


def test_who_sent_it_stands_on_the_page_and_in_the_history(session, send, tiny, login_as):
    send(ORDERS)
    run_waiting()
    assert set(session.scalars(select(CaseEvent.actor_name))) == {"市平台"}
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    assert "市平台" in clerk.get("/imports").text


def test_nobody_asks_for_what_another_sent(session, client, send, tiny):
    (told,) = send(ORDERS).json["runs"]
    far = make_street(session, code="440799002", name="乙街道")
    _row, other = keeping.create_upstream(
        session,
        code="other",
        name="别的",
        street_code=far.street.code,
        profile=None,
        actor=OPERATOR,
        now=now(),
    )
    session.commit()
    path = f"/api/push/other/runs/{told['id']}"
    assert send(path=path, method="GET", key=other).status_code == 404
    assert client.get(told["url"]).status_code == 401
