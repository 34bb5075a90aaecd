"""The upstream's deadline: with its hour where the order names one, else to the end of its day."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.core.clock import SHANGHAI
from petitions.models import Case
from petitions.rules.deadlines import due_moment
from tests.petitions.importing.files import bring_in, csv_file, order


@pytest.mark.parametrize(
    ("written", "due_at"),
    [
        ("2020-06-10", due_moment(date(2020, 6, 10))),
        ("2020-06-10 00:00:00", due_moment(date(2020, 6, 10))),
        ("2020-06-10 00:01:00", datetime(2020, 6, 10, 0, 1, tzinfo=SHANGHAI)),
        ("2020-06-10 18:00:00", datetime(2020, 6, 10, 18, tzinfo=SHANGHAI)),
        ("2020-06-10 23:58:59", datetime(2020, 6, 10, 23, 58, 59, tzinfo=SHANGHAI)),
        ("2020-06-10 23:59:00", due_moment(date(2020, 6, 10))),
        ("2020-06-10 23:59:59", due_moment(date(2020, 6, 10))),
    ],
)
def test_a_deadline_keeps_the_hour_that_the_order_names(session, tiny, written, due_at):
    bring_in(session, tiny.street.id, csv_file([order("1", 办理截止时间=written)]))
    case = session.scalars(select(Case)).one()
    assert (case.due_at, case.due_raw_on) == (due_at, date(2020, 6, 10))
    assert case.inner_due_at == due_moment(date(2020, 6, 9))
    run, _rows = bring_in(session, tiny.street.id, csv_file([order("1", 办理截止时间=written)]))
    assert (run.changed, run.unchanged) == (0, 1)
