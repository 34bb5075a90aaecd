"""The public notice of a grid, the list of open work to hand over, and leave on the page of a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core import clock
from app.core.clock import local_day
from grid.models import Posting
from tests.factories.cases import make_case
from tests.factories.street import IN_A1, IN_A2, TinyStreet, make_actor, make_street
from tests.web.test_guards import make_person

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def leader(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The street's leader at a browser."""
    return login_as(make_actor(session, tiny.street, Role.STREET_LEADER))


def test_the_notice_names_the_lanes_of_each_side_the_people_and_the_telephone(
    session: Session, tiny: TinyStreet, leader: FlaskClient
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    session.execute(Posting.__table__.update().where(Posting.user_id == worker.id).values(duty="grid_head"))
    url = f"/units/{tiny.a1.code}/notice"
    assert leader.post(f"/units/{tiny.a1.code}/telephone", data={"telephone": "0750-1234567"}).location == url
    html = leader.get(url).text
    for said in (tiny.a1.name, tiny.a.name, "迎春路", "测试员", "网格长", "0750-1234567"):
        assert said in html
    # The whole street has the one telephone.
    assert "0750-1234567" in leader.get(f"/units/{tiny.b1.code}/notice").text


def test_a_telephone_too_long_to_be_one_is_refused_and_others_do_not_keep_it(
    session: Session, tiny: TinyStreet, leader: FlaskClient, login_as: Login
) -> None:
    session.commit()
    url = f"/units/{tiny.a1.code}/telephone"
    for telephone in ("1" * 41, "很多文字"):
        assert leader.post(url, data={"telephone": telephone}).status_code == 422
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    assert clerk.post(url, data={"telephone": "1"}).status_code == 403


def test_a_notice_is_of_a_grid_in_reach(session: Session, tiny: TinyStreet, leader: FlaskClient) -> None:
    other = make_street(session, "440799002", "乙街道")
    for code in (tiny.a.code, other.a1.code, "x"):
        assert leader.get(f"/units/{code}/notice").status_code == 404


def test_the_hand_over_lists_what_the_unit_holds_and_nothing_of_others(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    now = clock.now()
    given = {"received_at": now, "now": now, "datum": "wgs84"}
    mine = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], **given)
    theirs = make_case(session, tiny.street.id, lon=IN_A2[0], lat=IN_A2[1], **given)
    worker = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    html = worker.get(f"/units/{tiny.a1.code}/handover").text
    assert mine.number in html
    assert theirs.number not in html
    assert worker.get(f"/units/{tiny.a2.code}/handover").status_code == 404


def test_a_leave_is_entered_on_the_page_of_a_person(
    session: Session, tiny: TinyStreet, login_as: Login
) -> None:
    admin = login_as(make_person(session, tiny, Role.SYSTEM_ADMIN))
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    make_actor(session, tiny.a2, Role.GRID_WORKER, "standin")
    posting = session.scalars(select(Posting).where(Posting.user_id == worker.id)).one()
    today = local_day(clock.now())
    first, last = today + timedelta(days=7), today + timedelta(days=9)
    url = f"/people/{worker.id}/postings/{posting.id}/leave"
    session.commit()
    sent = {"first_day": first.isoformat(), "last_day": last.isoformat(), "stand_in": "standin"}
    assert admin.post(url, data={**sent, "stand_in": "nobody"}).status_code == 404
    assert admin.post(url, data={"first_day": first.isoformat()}).status_code == 422
    assert admin.post(url, data=sent).status_code == 302
    rows = session.scalars(select(Posting).where(Posting.unit_id == tiny.a1.id)).all()
    assert len(rows) == 3
    assert str(first) in admin.get(f"/people/{worker.id}").text
