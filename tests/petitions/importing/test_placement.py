"""An order whose place is not found comes in all the same, and its verdict says which column is why."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from petitions.models import Case
from tests.factories.street import IN_A1
from tests.petitions.importing.files import bring_in, csv_file

HEADINGS = ("工单编号", "受理时间", "工单标题", "主要内容", "事发地址", "经度", "纬度", "坐标系")


def row(address="", lon="", lat="", datum="WGS-84"):
    return ("1", "2020-06-01 10:00:00", "修灯", "灯坏了", address, str(lon), str(lat), datum)


def outcome(session, street, *, dry_run=False, **place):
    """The verdict and its reason on one order at the place."""
    with force_locale("en"):
        content = csv_file([row(**place)], HEADINGS)
        _run, told = bring_in(session, street.id, content, profile="demo_export", dry_run=dry_run)
    return told[0].verdict, told[0].reason


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"lon": 117.0, "lat": 21.0}, ["desk", "经度", "outside this street"]),
        ({"lon": 0, "lat": 0}, ["desk", "经度", "outside this street"]),
        ({"address": "河北省石家庄市长安区建设大街1号"}, ["desk", "事发地址"]),
        ({"address": "老地方"}, ["desk", "事发地址"]),
        ({}, ["desk", "事发地址", "No place"]),
        ({"address": "迎春路3号", "lon": 117.0, "lat": 21.0}, ["经度", "outside this street"]),
    ],
)
def test_a_place_that_is_not_found_is_told_with_its_column(session, tiny, place, told, dry_run):
    verdict, reason = outcome(session, tiny.street, dry_run=dry_run, **place)
    assert verdict == "created"
    assert all(word in reason for word in told), reason


@pytest.mark.parametrize("place", [{"address": "迎春路3号"}, {"lon": IN_A1[0], "lat": IN_A1[1]}])
def test_a_place_that_is_found_needs_no_reason(session, tiny, place):
    assert outcome(session, tiny.street, **place) == ("created", None)


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("place", "column"),
    [
        ({"lon": IN_A1[1], "lat": IN_A1[0]}, "纬度"),
        ({"lon": 113, "lat": 90.1}, "纬度"),
        ({"lon": 180.1, "lat": 22}, "经度"),
        ({"lon": "nan", "lat": 22}, "经度"),
        ({"lon": 113}, "纬度"),
        ({"lat": 22}, "经度"),
        ({"lon": 113, "lat": 22, "datum": ""}, "坐标系"),
    ],
)
def test_a_point_that_is_none_is_refused_with_its_column(session, tiny, place, column, dry_run):
    verdict, reason = outcome(session, tiny.street, dry_run=dry_run, **place)
    assert verdict == "refused"
    assert column in reason
    assert session.scalars(select(Case)).all() == []
