"""The page of upstreams: who may send, and secrets that are shown once."""

from sqlalchemy import select

from app.auth.vocabulary import Role
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


def test_a_clerk_keeps_no_upstreams(session, tiny, login_as):
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    assert client.get("/upstreams").status_code == 403
