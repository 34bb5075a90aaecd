"""A real city's orders: all of them come in, by nine channels, and a second time nothing changes."""

import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.clock import SHANGHAI
from grid.vocabulary import RouteMethod
from petitions.models import Case
from petitions.vocabulary import Channel
from tests.petitions.importing.files import bring_in, counts

SHARED = Path(os.environ.get("DINGFEN_SHARED", Path(__file__).parents[4] / "shared"))
FILE = SHARED / "data/fuzhou-12345-river/fuzhou_12345_1464_redacted.csv"

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="real data is absent: set DINGFEN_SHARED to the folder that holds data/"
)


def test_every_order_is_taken_once_whatever_its_channel_or_form_of_date(session, tiny):
    content, now = FILE.read_bytes(), datetime(2021, 1, 1, tzinfo=SHANGHAI)
    first, _ = bring_in(session, tiny.street.id, content, now=now)
    assert (first.profile, counts(first)) == ("fuzhou_river", (1464, 1464, 0, 0, 0))
    cases = session.scalars(select(Case)).all()
    assert Counter(case.channel for case in cases) == {
        Channel.WEB: 764,
        Channel.HOTLINE: 530,
        Channel.CITY_APP: 69,
        Channel.WECHAT: 33,
        Channel.HOTLINE_APP: 26,
        Channel.QQ: 23,
        Channel.SMS: 8,
        Channel.WEIBO: 7,
        Channel.EMAIL: 4,
    }
    assert {case.route_method for case in cases} == {RouteMethod.DESK}
    assert {case.holder_id for case in cases} == {tiny.street.id}
    assert (min(case.received_at for case in cases).year, max(case.received_at for case in cases).year) == (
        2006,
        2020,
    )
    second, _ = bring_in(session, tiny.street.id, content, now=now)
    assert counts(second) == (1464, 0, 0, 1464, 0)
