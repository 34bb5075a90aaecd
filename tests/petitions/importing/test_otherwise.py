"""Rows whose file says otherwise than what is kept have a mark, counted and shown as the others."""

import pytest

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from petitions.importing.listing import list_rows
from petitions.models.imports import Mark
from tests.factories.street import make_actor
from tests.petitions.importing.files import bring_in, csv_file, order
from tests.petitions.importing.trial import brought, rows_of, tried


@pytest.mark.parametrize(
    ("said", "is_otherwise"),
    [
        ({}, False),
        ({"联系电话": "100****0001"}, False),
        ({"联系电话": "100****0009"}, True),
        ({"市民称呼": "李*"}, False),
        ({"市民称呼": "王*"}, True),
        ({"来电时间": "2020-06-01 09:03:12"}, False),
        ({"来电时间": "2020-06-01 09:03:13"}, True),
        ({"受理渠道": "微信"}, True),
        ({"工单标题": "改过"}, False),
        ({"工单标题": "改过", "受理渠道": "微信"}, True),
        ({"来电时间": "昨天", "受理渠道": "微信"}, False),
    ],
)
def test_what_is_kept_though_the_file_says_otherwise_is_marked(session, tiny, said, is_otherwise):
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    for bring in (tried, brought):
        run = bring(session, tiny.street.id, [order("1", **said)])
        assert (Mark.OTHERWISE in rows_of(session, run)[0].marks) is is_otherwise
        assert run.marked.get("otherwise", 0) == is_otherwise


def test_its_rows_have_a_tab_with_their_count(session, tiny, login_as):
    bring_in(session, tiny.street.id, csv_file([order("1"), order("2"), order("3")]))
    rows = [order("1", 受理渠道="微信"), order("2"), order("3", 市民称呼="王*")]
    run = tried(session, tiny.street.id, rows)
    shown = list_rows(session, run, OPERATOR, Mark.OTHERWISE, 1)
    assert (shown.total, [each.row.row for each in shown.items]) == (2, [2, 4])
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    page = clerk.get(f"/imports/{run.id}?verdict=otherwise").text
    assert '与文件不一致，保留原值 <span class="num">2</span>' in page
    assert (
        "verdict=otherwise"
        not in clerk.get(f"/imports/{brought(session, tiny.street.id, [order('2')]).id}").text
    )
