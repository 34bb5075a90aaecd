"""Rows refused for a word or a date that the layout does not read are marked and lead to the columns."""

import pytest
from flask_babel import force_locale

from app.auth.vocabulary import Role
from petitions.importing.dates import read_moment
from petitions.importing.fault import RowFault, Unread
from tests.factories.street import make_actor
from tests.petitions.importing.files import order
from tests.petitions.importing.trial import brought, rows_of, tried

DAY_FIRST = ("%Y-%m-%d", "%d/%m/%Y")


@pytest.mark.parametrize(
    ("text", "forms", "is_so"),
    [
        ("昨天\n前天", DAY_FIRST, True),
        ("1/2/2020", (*DAY_FIRST, "%m/%d/%Y"), True),
        ("1/25/2020", DAY_FIRST, True),
        ("2020-25-01", DAY_FIRST, False),
        ("日期2020-25-01", (*DAY_FIRST, "日期%Y-%m-%d"), False),
        ("31/2/2020", DAY_FIRST, False),
        ("1/2/1999", DAY_FIRST, False),
    ],
)
def test_a_date_is_unread_where_another_form_may_read_it(text, forms, is_so):
    with force_locale("en"), pytest.raises(RowFault) as refused:
        read_moment(text, forms, "来电时间")
    assert isinstance(refused.value, Unread) is is_so


def test_rows_with_an_unknown_word_or_date_are_marked_and_those_without_their_content_are_not(session, tiny):
    rows = [
        order("1", 受理渠道="市长信箱"),
        order("2", 来电时间="昨天"),
        order("3", 工单标题="", 主要内容=""),
        order("4", 联系电话="1.38E+10"),
        order("5"),
    ]
    done = tried(session, tiny.street.id, rows)
    assert [row.marks for row in rows_of(session, done)] == [["unread"], ["unread"], [], [], []]
    assert (done.created, done.refused, done.marked) == (1, 4, {"unread": 2})


def test_the_link_stands_beside_such_a_row_of_a_trial_and_not_once_the_file_is_gone(session, tiny, login_as):
    rows = [order("1", 受理渠道="市长信箱"), order("2", 工单标题="", 主要内容=""), order("3")]
    trial, done = tried(session, tiny.street.id, rows), brought(session, tiny.street.id, rows)
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    link = f'<a href="/imports/{trial.id}/columns">更正列的含义</a>'
    page = clerk.get(f"/imports/{trial.id}?verdict=refused").text
    before, after = page.split("市长信箱", 1)
    assert (before.count("/columns"), after.count("/columns")) == (1, 1)
    assert clerk.get(f"/imports/{trial.id}/columns").status_code == 200
    assert "/columns" not in clerk.get(f"/imports/{done.id}?verdict=refused").text
    assert link in page
