"""The reader agrees with the truth about every row of thousands of random files, and the import with both."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from app.core.clock import SHANGHAI
from petitions.importing.export_file import open_export
from petitions.importing.reading import ReadRow, RowReader
from petitions.verify import verify
from tests.factories.street import TinyStreet
from tests.petitions.importing.dirt import DIRT, NUMBER, Made, Truth, files
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, order
from tests.petitions.importing.sheets import FORMS, WORKBOOKS, Failed, Sheet

ANY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def read(content: bytes) -> dict[str, ReadRow]:
    """Every row of the file by where a person finds it."""
    export = open_export(io.BytesIO(content), "orders")
    reader, table = RowReader(export.layout), export.layout.table
    return {table.place(at) or str(at): reader.read(at, cells, NOW) for at, cells in reader.rows()}


def told(row: ReadRow) -> Truth:
    """What was read, as the truth says it."""
    if row.intake is None:
        assert row.refused
        return Truth("refused")
    (party,) = row.intake.parties
    return Truth(
        "created",
        str(row.number),
        row.intake.title,
        row.intake.body,
        str(party.phone),
        row.intake.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    )


@settings(max_examples=1_000, deadline=None, suppress_health_check=ANY)
@given(files())
def test_every_row_of_any_file_is_read_as_it_is(session: Session, made: Made) -> None:
    assert {place: told(row) for place, row in read(made.content).items()} == made.truth


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DIRT)
def test_every_defect_alone_is_judged_in_every_form(session: Session, form: str, name: str) -> None:
    cells, truth = DIRT[name](str(NUMBER))
    rows = read(FORMS[form]({"工单": Sheet([HEADINGS, cells])}))
    assert {place: told(row) for place, row in rows.items()} == ({"2": truth} if truth else {})


@settings(max_examples=60, deadline=None, suppress_health_check=ANY)
@given(files())
def test_the_import_and_its_trial_give_each_row_the_verdict_of_the_truth(
    session: Session, tiny: TinyStreet, made: Made
) -> None:
    with session.begin_nested() as attempt:
        _trial, foretold = bring_in(session, tiny.street.id, made.content, dry_run=True)
        run, rows = bring_in(session, tiny.street.id, made.content)
        assert [row.verdict for row in foretold] == [row.verdict for row in rows]
        assert {row.place or str(row.row): row.verdict for row in rows} == {
            place: truth.imported for place, truth in made.truth.items()
        }
        assert run.rows == run.created + run.unchanged + run.refused == len(made.truth)
        assert verify(session).ok
        attempt.rollback()
        session.expire_all()


@pytest.mark.parametrize("form", WORKBOOKS)
def test_a_value_merged_over_rows_stands_in_each_and_a_number_so_merged_is_refused(
    session: Session, form: str
) -> None:
    at = HEADINGS.index("市民称呼")
    rows = [HEADINGS, order("1"), order("2", 市民称呼=""), order("", 市民称呼="")]
    content = WORKBOOKS[form]({"工单": Sheet(rows, merges=[(1, at, 3, at), (2, 0, 3, 0)])})
    found = read(content)
    assert [row.intake and row.intake.parties[0].name for row in found.values()] == ["李四", "李四", None]
    assert "3" in str(found["4"].refused)


@pytest.mark.parametrize("form", WORKBOOKS)
def test_headings_in_two_rows_some_of_them_merged_are_read_as_one(session: Session, form: str) -> None:
    two = ("市民称呼", "联系电话")
    upper = ["诉求人" if name == two[0] else "" if name == two[1] else name for name in HEADINGS]
    lower = [name if name in two else "" for name in HEADINGS]
    left = HEADINGS.index(two[0])
    merges = [(1, at, 2, at) for at, name in enumerate(HEADINGS) if name not in two]
    title = ["工单表", *[""] * (len(HEADINGS) - 1)]
    sheet = Sheet([title, upper, lower, order("1")], merges=[(0, 0, 0, 11), (1, left, 1, left + 1), *merges])
    found = read(WORKBOOKS[form]({"工单": sheet}))
    assert list(found) == ["4"]
    assert told(found["4"]) == Truth("created", "1")


@pytest.mark.parametrize("form", FORMS)
def test_a_formula_that_failed_beside_the_orders_is_no_hindrance(session: Session, form: str) -> None:
    content = FORMS[form]({"工单": Sheet([[*HEADINGS, "超期"], [*order("1"), Failed()]])})
    assert told(read(content)["2"]) == Truth("created", "1")


@pytest.mark.parametrize("form", WORKBOOKS)
def test_a_column_that_a_second_sheet_lacks_or_has_elsewhere_does_no_harm(
    session: Session, form: str
) -> None:
    fewer = [name for name in reversed(HEADINGS) if name != "紧急程度"]
    row = dict(zip(HEADINGS, order("2"), strict=True))
    sheets = {
        "一月": Sheet([HEADINGS, order("1", 紧急程度="特急")]),
        "二月": Sheet([["标题"], fewer, [row[name] for name in fewer]]),
    }
    found = read(WORKBOOKS[form](sheets))
    assert {place: told(row) for place, row in found.items()} == {
        "一月!2": Truth("created", "1"),
        "二月!3": Truth("created", "2"),
    }
    assert [row.intake and row.intake.urgency for row in found.values()] == ["major", "normal"]
