"""A table that was just filled is counted anew where the planner takes it for smaller, and only there."""

from sqlalchemy import func, select, text

from app.core.bulk import insert_rows
from app.core.statistics import make_known
from app.notices.models import Notice
from tests.petitions.importing.files import NOW

KNOWN = text("SELECT reltuples FROM pg_class WHERE oid = 'notices'::regclass")


def test_rows_of_this_transaction_are_known_once_it_is_counted_and_no_sooner_counted_again(
    session, tiny, statements
):
    before = max(int(session.scalar(KNOWN)), 0)
    told = {"unit_id": tiny.street.id, "kind": "new_case", "params": {}, "urgent": False, "created_at": NOW}
    insert_rows(session, Notice, [told] * (before + 40))
    rows = session.scalar(select(func.count()).select_from(Notice))

    make_known(session, (Notice,), before + 1)
    assert session.scalar(KNOWN) == rows

    for wanted, is_counted in ((rows, False), (rows + 1, True)):
        statements.clear()
        make_known(session, (Notice,), wanted)
        assert any(statement.startswith("ANALYZE") for statement in statements) is is_counted
