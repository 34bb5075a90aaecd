"""The page of upstreams: who may send, and secrets that are shown once."""

from sqlalchemy import select

from app.auth.vocabulary import Role
from app.core.clock import now
from petitions.importing.profile import definition_of, shipped
from petitions.importing.profiles import save_profile
from petitions.models import Upstream
from tests.factories.street import make_actor
from tests.web.test_guards import make_admin


def test_the_secret_is_kept_sealed_and_shown_once(session, tiny, login_as):
    client = login_as(make_admin(session, Role.SYSTEM_ADMIN))
    session.commit()
    form = {"code": "p-1", "name": "平台", "street": tiny.street.code, "profile": ""}
    page = client.post("/upstreams", data=form).text
    secret = session.scalars(select(Upstream)).one().secret
    assert secret in page
    assert secret not in client.get("/upstreams").text
    raw = session.connection().exec_driver_sql("SELECT secret FROM upstreams").scalar_one()
    assert secret.encode() not in bytes(raw)
    again = client.post("/upstreams/p-1/rotate").text
    assert secret not in again
    assert client.post("/upstreams", data=form).status_code == 422
    assert client.post("/upstreams", data={**form, "code": "A B", "street": "1"}).status_code == 422
    assert client.post("/upstreams/nobody/rotate").status_code == 404


def test_a_layout_that_the_street_has_made_may_be_chosen_for_it(session, tiny, login_as):
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    own = dict(definition_of(shipped()["wide"]))
    save_profile(session, street_id=tiny.street.id, name="区平台表", definition=own, actor=clerk, now=now())
    client = login_as(make_admin(session, Role.SYSTEM_ADMIN))
    session.commit()
    page = client.get("/upstreams").text
    assert f'value="区平台表">区平台表 · {tiny.street.name}<' in page
    assert "demo_export" not in page
    form = {"code": "p-1", "name": "平台", "street": tiny.street.code, "profile": "区平台表"}
    assert client.post("/upstreams", data=form).status_code == 200
    assert session.scalars(select(Upstream.profile)).all() == ["区平台表"]


def test_a_clerk_keeps_no_upstreams(session, tiny, login_as):
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    assert client.get("/upstreams").status_code == 403
