"""Refused rows go out as they came, with a column that says why, and are read again with the same profile."""

import csv
import io
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.models import AccountEvent
from app.auth.vocabulary import AccountAct
from app.core.errors import NotFound
from petitions.importing import mending
from petitions.importing.forgetting import forget
from petitions.importing.header_words import REASON
from petitions.importing.leaving_out import leave_out
from petitions.models import ImportRun
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import HEADINGS, NOW, counts, csv_file, order, xlsx_file
from tests.petitions.importing.sheets import WORKBOOKS
from tests.petitions.importing.test_forms import form
from tests.petitions.importing.trial import brought, hand_in, tried, went

NOTHING = {"工单标题": "", "主要内容": ""}


def refused(session: Session, run: ImportRun) -> bytes:
    stream = io.BytesIO()
    mending.write_refused(session, run, stream, actor=OPERATOR, now=NOW)
    return stream.getvalue()


def table(content: bytes, encoding: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_comes_back_in_its_encoding_and_is_read_again_once_mended(
    session: Session, tiny: TinyStreet, encoding: str
) -> None:
    rows = [order("1"), order("2", **NOTHING), order("3", 来电时间="昨天")]
    run = hand_in(session, tiny.street.id, csv_file(rows, encoding=encoding))
    done = went(session, run)
    assert counts(done) == (3, 1, 0, 0, 2)
    heads, *found = table(refused(session, done), encoding)
    assert heads == [*HEADINGS, REASON]
    assert [cells[:-1] for cells in found] == [list(map(str, rows[1])), list(map(str, rows[2]))]
    assert all(cells[-1] for cells in found)

    found[0][HEADINGS.index("主要内容")] = "没有路灯。"
    again = hand_in(session, tiny.street.id, csv_file(found, heads, encoding), dry_run=False)
    assert (again.profile, counts(again)) == (done.profile, (2, 1, 0, 0, 1))
    heads, last = table(refused(session, again), encoding)
    assert heads == [*HEADINGS, REASON]
    assert last[:-1] == list(map(str, rows[2]))


def test_the_delimiter_is_kept_and_what_begins_like_a_formula_stands_behind_an_apostrophe(
    session: Session, tiny: TinyStreet
) -> None:
    content = csv_file([order("1", 来电时间="昨天", 工单标题="=1+1")]).replace(b",", b"\t")
    run = hand_in(session, tiny.street.id, content, dry_run=False)
    [heads, cells] = table(refused(session, run), "utf-8", "\t")
    assert cells[heads.index("工单标题")] == "'=1+1"


def test_a_workbook_comes_back_as_one_with_its_numbers_and_moments(
    session: Session, tiny: TinyStreet
) -> None:
    at = datetime(2020, 6, 1, 9, 3, 12)  # noqa: DTZ001  # a cell knows no time zone
    rows = [
        order(1.0, 来电时间=at, **NOTHING),
        order("4407200601090312001", 来电时间="昨天", 工单标题="-1+1"),
    ]
    sheets = {"单": [["某市热线工单"], list(HEADINGS), *rows]}
    run = hand_in(session, tiny.street.id, xlsx_file(sheets), dry_run=False, file_name="orders.xlsx")
    assert counts(run) == (2, 0, 0, 0, 2)
    assert mending.suffix_of(run) == "xlsx"
    content = refused(session, run)
    heads, first, second = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert heads == [*HEADINGS, REASON]
    assert (first[0], first[1]) == (1.0, at)
    assert (second[0], second[4]) == ("4407200601090312001", "-1+1")
    again = hand_in(session, tiny.street.id, content, dry_run=False, file_name="mended.xlsx")
    assert (again.profile, counts(again)) == (run.profile, (2, 0, 0, 0, 2))


def test_a_profile_that_allows_no_further_column_accepts_that_of_the_reasons(
    session: Session, tiny: TinyStreet
) -> None:
    content = csv_file([("1", "修灯", ""), ("", "没有编号", "灯坏了")], ("工单编号", "诉求标题", "市民诉求"))
    run = hand_in(session, tiny.street.id, content, dry_run=False)
    assert (run.profile, run.refused) == ("town_ledger", 1)
    again = hand_in(session, tiny.street.id, refused(session, run), dry_run=False)
    assert (again.profile, counts(again)) == ("town_ledger", (1, 0, 0, 0, 1))


def test_forms_come_back_as_forms(session: Session, tiny: TinyStreet) -> None:
    book = WORKBOOKS["xlsx"]({"好": form("1"), "坏": form("2", 受理时间="昨天"), "空": form("")})
    run = hand_in(session, tiny.street.id, book, dry_run=False, file_name="forms.xlsx")
    assert counts(run) == (3, 1, 0, 0, 2)
    again = hand_in(session, tiny.street.id, refused(session, run), dry_run=False, file_name="forms.xlsx")
    assert (again.profile, counts(again)) == ("town_form", (2, 0, 0, 0, 2))


def test_rows_that_a_person_left_out_are_not_to_be_mended(session: Session, tiny: TinyStreet) -> None:
    run = tried(session, tiny.street.id, [order("1"), order("2")])
    leave_out(session, run, 2, is_out=True)
    done = went(session, run)
    assert counts(done) == (2, 1, 0, 0, 1)
    assert not mending.has_rows_to_mend(done)


def test_the_cells_lie_sealed_and_are_not_handed_out_once_forgotten(
    session: Session, tiny: TinyStreet
) -> None:
    run = brought(session, tiny.street.id, [order("1", 来电时间="昨天", 市民称呼="王小五")])
    lies = text("SELECT string_agg(import_secrets::text, '') FROM import_secrets")
    stored = session.scalars(lies).one()
    assert "王小五" not in stored
    assert "王小五".encode().hex() not in stored
    assert "王小五".encode() in refused(session, run)
    event = session.scalars(select(AccountEvent).where(AccountEvent.act == AccountAct.CASES_EXPORTED)).one()
    assert event.detail == {"import": run.id, "rows": 1}
    forget(session, run, NOW)
    with pytest.raises(NotFound):
        refused(session, run)
