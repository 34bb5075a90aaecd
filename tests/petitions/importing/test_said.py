"""Which order a row of an import is: told on its page while it is kept, and then as the case says it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.auth.actor import OPERATOR, SERVICE
from app.auth.vocabulary import Role
from petitions.escalation import escalate
from petitions.history import record
from petitions.importing.listing import list_rows
from petitions.importing.said import Said
from petitions.models import ImportSecret
from petitions.office import load_office
from tasks.imports import forget_due
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import bring_in, csv_file, order
from tests.petitions.importing.trial import brought, cases, tried, went

CLEAR = ("路灯坏了请致电13800138000", "甲街道迎春路3号13900139000")
MASKED = ("路灯坏了请致电138****8000", "甲街道迎春路3号139****9000")
ROW = order("1", 工单标题=CLEAR[0], 事发地=CLEAR[1])


def said(session, run, actor=OPERATOR):
    return [shown.said for shown in list_rows(session, run, actor, None, 1).items]


def test_a_new_row_of_a_trial_says_its_order_with_numbers_masked_for_everybody(session, tiny):
    run = tried(session, tiny.street.id, [ROW])
    assert said(session, run) == [Said("1", *MASKED, [])]
    assert said(session, run, make_actor(session, tiny.street, Role.HOTLINE_CLERK)) == said(session, run)


def test_a_refused_row_says_its_order_as_far_as_its_cells_do(session, tiny):
    bad = {"来电时间": "昨天"}
    rows = [
        order("1", 工单标题=CLEAR[0], **bad),
        order("2", 工单标题="", **bad),
        order("", 工单标题="", 主要内容=""),
    ]
    run = tried(session, tiny.street.id, rows)
    first, second, third = said(session, run)
    assert first == Said("1", MASKED[0], None)
    assert (second.number, third.number) == ("2", None)
    assert {second.title, third.title} == {"—"}


def test_only_new_rows_of_a_trial_keep_it(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1"), order("2")]))
    run = tried(session, tiny.street.id, [order("1"), order("2", 工单标题="改"), order("3"), order("")])
    done = brought(session, tiny.street.id, [order("4")])
    kept = select(ImportSecret.run_id, ImportSecret.row).where(ImportSecret.said.is_not(None))
    assert session.execute(kept).all() == [(run.id, 4)]
    assert done.created == 1


def test_nothing_of_it_lies_in_clear(session, tiny):
    tried(session, tiny.street.id, [ROW])
    beside = "FROM import_rows JOIN import_secrets USING (run_id, row)"
    lies = text(f"SELECT string_agg(import_rows::text || import_secrets::text, '') {beside}")
    stored = session.scalars(lies).one()
    assert not any(word in stored or word.encode().hex() in stored for word in CLEAR)


def test_it_is_forgotten_with_the_file(session, tiny):
    run = tried(session, tiny.street.id, [ROW])
    run.kept_until = session.scalar(select(func.now())) - timedelta(seconds=1)
    session.flush()
    assert forget_due() == 1
    assert said(session, run) == [None]


@pytest.mark.parametrize(
    ("columns", "is_one"), [("said", True), ("difference, said", False), ("cells, said", False)]
)
def test_a_row_keeps_one_secret(session, tiny, columns, is_one):
    run = tried(session, tiny.street.id, [order("1")])
    session.execute(text("DELETE FROM import_secrets"))
    values = ", ".join("'x'" for _name in columns.split(", "))
    insert = text(f"INSERT INTO import_secrets (run_id, row, {columns}) VALUES (:run, 2, {values})")
    if is_one:
        session.execute(insert, {"run": run.id})
        return
    with pytest.raises(IntegrityError, match="one_secret"), session.begin_nested():
        session.execute(insert, {"run": run.id})


def test_a_row_of_a_finished_import_says_what_its_case_says_as_lists_mask_it(session, tiny):
    done = went(session, tried(session, tiny.street.id, [order("1", 工单标题=CLEAR[0])]))
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    assert [each.title for each in said(session, done, worker)] == [CLEAR[0]]
    case = cases(session)[0]
    office = load_office(session, [tiny.street.id])
    later = case.tier_due_at + timedelta(seconds=1)
    record(session, [escalate(case, office, actor=SERVICE, now=later)])
    assert [each.title for each in said(session, done, worker)] == [MASKED[0]]
    assert [each.title for each in said(session, done)] == [CLEAR[0]]


def test_what_lies_outside_the_reach_is_not_said(session, tiny):
    done = brought(session, tiny.street.id, [ROW])
    other = make_street(session, "440799002", "乙街道").street
    shown = list_rows(session, done, make_actor(session, other, Role.HOTLINE_CLERK), None, 1).items[0]
    assert (shown.said, shown.number) == (None, None)


def test_a_row_that_repeats_one_of_a_trial_says_its_order_as_well(session, tiny):
    run = tried(session, tiny.street.id, [ROW, ROW])
    assert said(session, run) == [Said("1", *MASKED, [])] * 2
