"""Whatever stands in a file: rows in are rows created, changed, unchanged and refused, each with its line."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from petitions.models import Case
from petitions.verify import verify
from tests.petitions.importing.files import bring_in, csv_file, order

ROWS = st.lists(
    st.builds(
        lambda number, title, phone, day: order(number, 工单标题=title, 联系电话=phone, 来电时间=day),
        st.sampled_from(["", "1", "2", "3", "1.2E+18"]),
        st.sampled_from(["灯坏了", "灯还是坏的", ""]),
        st.sampled_from(["10000000001", "100****0001", ""]),
        st.sampled_from(["2020-06-01 09:00:00", "2020/6/1 9:00", "昨天", ""]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_rows_add_up_over_any_files(session, tiny, files):
    with session.begin_nested() as attempt:
        for rows in files:
            run, told = bring_in(session, tiny.street.id, csv_file(rows))
            assert run.rows == len(rows) == run.created + run.changed + run.unchanged + run.refused
            assert [each.row for each in told] == list(range(2, len(rows) + 2))
            assert all((each.number is None) == (each.verdict == "refused") for each in told)
            assert all(each.reason for each in told if each.verdict in ("refused", "changed"))
        readable = {row[0] for rows in files for row in rows if row[0] in "123" and row[0] and "0" in row[1]}
        assert session.scalar(select(func.count(Case.id))) == len(readable)
        assert verify(session).ok
        attempt.rollback()
        session.expire_all()
