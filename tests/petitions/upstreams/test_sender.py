"""The layout that an upstream may send in: its own where one was set, and never one that registers."""

import pytest

from app.auth.actor import OPERATOR
from app.core.clock import now
from app.core.errors import Invalid
from petitions.models import Upstream
from petitions.upstreams.keeping import create_upstream
from petitions.upstreams.sender import layout_for


@pytest.mark.parametrize(
    ("own", "asked", "layout"),
    [
        ("wide", None, "wide"),
        ("wide", "wide", "wide"),
        (None, "wide", "wide"),
        (None, None, None),
        ("wide", "web_table", Invalid),
        ("wide", "no such", Invalid),
        (None, "demo_export", Invalid),
        ("demo_export", None, Invalid),
    ],
)
def test_an_upstream_sends_in_its_own_layout_and_never_registers(session, tiny, own, asked, layout):
    upstream = Upstream(street_id=tiny.street.id, profile=own)
    if layout is Invalid:
        with pytest.raises(Invalid):
            layout_for(session, upstream, asked)
    else:
        found = layout_for(session, upstream, asked)
        assert (found.name if found else None) == layout


def test_no_upstream_is_made_for_a_layout_that_registers(session, tiny):
    given = {"street_code": tiny.street.code, "actor": OPERATOR, "now": now()}
    create_upstream(session, code="p-1", name="甲", profile="wide", **given)
    with pytest.raises(Invalid):
        create_upstream(session, code="p-2", name="甲", profile="demo_export", **given)
