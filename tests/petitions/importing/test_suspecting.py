"""A trial tells which new orders may be known already or the same again, in the service or in the file."""

import pytest
from flask_babel import force_locale

from app.auth.actor import OPERATOR
from petitions.importing import suspecting
from petitions.importing.listing import count_of, list_rows
from petitions.models import Case, Party
from petitions.models.imports import Mark
from tests.petitions.importing.files import HEADINGS, bring_in, csv_file, order, xlsx_file
from tests.petitions.importing.trial import cases, rows_of, tried


def test_a_trial_tells_what_may_be_known_already_in_the_service_or_in_the_file(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1", 来电时间="2020-05-30 09:00:00")]))
    rows = [order("2"), order("3", 来电时间="2020-06-01 10:00:00")]
    with force_locale("en"):
        run = tried(session, tiny.street.id, rows)
    first, second = rows_of(session, run)
    known = cases(session)[0]
    assert (first.marks, first.alike_id) == ([Mark.ALIKE], known.id)
    assert known.number in (first.reason or "")
    assert "repeat" in (first.reason or "")
    assert (second.marks, second.alike_id) == ([Mark.ALIKE], None)
    assert "row 2 of this file" in (second.reason or "")
    assert len(cases(session)) == 1
    assert count_of(run, Mark.ALIKE) == list_rows(session, run, OPERATOR, Mark.ALIKE, 1).total == 2


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_trial_tells_what_may_be_known_of_every_row_whatever_chunk_it_is_in(
    session, tiny, monkeypatch, size
):
    monkeypatch.setattr("petitions.importing.run.CHUNK", size)
    rows = [
        order(str(at), 来电时间=f"2020-06-01 {10 + at}:00:00", 联系电话=f"1000000000{at % 3}")
        for at in range(9)
    ]
    with force_locale("en"):
        run = tried(session, tiny.street.id, rows)
    told = rows_of(session, run)
    assert [row.marks for row in told] == [[], *[[Mark.ALIKE]] * 8]
    assert all(f"a repeat of row {row.row - 3} of this file" in (row.reason or "") for row in told[3:])
    assert cases(session) == []


def test_it_is_looked_for_among_the_first_new_rows_only(session, tiny, monkeypatch):
    monkeypatch.setattr("petitions.importing.suspecting.MOST", 2)
    monkeypatch.setattr("petitions.importing.run.CHUNK", 1)
    rows = [order(str(at), 来电时间=f"2020-06-01 1{at}:00:00") for at in range(4)]
    run = tried(session, tiny.street.id, rows)
    assert [row.marks for row in rows_of(session, run)] == [[], [Mark.ALIKE], [], []]


def test_one_that_cannot_be_registered_hinders_no_other_in_a_later_chunk(session, tiny, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", 2)
    register = suspecting.register

    def failing(session, intakes, **given):
        if any(intake.received_at.hour == 11 for intake in intakes):
            raise ValueError
        return register(session, intakes, **given)

    monkeypatch.setattr(suspecting, "register", failing)
    rows = [order(str(at), 来电时间=f"2020-06-01 1{at}:00:00") for at in range(5)]
    run = tried(session, tiny.street.id, rows)
    assert [bool(row.marks) for row in rows_of(session, run)] == [False, False, True, True, True]
    assert run.created == 5


def test_a_row_of_another_sheet_is_named_with_its_sheet(session, tiny):
    sheets = {
        name: [HEADINGS, order(name, 来电时间=at)]
        for name, at in (("一月", "2020-06-01"), ("二月", "2020-06-02"))
    }
    with force_locale("en"):
        _run, told = bring_in(session, tiny.street.id, xlsx_file(sheets), dry_run=True)
    assert "row 一月!2 of this file" in told[1].reason


def test_the_planner_knows_of_the_rows_before_they_are_searched(session, tiny, monkeypatch):
    said, counted = [], suspecting.make_known
    monkeypatch.setattr(suspecting, "make_known", lambda *given: (said.append(given[1:]), counted(*given)))
    tried(session, tiny.street.id, [order("1"), order("2")])
    assert said == [((Case, Party), 2)]
