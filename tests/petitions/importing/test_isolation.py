"""One row that cannot be taken, foreseen or not, never takes the others with it."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from petitions.models import Case, CaseEvent
from petitions.verify import verify
from tests.petitions.importing.files import bring_in, counts, csv_file, order

RECORD = ("工单编号", "受理时间", "工单标题", "主要内容", "事发地址", "坐标系")


def forbid(session, title):
    """Let the database refuse a case of this title, as no rule of the program foresees."""
    session.execute(text(f"ALTER TABLE cases ADD CONSTRAINT forbidden CHECK (title <> '{title}')"))


@pytest.mark.parametrize("size", [2, 1000])
def test_a_row_that_fails_while_it_is_written_is_refused_alone(session, tiny, size, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", size)
    bring_in(session, tiny.street.id, csv_file([order("known"), order("kept")]))
    forbid(session, "坏")
    rows = [
        *[order(str(n)) for n in range(5)],
        order("bad", 工单标题="坏"),
        order("known", 工单标题="坏"),
        order("kept", 工单标题="好"),
    ]
    run, told = bring_in(session, tiny.street.id, csv_file(rows))
    assert counts(run) == (8, 5, 1, 0, 2)
    assert [each.row for each in told if each.verdict == "refused"] == [7, 8]
    assert session.scalar(select(func.count(Case.id))) == 7
    assert session.scalar(select(func.count(CaseEvent.id))) == 8
    assert verify(session).ok


def test_a_row_at_which_the_reading_fails_is_refused_alone(session, tiny, monkeypatch):
    def choke(name, forms, column):
        raise ZeroDivisionError

    monkeypatch.setattr("petitions.importing.reading.read_moment", choke)
    run, told = bring_in(session, tiny.street.id, csv_file([order()]))
    assert counts(run) == (1, 0, 0, 0, 1)
    assert told[0].reason


def test_a_lost_database_is_no_fault_of_a_row(session, tiny, monkeypatch):
    def lose(session, *_given, **_named):
        session.execute(text("SET LOCAL statement_timeout = 1"))
        session.execute(text("SELECT pg_sleep(1)"))

    monkeypatch.setattr("petitions.importing.chunk.take_in", lose)
    with pytest.raises(OperationalError):
        bring_in(session, tiny.street.id, csv_file([order()]))


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_order_from_before_all_rules_is_refused_in_the_rehearsal_too(session, tiny, dry_run):
    rows = [
        ("1", f"{year} 10:00:00", "修灯", "灯坏了", "迎春路3号", "") for year in ("2003-12-31", "2004-01-01")
    ]
    run, told = bring_in(
        session, tiny.street.id, csv_file(rows, RECORD), profile="demo_export", dry_run=dry_run
    )
    assert counts(run) == (2, 1, 0, 0, 1)
    assert told[0].verdict == "refused"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_deadline_that_stands_for_none_is_refused_in_the_rehearsal_too(session, tiny, dry_run):
    rows = [order("1", 办理截止时间="9999-12-31"), order("2")]
    run, told = bring_in(session, tiny.street.id, csv_file(rows), dry_run=dry_run)
    assert counts(run) == (2, 1, 0, 0, 1)
    assert "办理截止时间" in told[0].reason
