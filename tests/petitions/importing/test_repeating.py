"""An unchanged row that repeats another one of its file says which; a trial and the going tell the same."""

import pytest

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from petitions.importing.forgetting import forget
from petitions.importing.listing import list_rows
from tests.factories.street import make_actor
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, csv_file, order, xlsx_file
from tests.petitions.importing.trial import brought, hand_in, tried


def same_as(session, run, actor=OPERATOR):
    rows = list_rows(session, run, actor, None, 1).items
    return [shown.first if shown.row.verdict == "unchanged" else None for shown in rows]


ROWS = [
    order("1"),
    order("2"),
    order("1"),
    order("1", 工单标题="别的"),
    order("1"),
    order("3", 来电时间="昨天"),
]
TOLD = [None, None, "2", None, "2", None]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_the_first_row_of_a_new_order_is_named(session, tiny, chunk, monkeypatch):
    monkeypatch.setattr("petitions.importing.run.CHUNK", chunk)
    assert same_as(session, tried(session, tiny.street.id, ROWS)) == TOLD
    assert same_as(session, brought(session, tiny.street.id, ROWS)) == TOLD


def test_that_of_a_known_order_is_named_and_a_row_like_what_is_kept_repeats_none(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1"), order("2")]))
    rows = [order("2"), order("1"), order("1"), order("1", 联系电话="100****0001")]
    for dry_run in (True, False):
        run = hand_in(session, tiny.street.id, csv_file(rows), dry_run=dry_run)
        assert same_as(session, run) == [None, None, "3", "3"]


def test_a_refused_row_is_no_first(session, tiny):
    rows = [order("1", 来电时间="昨天"), order("1"), order("1")]
    assert same_as(session, tried(session, tiny.street.id, rows)) == [None, None, "3"]


def test_a_row_in_another_sheet_is_named_by_it(session, tiny):
    sheets = {name: [list(HEADINGS), order("1")] for name in ("一月", "二月")}
    run = hand_in(session, tiny.street.id, xlsx_file(sheets), file_name="orders.xlsx")
    assert same_as(session, run) == [None, "一月!2"]


def test_once_it_is_forgotten_what_rows_say_the_first_is_still_named(session, tiny):
    trial, done = tried(session, tiny.street.id, ROWS), brought(session, tiny.street.id, ROWS)
    for run in (trial, done):
        forget(session, run, NOW)
        assert same_as(session, run) == TOLD


def test_a_row_that_is_refused_beside_the_first_names_it_too(session, tiny):
    rows = list_rows(session, tried(session, tiny.street.id, ROWS), OPERATOR, None, 1).items
    assert [shown.first for shown in rows] == [None, None, "2", "2", "2", None]


def test_the_row_and_its_order_stand_on_the_page(session, tiny, login_as):
    run = tried(session, tiny.street.id, ROWS)
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    page = clerk.get(f"/imports/{run.id}?verdict=unchanged").text
    assert page.count("与本文件第2行相同") == 2
    assert page.count("<b>路灯不亮</b>") == 2
