"""Rows refused for a word or a date that the layout does not read lead to the columns, in both languages."""

import pytest
from flask_babel import force_locale

from app.auth.vocabulary import Role
from petitions.importing import fault
from petitions.importing.correctable import is_correctable
from tests.factories.street import make_actor
from tests.petitions.importing.files import order
from tests.petitions.importing.trial import brought, tried

DAY_FIRST = ("day", "month", "year")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("reason", "is_so"),
    [
        (lambda: fault.unknown_word("受理渠道", "市长信箱"), True),
        (lambda: fault.unreadable_date("来电时间", "昨天\n前天", "2026-01-31"), True),
        (lambda: fault.ambiguous_date("来电时间", "1/2/2020"), True),
        (lambda: fault.no_such_month("来电时间", "1/25/2020", DAY_FIRST, 25), True),
        (lambda: fault.no_such_month("来电时间", "2020-25-1", ("year", "month", "day"), 25), False),
        (lambda: fault.no_such_day("来电时间", "31/2/2020", DAY_FIRST, 31), False),
        (lambda: fault.missing("工单编号"), False),
        (lambda: fault.bad_point("经度"), False),
    ],
)
def test_only_what_another_explanation_of_the_columns_may_read_is_such(app, language, reason, is_so):
    with app.app_context():
        with force_locale(language):
            told = str(reason())
        assert is_correctable(told) is is_so
        assert is_correctable(None) is False


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
