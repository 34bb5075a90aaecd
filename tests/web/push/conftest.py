"""A platform that sends to the street, and how it signs."""

import json

import pytest

from app.auth.actor import OPERATOR
from app.core.clock import now
from petitions.upstreams import keeping
from tests.web.push.sending import PATH, sign


@pytest.fixture
def secret(session, tiny):
    made = keeping.create_upstream(
        session,
        code="city-12345",
        name="市平台",
        street_code=tiny.street.code,
        profile="wide",
        actor=OPERATOR,
        now=now(),
    )
    session.commit()
    return made[1]


@pytest.fixture
def send(client, secret):
    def send(body=b"", *, path=PATH, method="POST", key=secret, late=0, name="", headers=None, **given):
        body = json.dumps(body).encode() if isinstance(body, list | dict) else body
        kind = {"content_type": "application/json"} | given
        made = sign(body, path, method, key, int(now().timestamp()) - late, name, kind["content_type"])
        return client.open(path, method=method, data=body, headers=made | (headers or {}), **kind)

    return send
